import type { Deadlines } from './deadlines.ts';
import { describeRequest } from './describe.ts';
import type { HttpRequest } from './types.ts';

/** What may end a request under way: its time limits, its signal, and whoever finds a fault in it. */
export interface ExchangeWatch {
  readonly deadline: ReturnType<Deadlines['start']>;
  /** The request is answered: nothing ends it any more. */
  readonly settle: () => void;
  /** The request has failed. */
  readonly fail: (error: unknown) => void;
}

/** Watches a request until it is settled, or calls `giveUp` with the reason why it cannot be. */
export const watchExchange = (
  request: HttpRequest,
  deadlines: Deadlines,
  giveUp: (reason: unknown) => void,
): ExchangeWatch => {
  const { signal } = request;
  const deadline = deadlines.start(describeRequest(request), fail);
  const abort = () => fail(signal?.reason);

  function settle(): void {
    deadline.stop();
    signal?.removeEventListener('abort', abort);
  }
  function fail(error: unknown): void {
    settle();
    giveUp(error);
  }

  signal?.addEventListener('abort', abort, { once: true });
  return { deadline, settle, fail };
};
