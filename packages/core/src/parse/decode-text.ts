import { TextDecoder } from 'node:util';
import { BodyError } from '../errors.ts';
import { piecesOf, type Body } from './body.ts';

/**
 * The text of a body, piece by piece; a character that is split over two chunks comes whole.
 *
 * A byte order mark (UTF-8, UTF-16LE, UTF-16BE) says more about the bytes than anybody else, so it wins over `charset`;
 * it is not part of the text. Bytes that are no text in that charset are an error: replaced characters would go unnoticed.
 *
 * @param charset a name of the WHATWG Encoding Standard, e.g. `utf-8`, `iso-8859-1`, `windows-1252`, `shift_jis`
 * @throws BodyError when the charset is unknown or the bytes are not text in it
 */
export async function* decodeText(body: Body, charset = 'utf-8'): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array(0);
  let done = 0;
  for await (const piece of piecesOf(body)) {
    const bytes: Uint8Array = held.length === 0 ? piece : Buffer.concat([held, piece]);
    if (decoder === undefined && bytes.length < LONGEST_MARK) {
      held = bytes;
      continue;
    }
    decoder ??= decoderOf(markedCharset(bytes) ?? charset);
    held = new Uint8Array(0);
    const text = decode(decoder, bytes, done, true);
    done += bytes.length;
    if (text !== '') yield text;
  }
  decoder ??= decoderOf(markedCharset(held) ?? charset);
  const rest = decode(decoder, held, done, false);
  if (rest !== '') yield rest;
}

/** The whole text of a body, decoded as `decodeText` does. */
export const readText = async (body: Body, charset?: string): Promise<string> => {
  let text = '';
  for await (const piece of decodeText(body, charset)) text += piece;
  return text;
};

const LONGEST_MARK = 3;

/** The charset that the byte order mark at the start of a body says it is written in. */
export const markedCharset = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
};

const decoderOf = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new BodyError(
      `The body is in the unknown charset "${charset}". Name one of the WHATWG Encoding Standard, e.g. "utf-8" or "windows-1252".`,
      { cause },
    );
  }
};

const decode = (decoder: TextDecoder, bytes: Uint8Array, done: number, stream: boolean): string => {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    const end = done + bytes.length;
    const place = stream ? `between bytes ${done} and ${end}` : `at its end, byte ${end}`;
    throw new BodyError(
      `The body is not ${decoder.encoding} text ${place}. If it is in another charset, name that one; else it was cut off.`,
      { cause },
    );
  }
};
