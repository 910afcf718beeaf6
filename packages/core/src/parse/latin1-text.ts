const WINDOW = 16 * 1024;

/**
 * Bytes as one-byte characters, for the string functions of the engine, which are faster than any loop.
 *
 * The text is made in windows: one string for each piece costs too much, and one for a whole page is so large that the
 * engine takes fresh memory for it every time. Fast when read from front to back.
 */
export class Latin1Text {
  readonly #bytes: Buffer;
  #window = '';
  #start = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  slice(start: number, end: number): string {
    if (start < this.#start || end > this.#start + this.#window.length) this.#move(start, end - start);
    return this.#window.slice(start - this.#start, end - this.#start);
  }

  /** The first place of `needle` at or after `from`, or -1. */
  indexOf(needle: string, from: number): number {
    const { length } = this.#bytes;
    if (from < this.#start || from > this.#start + this.#window.length) this.#move(from, 0);
    let at = from;
    for (;;) {
      const found = this.#window.indexOf(needle, at - this.#start);
      if (found >= 0) return this.#start + found;
      const end = this.#start + this.#window.length;
      if (end >= length) return -1;
      // The needle may begin at the end of this window.
      at = Math.max(at, end - needle.length + 1);
      this.#move(at, needle.length);
    }
  }

  #move(start: number, size: number): void {
    this.#start = start;
    this.#window = this.#bytes.toString('latin1', start, Math.min(this.#bytes.length, start + Math.max(size, WINDOW)));
  }
}
