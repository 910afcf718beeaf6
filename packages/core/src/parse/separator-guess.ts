import type { Latin1Text } from './latin1-text.ts';
import type { ItemGuess } from './record-scanner.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LONGEST_SEPARATOR = 100;

/**
 * Guesses that the records of a page are separated by the same text, such as `},{"id"`, which is found many times
 * faster than the matching bracket. Wrong where a record holds objects that look the same: the one who asks has to check.
 */
export class SeparatorGuess implements ItemGuess {
  readonly #text: Latin1Text;
  #separator: string | undefined;

  constructor(text: Latin1Text) {
    this.#text = text;
  }

  learn(bytes: Uint8Array, first: number, firstEnd: number, second: number): void {
    if (bytes[firstEnd - 1] !== CLOSE_BRACE || bytes[second] !== OPEN_BRACE) return;
    const quote = bytes.indexOf(QUOTE, second);
    const end = quote < 0 ? -1 : bytes.indexOf(QUOTE, quote + 1) + 1;
    if (end <= 0 || end - firstEnd > LONGEST_SEPARATOR) return;
    const separator = this.#text.slice(firstEnd - 1, end);
    if (!this.#text.slice(first, firstEnd).includes(separator)) this.#separator = separator;
  }

  endOf(start: number): number {
    if (this.#separator === undefined) return -1;
    const at = this.#text.indexOf(this.#separator, start);
    // Not there: this was the last record, or the page is not as regular as it seemed. Looking on could take n².
    if (at < 0) this.#separator = undefined;
    return at < 0 ? -1 : at + 1;
  }
}
