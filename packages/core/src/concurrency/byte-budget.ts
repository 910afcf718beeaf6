const FIRST_GUESS = 64 * 1024;

/** A part of the budget; `settle` says what it really takes, `free` gives it back. */
export interface Share {
  settle(bytes: number): void;
  free(): void;
}

interface Waiting {
  readonly guess: number;
  readonly resolve: () => void;
}

/**
 * Bounds what is held in memory between the API and the pipe, in bytes. Whoever is about to ask for a page takes a share
 * of the size pages have had so far, and puts it right when the page is there.
 *
 * One share is always granted, however large: what is larger than the whole budget gets through alone.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #used = 0;
  #shares = 0;
  #guess = FIRST_GUESS;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when there is room. Rejects with the signal's reason when that aborts. */
  async take(signal?: AbortSignal): Promise<Share> {
    signal?.throwIfAborted();
    const guess = this.#guess;
    if (this.#waiting.length > 0 || !this.#fits(guess)) await this.#room(guess, signal);
    else this.#hold(guess);

    let held = guess;
    let isFree = false;
    return {
      settle: (bytes) => {
        if (isFree) return;
        // Of pages of different sizes the large ones count: the guess follows them at once and forgets them slowly.
        this.#guess = Math.max(bytes, Math.round(this.#guess * 0.9 + bytes * 0.1));
        this.#used += bytes - held;
        held = bytes;
        this.#admit();
      },
      free: () => {
        if (isFree) return;
        isFree = true;
        this.#used -= held;
        this.#shares--;
        this.#admit();
      },
    };
  }

  #fits(bytes: number): boolean {
    return this.#shares === 0 || this.#used + bytes <= this.#limit;
  }

  #hold(bytes: number): void {
    this.#used += bytes;
    this.#shares++;
  }

  #room(guess: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        guess,
        resolve: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#admit();
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.guess); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#hold(next.guess);
      next.resolve();
    }
  }
}
