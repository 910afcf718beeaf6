import { isAscii } from 'node:buffer';

/**
 * Tells which ranges of UTF-8 bytes hold a character that is not ASCII. Made for ranges asked for in ascending order.
 */
export class WideBytes {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Where the first word stands: words are aligned in memory, bytes need not be. */
  readonly #offset: number;
  /** No wide byte stands from where the last search began up to here. */
  #next: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#offset = -bytes.byteOffset & 3;
    const count = Math.max(0, bytes.length - this.#offset) >> 2;
    this.#words = new Int32Array(bytes.buffer, count === 0 ? 0 : bytes.byteOffset + this.#offset, count);
    this.#next = isAscii(bytes) ? bytes.length : -1;
  }

  areIn(start: number, end: number): boolean {
    if (this.#next < start) this.#next = this.#search(start);
    return this.#next < end;
  }

  /** The place of the first wide byte from `start` on, or the length. */
  #search(start: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const last = words.length - 4;
    let at = start;
    // The word that holds `start` may begin before it.
    let word = ((start - this.#offset) >> 2) + 1;
    for (const stop = Math.min(bytes.length, this.#offset + word * 4); at < stop; at++)
      if (isWide(bytes[at])) return at;
    while (
      word <= last &&
      // Four bytes each, sixteen in a step.
      ((words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) & 0x80808080) === 0
    ) {
      word += 4;
    }
    at = Math.max(at, this.#offset + word * 4);
    while (at < bytes.length && !isWide(bytes[at])) at++;
    return at;
  }
}

const isWide = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80;
