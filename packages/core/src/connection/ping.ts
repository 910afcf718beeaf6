import type { ClientRequest, IncomingMessage } from 'node:http';
import { openAgents } from '../http/agents.ts';
import { compose } from '../http/compose.ts';
import { Deadlines } from '../http/deadlines.ts';
import { tellExchanges } from '../http/exchanges.ts';
import { refusal } from '../http/refusal.ts';
import { replaceable } from '../http/replaceable-wire.ts';
import type { ResponseRule } from '../http/response-rule.ts';
import { openAnswer } from '../http/streaming/open-answer.ts';
import { streamBody } from '../http/streaming/stream-body.ts';
import type { HttpHeaders, HttpRequest, Policy, Send } from '../http/types.ts';
import { judge } from '../http/verdict.ts';
import type { HttpOptions } from '../http/client.ts';
import type { WireOptions } from '../http/wire.ts';

/** What became of one request over a connection of its own. */
export interface PingReport {
  /** Whether an answer came, whatever its status. */
  readonly reachable: boolean;
  /** The status of the answer, redirects not followed. */
  readonly status?: number;
  readonly milliseconds: PingTimes;
  /** Why no answer came, or why the one that came is a failure: to be thrown by whoever needs the API. */
  readonly error?: Error;
}

/** How long each step took. A step that was not reached, or not necessary, is not there. */
export interface PingTimes {
  /** To resolve the host name. Not there for an address. */
  readonly dns?: number;
  /** To connect (TCP). Not there behind a proxy. */
  readonly connect?: number;
  /** To shake hands (TLS). Not there for http, or behind a proxy. */
  readonly tls?: number;
  /** From the connection to the headers of the answer. */
  readonly firstByte?: number;
  /** From the beginning to the end, credentials that have to be fetched included. */
  readonly total: number;
}

export interface PingOptions {
  readonly authenticator: Policy | undefined;
  readonly rules: readonly ResponseRule[];
  readonly http: HttpOptions;
}

/** What of an error answer is read, to quote it. */
const MAX_QUOTED_BYTES = 64 * 1024;

/** Sends a request once, over a new connection. Never throws: what went wrong is in the report. */
export const ping = async (request: HttpRequest, { authenticator, rules, http }: PingOptions): Promise<PingReport> => {
  const began = performance.now();
  const steps = new Steps();
  const times = (): PingTimes => ({ ...steps.times(), total: rounded(performance.now() - began) });
  const send = compose([authenticator, tellExchanges], http.wire ?? replaceable(measuredWire(http, steps)));
  try {
    let response = await send(request);
    let judgement = judge(response, rules, undefined);
    if (judgement.verdict === 'refresh-token') {
      response = await send({ ...request, newCredential: true });
      judgement = judge(response, rules, undefined);
    }
    const { status } = response;
    const answered = { reachable: true, status, milliseconds: times() };
    if (judgement.verdict === 'success' || judgement.verdict === 'ignore') return answered;
    const unknown = status === 405 || status === 501;
    const remedy = unknown ? 'Set ping.method to GET, or ping.path to a resource that is there.' : judgement.remedy;
    return { ...answered, error: refusal(request, response, { ...judgement, remedy }, 1) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { reachable: false, milliseconds: times(), error };
  }
};

const measuredWire =
  ({ timeouts = {}, ...connection }: WireOptions, steps: Steps): Send =>
  async (request) => {
    const deadlines = new Deadlines(timeouts);
    // New agents, so that no socket and no TLS session is there to be used again.
    const agents = await openAgents({ ...connection, http2: false }, timeouts.connect ?? 30_000);
    const agent = agents.agentFor(new URL(request.url));
    try {
      const answer = await openAnswer(request, agents, deadlines, (sent) => steps.watch(sent));
      steps.answered();
      const { statusCode: status = 0, headers } = answer;
      const bytes = await startOf(answer, request, deadlines);
      return { request, status, headers: headers as HttpHeaders, url: request.url, bytes };
    } finally {
      agent.destroy();
    }
  };

/** Enough of the body to say what is wrong. That it breaks off is no news: the answer has come. */
const startOf = async (answer: IncomingMessage, request: HttpRequest, deadlines: Deadlines): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of streamBody(answer, request, deadlines)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_QUOTED_BYTES) break;
    }
  } catch {
    request.signal?.throwIfAborted();
  }
  return Buffer.concat(chunks);
};

/** The moments at which the steps of the last request ended. */
class Steps {
  #begun = 0;
  #found: number | undefined;
  #connected: number | undefined;
  #secured: number | undefined;
  #ready: number | undefined;
  #answered: number | undefined;

  watch(sent: ClientRequest): void {
    this.#begun = performance.now();
    this.#found = this.#connected = this.#secured = this.#ready = this.#answered = undefined;
    sent.once('socket', (socket) => {
      // A socket that a proxy agent hands over is connected already.
      if (!socket.connecting) this.#ready = performance.now();
      socket.once('lookup', () => (this.#found = performance.now()));
      socket.once('connect', () => (this.#connected = this.#ready = performance.now()));
      socket.once('secureConnect', () => (this.#secured = this.#ready = performance.now()));
    });
  }

  answered(): void {
    this.#answered = performance.now();
  }

  times(): Omit<PingTimes, 'total'> {
    const dns = between(this.#begun, this.#found);
    const connect = between(this.#found ?? this.#begun, this.#connected);
    const tls = between(this.#connected, this.#secured);
    const firstByte = between(this.#ready, this.#answered);
    return {
      ...(dns !== undefined && { dns }),
      ...(connect !== undefined && { connect }),
      ...(tls !== undefined && { tls }),
      ...(firstByte !== undefined && { firstByte }),
    };
  }
}

const between = (start: number | undefined, end: number | undefined): number | undefined =>
  start === undefined || end === undefined ? undefined : rounded(end - start);

const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
