import type { Buffer } from 'node:buffer';
import { isJsonObject } from '../protocol/json.ts';
import { mayHoldHugeExponent, mayHoldLongNumber, parseLossless } from '../protocol/lossless-json.ts';
import { Latin1Text } from './latin1-text.ts';
import { scanRecords, type ItemGuess, type RecordRanges } from './record-scanner.ts';
import type { RecordsPath } from './records-path.ts';
import { SeparatorGuess } from './separator-guess.ts';
import { WideBytes } from './wide-bytes.ts';

/** The items of one array in a page, each parsed by itself. */
export interface RecordArray {
  readonly values: readonly unknown[];
  readonly ranges: RecordRanges;
  /** The whole page. May be called once. */
  document(): unknown;
}

/**
 * The fast way to the records, if they are the items of one array: `$[*]`, `$.data[*]`, `$.a.b[*]`.
 *
 * Records are found by a guess, and a guess is right when the bytes it found are JSON by themselves: a value has only
 * one end. All of the page goes through `JSON.parse`, the records one by one and then what stands around them, so a page
 * is well-formed if this returns something. Undefined when it is not, or not simple enough.
 */
export const readRecordArray = (bytes: Buffer, path: RecordsPath): RecordArray | undefined => {
  if (path.findIndex((step) => step.kind === 'each') !== path.length - 1) return undefined;
  const text = new Latin1Text(bytes);
  return read(bytes, path, text, new SeparatorGuess(text)) ?? read(bytes, path, text);
};

const read = (bytes: Buffer, path: RecordsPath, text: Latin1Text, guess?: ItemGuess): RecordArray | undefined => {
  const ranges = scanRecords(bytes, path, guess);
  if (ranges === undefined || ranges.count === 0) return undefined;
  try {
    const values = parseRecords(bytes, text, ranges);
    const frame = parseFrame(bytes, ranges);
    return { values, ranges, document: () => fill(frame, path, values) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const parseRecords = (bytes: Buffer, text: Latin1Text, { count, starts, ends }: RecordRanges): unknown[] => {
  const wide = new WideBytes(bytes);
  const mayHoldLong = mayHoldLongNumber(bytes, starts[0], ends[count - 1]);
  const values: unknown[] = [];
  for (let record = 0; record < count; record++) {
    const start = starts[record]!;
    const end = ends[record]!;
    const json = wide.areIn(start, end) ? bytes.toString('utf8', start, end) : text.slice(start, end);
    const isExact = !(mayHoldLong && mayHoldLongNumber(bytes, start, end)) && !mayHoldHugeExponent(json);
    values.push(isExact ? JSON.parse(json) : parseLossless(json));
  }
  return values;
};

/** The document with the array of records left empty. */
const parseFrame = (bytes: Buffer, { count, starts, ends }: RecordRanges): unknown => {
  const head = starts[0]!;
  const tail = ends[count - 1]!;
  const json = bytes.toString('utf8', 0, head) + bytes.toString('utf8', tail);
  const isInexact = mayHoldLongNumber(bytes, 0, head) || mayHoldLongNumber(bytes, tail) || mayHoldHugeExponent(json);
  return isInexact ? parseLossless(json) : JSON.parse(json);
};

const fill = (frame: unknown, path: RecordsPath, values: readonly unknown[]): unknown => {
  let place = frame;
  for (const step of path) if (step.kind === 'member' && isJsonObject(place)) place = place[step.name];
  // The scanner has met each name of the path exactly once, so they lead to the array.
  if (Array.isArray(place)) for (const value of values) place.push(value);
  return frame;
};
