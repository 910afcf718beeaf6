import { Buffer, isUtf8 } from 'node:buffer';
import { BodyError, messageOf } from '../errors.ts';
import { mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';
import { piecesOf, type Body } from './body.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { withPosition } from './json-position.ts';

/**
 * The values of a body of JSON lines (NDJSON): one JSON text a line, in UTF-8, a byte order mark allowed.
 *
 * Lines end with LF or CRLF, the last one need not; blank lines are skipped. Numbers that a double would round are
 * `bigint` or `LosslessNumber`.
 *
 * @throws BodyError that names the line, once the values before it are read, when a line is not JSON
 */
export async function* readNdjson(body: Body): AsyncGenerator<unknown, void, undefined> {
  let number = 0;
  for await (const line of linesOf(body)) {
    number++;
    const bytes = number === 1 && line.subarray(0, 3).equals(MARK) ? line.subarray(3) : line;
    if (bytes.every(isBlank)) continue;
    yield parseLine(bytes, number);
  }
}

const LINE_FEED = 0x0a;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

/** The lines of a body without their line feeds. */
async function* linesOf(body: Body): AsyncGenerator<Buffer, void, undefined> {
  let parts: Uint8Array[] = [];
  for await (const piece of piecesOf(body)) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      parts.push(piece.subarray(start, end));
      yield Buffer.concat(parts);
      parts = [];
      start = end + 1;
    }
    if (start < piece.length) parts.push(piece.subarray(start));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

const parseLine = (bytes: Buffer, number: number): unknown => {
  if (!isUtf8(bytes)) throw new BodyError(`Line ${number} of the NDJSON body is not UTF-8 text.`);
  const text = decodeUtf8(bytes);
  try {
    return mayHoldLongNumber(bytes) ? parseLossless(text) : JSON.parse(text);
  } catch (error) {
    const cause = withPosition(error, text);
    throw new BodyError(`Line ${number} of the NDJSON body is not valid JSON: ${messageOf(cause)}`, { cause });
  }
};
