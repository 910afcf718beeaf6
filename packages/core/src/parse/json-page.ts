import { Buffer } from 'node:buffer';
import { isJsonObject } from '../protocol/json.ts';
import { mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { withPosition } from './json-position.ts';
import { findRecords } from './record-finder.ts';
import { matchRecords, type NotedField } from './match-records.ts';
import type { RecordMatcher } from './record-matcher.ts';
import { scanRecords, type RecordRanges } from './record-scanner.ts';
import { selectRecords, type RecordsPath } from './records-path.ts';
import type { RecordsQuery } from './records-query.ts';

/** The bytes the records came in: the n-th from `starts[n]` to `ends[n]`. */
export interface RawRecords extends RecordRanges {
  readonly bytes: Uint8Array;
  /** There if a matcher has found every record to be valid: where the field it was to note stands in each. */
  readonly matched?: NotedField;
}

/** The records of a page, and their bytes where these are known for certain. */
export interface PageRecords {
  /** Parsed only when looked at, if all of them are matched. */
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
  /** What stands around matched records, with the list of them to be parsed when it is looked at. */
  #frame: { readonly value: unknown } | undefined;

  /** @param bytes UTF-8 without a byte order mark; not to be changed afterwards */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The whole document. */
  get document(): unknown {
    return (this.#frame ?? this.#whole()).value;
  }

  /** The records a path leads to; throws `RecordsPathError` when it leads nowhere; a query just finds none. */
  records(path: RecordsPath | RecordsQuery, matcher?: RecordMatcher): PageRecords {
    if ('select' in path) return { values: path.select(this.document) };
    return (matcher && this.#match(path, matcher)) ?? this.#select(path);
  }

  #select(path: RecordsPath): PageRecords {
    const bytes = this.#bytes;
    const values = selectRecords(this.#whole().value, path);
    const ranges = findRecords(bytes, path, values) ?? scanRecords(bytes, path);
    return ranges?.count === values.length ? { values, raw: { ...ranges, bytes } } : { values };
  }

  #match(path: RecordsPath, matcher: RecordMatcher): PageRecords | undefined {
    if (this.#document !== undefined) return undefined;
    const bytes = this.#bytes;
    const ranges = matchRecords(bytes, path, matcher);
    if (ranges === undefined) return undefined;
    const frame = parseFrame(bytes, ranges);
    if (frame === undefined) return undefined;
    const whole = () => this.#whole().value;
    if (path.length > 1) this.#frame ??= { value: withLateRecords(frame.value, path, whole) };
    const { noted, ...places } = ranges;
    return {
      get values() {
        return selectRecords(whole(), path);
      },
      raw: { ...places, bytes, matched: noted },
    };
  }

  #whole(): { readonly value: unknown } {
    return (this.#document ??= { value: parse(this.#bytes) });
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

/** The document without its records, or undefined if it is malformed: then parsing the whole says where. */
const parseFrame = (bytes: Buffer, { count, starts, ends }: RecordRanges): { readonly value: unknown } | undefined => {
  const frame = Buffer.concat([bytes.subarray(0, starts[0]), bytes.subarray(ends[count - 1])]);
  try {
    return { value: parse(frame) };
  } catch {
    return undefined;
  }
};

/** The frame, its list of records being that of the whole document as soon as somebody asks for it. */
const withLateRecords = (frame: unknown, path: RecordsPath, whole: () => unknown): unknown => {
  const names = path.flatMap((step) => (step.kind === 'member' ? [step.name] : []));
  const last = names.pop();
  const within = (document: unknown): unknown =>
    names.reduce<unknown>((node, name) => (isJsonObject(node) ? node[name] : undefined), document);
  const parent = within(frame);
  if (last === undefined || !isJsonObject(parent)) return whole();
  Object.defineProperty(parent, last, {
    configurable: true,
    enumerable: true,
    get() {
      const { [last]: value } = within(whole()) as { [name: string]: unknown };
      Object.defineProperty(parent, last, { value, configurable: true, enumerable: true, writable: true });
      return value;
    },
  });
  return frame;
};
