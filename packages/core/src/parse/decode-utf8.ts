import { type Buffer, isAscii } from 'node:buffer';

const QUIET = 32;

/**
 * The text of UTF-8 bytes, faster than `toString` where most of it is ASCII: only the places where it is not are decoded
 * character by character.
 */
export const decodeUtf8 = (bytes: Buffer): string => {
  if (isAscii(bytes)) return bytes.toString('latin1');
  const words = new Words(bytes);
  let text = '';
  let done = 0;
  let effort = 0;
  while (done < bytes.length) {
    // Each place costs two strings. Where there are many, as in Greek text, `toString` is better.
    if (effort > done + 16 * 1024) return text + bytes.toString('utf8', done);
    const start = words.nextWide(done);
    const end = endOfWide(bytes, start);
    text += bytes.toString('latin1', done, start) + bytes.toString('utf8', start, end);
    effort += 200 + end - start;
    done = end;
  }
  return text;
};

/** Where the characters that are not ASCII end, and those few between them. */
const endOfWide = (bytes: Buffer, start: number): number => {
  let end = start;
  for (let at = start; at < bytes.length && at - end < QUIET; at++) if (bytes[at]! >= 0x80) end = at + 1;
  return end;
};

/** Bytes looked at four at a time. */
class Words {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Where the first word stands: words are aligned in memory, bytes need not be. */
  readonly #offset: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#offset = -bytes.byteOffset & 3;
    const count = Math.max(0, bytes.length - this.#offset) >> 2;
    this.#words = new Int32Array(bytes.buffer, count === 0 ? 0 : bytes.byteOffset + this.#offset, count);
  }

  /** The place of the first byte from `start` on that is not ASCII, or the length. */
  nextWide(start: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    // The first word that begins at or after `start`.
    let word = (start - this.#offset + 3) >> 2;
    let at = start;
    for (const stop = Math.min(bytes.length, this.#offset + word * 4); at < stop; at++)
      if (bytes[at]! >= 0x80) return at;
    const last = words.length - 4;
    while (
      word <= last &&
      ((words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!) & 0x80808080) === 0
    ) {
      word += 4;
    }
    at = Math.max(at, this.#offset + word * 4);
    while (at < bytes.length && bytes[at]! < 0x80) at++;
    return at;
  }
}
