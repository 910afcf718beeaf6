import { loopbackServer, type LoopbackServer, type ReceivedRequest } from './loopback-server.ts';
import type { Reply, ReplyHeaders } from './reply.ts';
import { parseRoute, type Route, type RouteParams } from './route.ts';

/** A request that a route took, with the values of the route's `:name` segments. */
export interface RoutedRequest extends ReceivedRequest {
  readonly params: RouteParams;
}

/** A ready reply, or a function that makes one from the request. */
export type Answer = Reply | ((request: RoutedRequest) => Reply | Promise<Reply>);

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
}

/**
 * Starts a mock API.
 *
 * @example
 * await using api = await mockApi();
 * api.reply(503).reply(200, [{ id: 1 }]);
 */
export const mockApi = async (): Promise<MockApi> => {
  const requests: ReceivedRequest[] = [];
  const unexpected: ReceivedRequest[] = [];
  const script: Reply[] = [];
  const routes: { readonly route: Route; readonly answers: Answer[] }[] = [];

  const refuse = (request: ReceivedRequest, reason: string): Reply => {
    unexpected.push(request);
    return { status: 400, body: { error: `${describe(request)}: ${reason}` } };
  };

  const answer = async (request: ReceivedRequest): Promise<Reply> => {
    requests.push(request);
    for (const { route, answers } of routes) {
      const params = route(request.method, request.path);
      const chosen = params && (answers.length > 1 ? answers.shift() : answers[0]);
      if (chosen === undefined || params === undefined) continue;
      if (typeof chosen !== 'function') return chosen;
      try {
        return await chosen({ ...request, params });
      } catch (error) {
        return refuse(request, `the route threw ${String(error)}`);
      }
    }
    return script.shift() ?? refuse(request, 'no route fits and the script has no reply left.');
  };

  const api: MockApi = {
    ...(await loopbackServer(answer)),
    requests,
    unexpected,
    reply(first: number | Reply, body?: unknown, headers: ReplyHeaders = {}) {
      script.push(typeof first === 'number' ? { status: first, body, headers } : first);
      return api;
    },
    on(route, ...answers) {
      routes.unshift({ route: parseRoute(route), answers: [...answers] });
      return api;
    },
  };
  return api;
};

const describe = ({ method, path, query }: ReceivedRequest): string =>
  `${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`;
