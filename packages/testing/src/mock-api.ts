import { loopbackServer, type LoopbackServer, type ReceivedRequest } from './loopback-server.ts';
import { accountOf, describeRequest, type Unexpected } from './mock/account.ts';
import type { Answer } from './mock/answer.ts';
import { withAuth, type MockAuth } from './mock/auth.ts';
import { collection, type CollectionOptions } from './mock/collection.ts';
import { failTest } from './mock/fail-test.ts';
import { faultsOf, withFaults, type FaultRule, type Faults } from './mock/faults.ts';
import type { Handler } from './mock/handler.ts';
import { withLatency, type Latency } from './mock/latency.ts';
import { emptyScript } from './mock/script.ts';
import { withServerClock } from './mock/server-clock.ts';
import type { Reply, ReplyHeaders } from './reply.ts';

export interface MockApiOptions {
  /**
   * What every request has to prove, but those for a token.
   *
   * @default nothing
   */
  readonly auth?: MockAuth;
  /**
   * Milliseconds before every answer, or the two bounds between which chance chooses them.
   *
   * @default 0
   */
  readonly latency?: Latency;
  /**
   * Milliseconds by which the clock of the server is ahead; below 0, behind. It is seen in the header `Date` and in
   * every header that is given as a `Date`, such as `Retry-After`.
   *
   * @default 0
   */
  readonly clockSkew?: number;
  /**
   * All chance follows from this number.
   *
   * @default 2026
   */
  readonly seed?: number;
  /**
   * Whether the end of its scope fails the test as `verify` does.
   *
   * @default true
   */
  readonly strict?: boolean;
}

/** A real HTTP server on the loopback interface that answers what the test told it to. */
export interface MockApi extends LoopbackServer {
  /** Every request received, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** The requests that neither a route nor the script had an answer for, or whose route threw: answered with 400. */
  readonly unexpected: readonly ReceivedRequest[];

  /**
   * Adds one reply to the script. A request that no route takes gets the next reply of the script.
   *
   * @example
   * api.reply(503).reply(200, [{ id: 1 }]).reply({ fault: { kind: 'reset' } });
   */
  reply(status: number, body?: unknown, headers?: ReplyHeaders): MockApi;
  reply(reply: Reply): MockApi;

  /**
   * Answers all requests for one route. Several answers are given in order, and the last of them from then on. Where
   * two routes fit a request, the one declared last takes it.
   *
   * @example
   * api.on('GET /issues', { body: [] });
   * api.on('GET /issues/:id', ({ params }) => ({ body: { id: params.id } }));
   */
  on(route: string, ...answers: readonly [Answer, ...Answer[]]): MockApi;

  /**
   * Serves a list on a route, page by page. A parameter that makes no sense is answered with 400.
   *
   * @example
   * api.collection('GET /v1/issues', {
   *   items: issues,
   *   recordsPath: '$.data[*]',
   *   paging: { kind: 'cursor', from: '$.next_cursor', pageSize: 50 },
   *   since: { param: 'since', field: 'updated_at' },
   * });
   * @throws TypeError for options that do not fit together
   */
  collection(route: string, options: CollectionOptions): MockApi;

  /**
   * Lets the requests that a rule chooses meet a fault; several faults are met in turn. A reply with a status stands in
   * for the answer, which is not asked for: what is in the script stays there. Any other spoils the answer on its way.
   *
   * @example
   * api.fault({ at: 3 }, { status: 429, headers: { 'retry-after': 1 } });
   * api.fault({ rate: 0.3, inARow: 2 }, { status: 503 }, { fault: { kind: 'reset' } });
   * @throws TypeError for a rule that no request could fit
   */
  fault(rule: FaultRule, ...faults: readonly [Reply, ...Reply[]]): MockApi;

  /**
   * Throws when a request came that nothing answers, or an answer or a fault was not used. The end of the scope does
   * it too, unless the test has done so itself or is not `strict`.
   *
   * @throws MockApiError
   */
  verify(): void;
}

/** The API was not used as the test said. The message lists all of it. */
export class MockApiError extends Error {
  override readonly name = 'MockApiError';
}

/**
 * Starts a mock API.
 *
 * @example
 * await using api = await mockApi();
 * api.reply(503).reply(200, [{ id: 1 }]);
 */
export const mockApi = async (options: MockApiOptions = {}): Promise<MockApi> => {
  const { auth, latency = 0, clockSkew = 0, seed = 2026, strict = true } = options;
  const requests: ReceivedRequest[] = [];
  const refused: Unexpected[] = [];
  const unexpected: ReceivedRequest[] = [];
  const faults: Faults[] = [];
  const script = emptyScript();
  let verified = false;

  const answer: Handler = async (request) => {
    let reason = 'no route fits and the script has no reply left.';
    try {
      const reply = await script.answer(request);
      if (reply !== undefined) return reply;
    } catch (error) {
      reason = `the route threw ${String(error)}`;
    }
    refused.push({ number: requests.indexOf(request) + 1, request, reason });
    unexpected.push(request);
    return { status: 400, body: { error: `${describeRequest(request)}: ${reason}` } };
  };
  const faulty = withFaults(faults, auth ? withAuth(auth, answer) : answer);
  const respond = withServerClock(clockSkew, withLatency(latency, seed, faulty));

  const server = await loopbackServer((request) => {
    requests.push(request);
    return respond(request);
  });

  const failure = (): MockApiError | undefined => {
    verified = true;
    const account = accountOf(script, refused, faults, seed);
    return account === undefined ? undefined : new MockApiError(account);
  };

  const api: MockApi = {
    ...server,
    requests,
    unexpected,
    reply(first: number | Reply, body?: unknown, headers: ReplyHeaders = {}) {
      script.reply(typeof first === 'number' ? { status: first, body, headers } : first);
      return api;
    },
    on(route, ...answers) {
      script.on(route, answers);
      return api;
    },
    collection(route, list) {
      script.on(route, [collection(list)]);
      return api;
    },
    fault(rule, ...all) {
      faults.push(faultsOf(rule, all, seed + faults.length));
      return api;
    },
    verify() {
      const error = failure();
      if (error) throw error;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      const error = strict && !verified ? failure() : undefined;
      if (error) await failTest(error);
    },
  };
  return api;
};
