import type { Writer } from '../output/writer.ts';

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * Builds the lines of a page in large pieces, out of text and out of bytes as they came, in the order given.
 *
 * Bytes are copied once, into the piece that goes to the pipe; text is joined and encoded once.
 */
export class RecordLines {
  readonly #writer: Writer;
  #text = '';
  #bytes: Buffer | undefined;
  #used = 0;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Whether a piece is full, so that it is time to `flush`. */
  get full(): boolean {
    return this.#text.length >= CHUNK_BYTES || this.#used >= CHUNK_BYTES;
  }

  text(line: string): void {
    if (this.#used > 0) this.#handOverBytes();
    this.#text += line;
  }

  /**
   * One line: `prefix`, the bytes from `start` to `end`, `suffix`.
   *
   * @param expected about how many bytes are still to come, to make room for at once
   */
  copy(prefix: Uint8Array, source: Uint8Array, start: number, end: number, suffix: Uint8Array, expected: number): void {
    if (this.#text !== '') this.#handOverText();
    const size = prefix.length + end - start + suffix.length;
    if (this.#bytes === undefined || this.#used + size > this.#bytes.length) {
      this.#handOverBytes();
      this.#bytes = Buffer.allocUnsafe(Math.max(size, Math.min(CHUNK_BYTES, expected)));
    }
    const bytes = this.#bytes;
    bytes.set(prefix, this.#used);
    bytes.set(source.subarray(start, end), this.#used + prefix.length);
    bytes.set(suffix, this.#used + size - suffix.length);
    this.#used += size;
  }

  /** Hands on what is there; a promise when the reader is slow. */
  flush(): Promise<void> | undefined {
    this.#handOverText();
    this.#handOverBytes();
    return this.#writer.ready();
  }

  #handOverText(): void {
    if (this.#text === '') return;
    this.#writer.lines(this.#text);
    this.#text = '';
  }

  #handOverBytes(): void {
    if (this.#bytes !== undefined && this.#used > 0) this.#writer.lines(this.#bytes.subarray(0, this.#used));
    this.#bytes = undefined;
    this.#used = 0;
  }
}

/** The bytes with every line break turned into a space: in JSON one can only stand between values. */
export const onOneLine = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte));
