import type { ClientRequest } from 'node:http';
import { TimeoutError } from '../errors.ts';

/** How long each part of a request may take, in milliseconds. `0` takes a limit off. */
export interface TimeLimits {
  /**
   * Until a connection is there: DNS, TCP and TLS.
   *
   * @default 30_000
   */
  readonly connect?: number;
  /**
   * From the connection to the headers of the answer.
   *
   * @default 120_000
   */
  readonly headers?: number;
  /**
   * Between two pieces of the body.
   *
   * @default 60_000
   */
  readonly idle?: number;
  /**
   * The whole of one attempt.
   *
   * @default 600_000
   */
  readonly total?: number;
}

type Phase = 'connect' | 'headers' | 'body';

const WAITING_FOR: Readonly<Record<Phase, string>> = {
  connect: 'no connection after',
  headers: 'connected, but no answer after',
  body: 'the body stopped coming for',
};

const MAX_TICK_MS = 1000;

/** Watches the requests under way with one timer for all of them: a timer per request and phase costs more than it tells. */
export class Deadlines {
  readonly #limits: Readonly<Record<Phase | 'total', number>>;
  readonly #tick: number;
  readonly #watched = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ connect = 30_000, headers = 120_000, idle = 60_000, total = 600_000 }: TimeLimits) {
    this.#limits = { connect, headers, body: idle, total };
    const shortest = Math.min(...Object.values(this.#limits).filter((limit) => limit > 0));
    this.#tick = Math.max(5, Math.min(MAX_TICK_MS, shortest / 4));
  }

  /** Begins to watch a request; `fail` is called at most once, with a `TimeoutError`. */
  start(request: string, fail: (error: TimeoutError) => void): Deadline {
    const deadline = new Deadline(request, fail, (ended) => this.#remove(ended));
    this.#watched.add(deadline);
    this.#timer ??= setInterval(() => this.#check(), this.#tick).unref();
    return deadline;
  }

  #check(): void {
    const now = performance.now();
    for (const deadline of this.#watched) {
      const error = deadline.exceeded(this.#limits, now);
      if (error) deadline.fail(error);
    }
  }

  #remove(deadline: Deadline): void {
    this.#watched.delete(deadline);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** One request under way: the phase it is in, and since when. */
class Deadline {
  readonly fail: (error: TimeoutError) => void;
  readonly #request: string;
  readonly #onStop: (deadline: Deadline) => void;
  readonly #started = performance.now();
  #phase: Phase = 'connect';
  #since = this.#started;

  constructor(request: string, fail: (error: TimeoutError) => void, onStop: (deadline: Deadline) => void) {
    this.#request = request;
    this.fail = fail;
    this.#onStop = onStop;
  }

  /** The request has come this far; for the body, also: another piece has come. */
  enter(phase: Phase): void {
    this.#phase = phase;
    this.#since = performance.now();
  }

  /** Leaves the connect phase when the request has its connection, at once for a kept-alive one. */
  watchConnection(request: ClientRequest): void {
    request.once('socket', (socket) => {
      if (!socket.connecting) return this.enter('headers');
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.enter('headers'));
    });
  }

  stop(): void {
    this.#onStop(this);
  }

  exceeded(limits: Readonly<Record<Phase | 'total', number>>, now: number): TimeoutError | undefined {
    const limit = limits[this.#phase];
    const late = limit > 0 && now - this.#since >= limit;
    if (late) return this.#error(`${WAITING_FOR[this.#phase]} ${limit / 1000} s`);
    const tooLong = limits.total > 0 && now - this.#started >= limits.total;
    return tooLong ? this.#error(`not finished after ${limits.total / 1000} s`) : undefined;
  }

  #error(what: string): TimeoutError {
    return new TimeoutError(`${this.#request}: ${what}.`);
  }
}
