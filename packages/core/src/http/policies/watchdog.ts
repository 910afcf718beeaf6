import { realClock, type Clock } from '../clock.ts';
import { describeRequest } from '../describe.ts';
import type { HttpRequest, Policy } from '../types.ts';

export interface WatchdogOptions {
  /**
   * Milliseconds a request may wait before the log says so.
   *
   * @default 30_000
   */
  readonly after?: number;
  /**
   * Milliseconds between two such lines about the same request.
   *
   * @default 60_000
   */
  readonly every?: number;
  /** @default real time */
  readonly clock?: Clock;
}

interface Waiting {
  readonly request: HttpRequest;
  readonly since: number;
  /** When it is mentioned next. */
  due: number;
}

const MAX_TICK_MS = 1000;

/**
 * Says in the log which request of which slice waits, and since when, long before a time limit ends it.
 *
 * It sits directly above the wire: waiting for a retry or for quota is not the API's silence. One timer serves all
 * requests of the policy, and keeps no process alive.
 */
export const watchdog = ({ after = 30_000, every = 60_000, clock = realClock }: WatchdogOptions = {}): Policy => {
  const underWay = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    // Stopped here and not with the last request: requests one after the other need not start it each time.
    if (underWay.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const now = clock.now();
    for (const waiting of underWay) {
      if (now < waiting.due) continue;
      waiting.due = now + every;
      mention(waiting, now);
    }
  };

  return (next) => async (request) => {
    if (!request.sender?.log) return next(request);
    const since = clock.now();
    const waiting: Waiting = { request, since, due: since + after };
    underWay.add(waiting);
    timer ??= setInterval(look, Math.max(5, Math.min(MAX_TICK_MS, after / 4, every / 4))).unref();
    try {
      return await next(request);
    } finally {
      underWay.delete(waiting);
    }
  };
};

const mention = ({ request, since }: Waiting, now: number): void => {
  const seconds = Number(((now - since) / 1000).toFixed(now - since < 10_000 ? 1 : 0));
  const started = new Date(since).toISOString();
  request.sender?.log?.info(`${describeRequest(request)} has been waiting for ${seconds} s, since ${started}.`);
};
