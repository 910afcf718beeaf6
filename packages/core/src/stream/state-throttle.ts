/** How often a STATE goes out at most, while a stream is read. */
export interface StateInterval {
  /** @default 5000 */
  readonly milliseconds?: number;
  /**
   * After so many records at once, though the time is not over.
   *
   * @default 10000
   */
  readonly records?: number;
}

/** Printing a state may take no more than this part of the time. */
const SHARE_OF_TIME = 0.05;

/** Gathers changes of a state, so that one STATE goes out for many of them. */
export class StateThrottle {
  readonly #emit: () => void;
  readonly #records: number;
  #milliseconds: number;
  #last = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(emit: () => void, { milliseconds = 5000, records = 10_000 }: StateInterval = {}) {
    this.#emit = emit;
    this.#milliseconds = milliseconds;
    this.#records = records;
  }

  /** The state has changed. @param records how many have been written since the last STATE */
  changed(records: number): void {
    const left = this.#milliseconds - (performance.now() - this.#last);
    if (left <= 0 || records >= this.#records) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), left);
  }

  /** Emits now. */
  flush(): void {
    this.stop();
    const started = performance.now();
    this.#emit();
    this.#last = performance.now();
    // A state of megabytes comes less often.
    this.#milliseconds = Math.max(this.#milliseconds, (this.#last - started) / SHARE_OF_TIME);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
