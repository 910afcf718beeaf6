import { ConnectorError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { CallStream } from './call-stream.ts';
import { HttpCalls } from './calls.ts';
import type { PingReport } from './ping.ts';
import type { CallOptions, CallRequest } from './request.ts';
import type { CallResponse } from './response.ts';
import type { SoapCallOptions } from './soap.ts';
import type { Turn, Turns } from './turns.ts';

/** The uses of one connection, counted: so many at a time, and the next in the order in which they asked. */
export class ConnectionPool {
  readonly #name: string;
  readonly #connection: () => HttpCalls;
  readonly #turns: Turns;

  constructor(name: string, connection: () => HttpCalls, turns: Turns) {
    this.#name = name;
    this.#connection = connection;
    this.#turns = turns;
  }

  /**
   * Takes a place in the line at once; whatever is asked of the lease waits until it is its turn. An abort of the signal
   * before that gives the place up.
   *
   * @example
   * await using client = pool.acquire();
   * const answer = await client.get('/contacts');
   */
  acquire({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Lease {
    return new Lease(this.#name, this.#connection, this.#turns.take(signal));
  }
}

/** The right to use a connection until it is disposed of. Requests still under way then are not ended. */
export class Lease extends HttpCalls implements AsyncDisposable {
  readonly #name: string;
  readonly #connection: () => HttpCalls;
  readonly #turn: Turn;
  #released = false;

  constructor(name: string, connection: () => HttpCalls, turn: Turn) {
    super();
    this.#name = name;
    this.#connection = connection;
    this.#turn = turn;
  }

  /** Resolves when it is this lease's turn; rejects with the signal's reason. */
  ready(): Promise<void> {
    return this.#released ? Promise.reject(this.#over()) : this.#turn.ready;
  }

  async send(request: CallRequest): Promise<CallResponse> {
    return (await this.#mine()).send(request);
  }

  async stream(path: string, options?: CallOptions & { readonly method?: string }): Promise<CallStream> {
    return (await this.#mine()).stream(path, options);
  }

  async ping(options?: { readonly signal?: AbortSignal | undefined }): Promise<PingReport> {
    return (await this.#mine()).ping(options);
  }

  async soap(action: string, body: JsonObject | string, options?: SoapCallOptions): Promise<JsonObject> {
    return (await this.#mine()).soap(action, body, options);
  }

  /** Lets the next one in; does nothing a second time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true;
    this.#turn.release();
  }

  async #mine(): Promise<HttpCalls> {
    await this.ready();
    if (this.#released) throw this.#over();
    return this.#connection();
  }

  #over(): ConnectorError {
    return new ConnectorError(`connection "${this.#name}": its lease is over. Acquire another one from the pool.`);
  }
}
