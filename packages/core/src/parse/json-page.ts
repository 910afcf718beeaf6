import { Buffer, isAscii } from 'node:buffer';
import { mayHoldHugeExponent, mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';
import { withPosition } from './json-position.ts';
import { readRecordArray, type RecordArray } from './record-array.ts';
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
  #array: { readonly path: RecordsPath; readonly read: RecordArray; readonly records: PageRecords } | undefined;

  /** @param bytes UTF-8 without a byte order mark; not to be changed afterwards */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The whole document. */
  get document(): unknown {
    this.#document ??= { value: this.#array?.read.document() ?? parseText(this.#bytes) };
    return this.#document.value;
  }

  /** The records a path leads to; throws `RecordsPathError` when it leads nowhere. */
  records(path: RecordsPath): PageRecords {
    if (this.#array?.path === path) return this.#array.records;
    return this.#readArray(path) ?? this.#select(path);
  }

  /** The fast way, for a page of which nothing is parsed yet. */
  #readArray(path: RecordsPath): PageRecords | undefined {
    if (this.#document !== undefined || this.#array !== undefined) return undefined;
    const read = readRecordArray(this.#bytes, path);
    if (read === undefined) return undefined;
    const records = { values: read.values, raw: { ...read.ranges, bytes: this.#bytes } };
    this.#array = { path, read, records };
    return records;
  }

  #select(path: RecordsPath): PageRecords {
    const values = selectRecords(this.document, path);
    const ranges = scanRecords(this.#bytes, path);
    return ranges?.count === values.length ? { values, raw: { ...ranges, bytes: this.#bytes } } : { values };
  }
}

const parseText = (bytes: Buffer): unknown => {
  const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  const isInexact = mayHoldLongNumber(bytes) || mayHoldHugeExponent(text);
  try {
    return isInexact ? parseLossless(text) : (JSON.parse(text) as unknown);
  } catch (error) {
    throw withPosition(error, text);
  }
};
