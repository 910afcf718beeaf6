import { Buffer } from 'node:buffer';
import { mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { withPosition } from './json-position.ts';
import { findRecords } from './record-finder.ts';
import { scanRecords, type RecordRanges } from './record-scanner.ts';
import { selectRecords, type RecordsPath } from './records-path.ts';

/** The bytes the records came in: the n-th from `starts[n]` to `ends[n]`. */
export interface RawRecords extends RecordRanges {
  readonly bytes: Uint8Array;
}

/** The records of a page, and their bytes where these are known for certain. */
export interface PageRecords {
  readonly values: readonly unknown[];
  readonly raw?: RawRecords;
}

/**
 * One page of JSON, decoded once, however many ask for its records and for the whole document.
 *
 * Numbers that a double would round are `bigint` or `LosslessNumber`. Malformed JSON anywhere in the page throws a
 * `SyntaxError` that says where, whichever part is asked for. `document` and `records` share the records, so these are
 * to be read, not changed.
 */
export class JsonPage {
  readonly #bytes: Buffer;
  #document: { readonly value: unknown } | undefined;

  /** @param bytes UTF-8 without a byte order mark; not to be changed afterwards */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The whole document. */
  get document(): unknown {
    this.#document ??= { value: parse(this.#bytes) };
    return this.#document.value;
  }

  /** The records a path leads to; throws `RecordsPathError` when it leads nowhere. */
  records(path: RecordsPath): PageRecords {
    const bytes = this.#bytes;
    const values = selectRecords(this.document, path);
    const ranges = findRecords(bytes, path, values) ?? scanRecords(bytes, path);
    return ranges?.count === values.length ? { values, raw: { ...ranges, bytes } } : { values };
  }
}

const parse = (bytes: Buffer): unknown => {
  const text = decodeUtf8(bytes);
  try {
    return mayHoldLongNumber(bytes) ? parseLossless(text) : JSON.parse(text);
  } catch (error) {
    throw withPosition(error, text);
  }
};
