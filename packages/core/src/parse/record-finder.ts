import type { Buffer } from 'node:buffer';
import { isLosslessNumber } from 'lossless-json';
import { isJsonObject } from '../protocol/json.ts';
import { isBlank, skipValue } from './json-bytes.ts';
import { scanRecords, type RecordRanges } from './record-scanner.ts';
import type { RecordsPath } from './records-path.ts';

/**
 * `scanRecords` at a fraction of its cost, for the common page: `values`, which were selected from it, are the items of
 * one array, all of them objects, and no array within or after that one has a second object.
 *
 * Then a `{` after a comma stands before each record but the first, and nowhere else. With n records there are at least
 * n - 1 such places; if the page has no more of them, in strings or not, these are the records. Undefined if it has more.
 */
export const findRecords = (bytes: Buffer, path: RecordsPath, values: readonly unknown[]): RecordRanges | undefined => {
  const last = path.length - 1;
  if (last < 0 || path.findIndex((step) => step.kind === 'each') !== last) return undefined;
  if (values.length < 2 || !values.every(isObject)) return undefined;
  return scanRecords(bytes, path, (first, starts, ends) => findItems(bytes, first, values.length, starts, ends));
};

const isObject = (value: unknown): boolean => isJsonObject(value) && !isLosslessNumber(value);

/** Where the last of `count` items starts, having noted where the others start and end; -1 if it is not certain. */
const findItems = (bytes: Buffer, first: number, count: number, starts: number[], ends: number[]): number => {
  let start = first;
  for (let from = first + 1; from < bytes.length; from += WINDOW) {
    const text = bytes.toString('latin1', from, Math.min(bytes.length, from + WINDOW));
    for (let found = text.indexOf('{'); found >= 0; found = text.indexOf('{', found + 1)) {
      const comma = beforeBlanks(bytes, from + found);
      if (bytes[comma] !== COMMA) continue;
      if (starts.push(start) === count) return -1;
      ends.push(beforeBlanks(bytes, comma) + 1);
      start = from + found;
    }
  }
  if (starts.length !== count - 1) return -1;
  // Where a name on the path occurs twice, the values are from the later array: then the first item ends too soon.
  return skipValue(bytes, first) === ends[0] ? start : -1;
};

const COMMA = 0x2c;

/** The engine searches text faster than any loop can, but takes fresh memory for a string as long as a page. */
const WINDOW = 16 * 1024;

const beforeBlanks = (bytes: Buffer, end: number): number => {
  let at = end - 1;
  while (isBlank(bytes[at])) at--;
  return at;
};
