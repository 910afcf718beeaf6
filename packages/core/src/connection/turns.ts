/** A place in the line, or at the head of it. */
export interface Turn {
  /** Resolves when it is this one's turn; rejects when it leaves the line before. */
  readonly ready: Promise<void>;
  /** Lets the next one have its turn; does nothing a second time. */
  release(): void;
}

interface Waiting {
  readonly start: () => void;
  readonly leave: (reason: unknown) => void;
}

/** Lets at most `size` users have their turn at a time, the others in the order in which they came. */
export class Turns {
  #free: number;
  /** In order of arrival; anybody may leave from the middle. */
  readonly #line = new Set<Waiting>();

  constructor(size: number) {
    this.#free = size;
  }

  take(signal?: AbortSignal): Turn {
    let state: 'waiting' | 'mine' | 'over' = 'waiting';
    let leave = (_reason: unknown): void => {};
    const ready = new Promise<void>((resolve, reject) => {
      const abort = () => leave(signal?.reason);
      const waiting: Waiting = {
        start: () => {
          state = 'mine';
          signal?.removeEventListener('abort', abort);
          resolve();
        },
        leave: (reason) => {
          if (state !== 'waiting') return;
          state = 'over';
          this.#line.delete(waiting);
          signal?.removeEventListener('abort', abort);
          reject(reason);
        },
      };
      ({ leave } = waiting);
      if (signal?.aborted) return abort();
      if (this.#free > 0) {
        this.#free--;
        return waiting.start();
      }
      this.#line.add(waiting);
      signal?.addEventListener('abort', abort, { once: true });
    });
    // Whoever never asks for its turn need not hear that it left.
    ready.catch(() => {});
    const release = (): void => {
      leave(new Error('The place in the line was given up.'));
      if (state !== 'mine') return;
      state = 'over';
      this.#next();
    };
    return { ready, release };
  }

  /** Sends everybody home who still waits. */
  end(reason: unknown): void {
    for (const waiting of this.#line) waiting.leave(reason);
  }

  #next(): void {
    const [first] = this.#line;
    if (!first) return void this.#free++;
    this.#line.delete(first);
    first.start();
  }
}
