import type { Buffer } from 'node:buffer';
import { skipBlanks } from './json-bytes.ts';
import type { RecordMatcher } from './record-matcher.ts';
import { scanRecords, type RecordRanges } from './record-scanner.ts';
import type { RecordsPath } from './records-path.ts';

/** Where the value of one field stands in each record; -1 in a record without it. Empty when no field was to be noted. */
export interface NotedField {
  readonly field: string | undefined;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * The records of a page, all of them matched: the items of the one array the path leads to. Undefined when there are
 * none, or any of them does not match.
 */
export const matchRecords = (
  bytes: Buffer,
  path: RecordsPath,
  matcher: RecordMatcher,
): (RecordRanges & { readonly noted: NotedField }) | undefined => {
  const noted = { field: matcher.noted, starts: [] as number[], ends: [] as number[] };
  if (path.findIndex((step) => step.kind === 'each') !== path.length - 1) return undefined;

  /** Notes where all items but the last start and end, and returns where the last one starts; -1 if one does not match. */
  const matchItems = (first: number, starts: number[], ends: number[]): number => {
    for (let start = first; ;) {
      const end = matcher.match(bytes, start);
      if (end < 0) return -1;
      if (noted.field !== undefined) {
        noted.starts.push(matcher.place.start);
        noted.ends.push(matcher.place.end);
      }
      const at = skipBlanks(bytes, end);
      if (bytes[at] === CLOSE_BRACKET) return start;
      if (bytes[at] !== COMMA) return -1;
      starts.push(start);
      ends.push(end);
      start = skipBlanks(bytes, at + 1);
    }
  };

  const ranges = scanRecords(bytes, path, matchItems);
  return ranges && ranges.count > 0 ? { ...ranges, noted } : undefined;
};

const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;
