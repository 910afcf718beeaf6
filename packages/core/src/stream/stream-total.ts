/** At most one ESTIMATE in so many milliseconds. */
const PAUSE = 1000;

/** How many records a stream will have, as far as its slices know; and whether any of them got fewer than that. */
export class StreamTotal {
  readonly #tell: (rows: number) => void;
  #rows = 0;
  #told = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isShort = false;

  /** @param tell told of the sum when it has changed, about once a second */
  constructor(tell: (rows: number) => void) {
    this.#tell = tell;
  }

  /** So many more; fewer, where it is negative. */
  add(rows: number): void {
    this.#rows += rows;
    if (performance.now() - this.#toldAt >= PAUSE) this.flush();
  }

  /** Tells what has changed since it was last told. */
  flush(): void {
    if (this.#rows === this.#told) return;
    this.#told = this.#rows;
    this.#toldAt = performance.now();
    this.#tell(this.#rows);
  }

  /** A slice had fewer records than the API said. */
  short(): void {
    this.#isShort = true;
  }

  get isShort(): boolean {
    return this.#isShort;
  }
}
