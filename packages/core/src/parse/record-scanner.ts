import { Buffer } from 'node:buffer';
import { skipBlanks, skipString, skipValue } from './json-bytes.ts';
import type { RecordsPath } from './records-path.ts';

/** Where the records of a page stand: the n-th is `bytes.subarray(starts[n], ends[n])`. */
export interface RecordRanges {
  readonly count: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Whether a line feed or carriage return stands as a raw byte inside a record; in JSON only between its tokens. */
  readonly hasLineBreaks: boolean;
}

/**
 * The byte ranges of the records in a page of well-formed JSON, in the order `selectRecords` gives them.
 *
 * Undefined when the page is not so simple that the ranges are certain: the path leads elsewhere or takes
 * the members of an object, or a name on the way occurs twice or has escapes. For malformed JSON the result says nothing.
 *
 * @param findItems asked at the first item of an array of records, for a faster way: notes the bounds of all items but
 *   the last and returns where that one starts, or -1 to give up
 */
export const scanRecords = (
  page: Uint8Array,
  path: RecordsPath,
  findItems?: (first: number, starts: number[], ends: number[]) => number,
): RecordRanges | undefined => {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  const names = path.map((step) => (step.kind === 'member' ? Buffer.from(step.name) : undefined));
  const starts: number[] = [];
  const ends: number[] = [];

  /** Follows the path from the value that starts at `at`, and returns where the value ends; -1 to give up. */
  const follow = (at: number, depth: number): number => {
    if (depth === path.length) {
      const end = skipValue(bytes, at);
      starts.push(at);
      ends.push(end);
      return end;
    }
    const name = names[depth];
    if (name === undefined) return bytes[at] === OPEN_BRACKET ? followItems(at, depth + 1) : -1;
    return bytes[at] === OPEN_BRACE ? followMember(at, name, depth + 1) : -1;
  };

  const followItems = (open: number, depth: number): number => {
    let at = skipBlanks(bytes, open + 1);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    if (findItems !== undefined && depth === path.length) at = findItems(at, starts, ends);
    for (;;) {
      if (at < 0) return -1;
      at = follow(at, depth);
      if (at < 0) return -1;
      at = skipBlanks(bytes, at);
      if (bytes[at] === CLOSE_BRACKET) return at + 1;
      if (bytes[at] !== COMMA) return -1;
      at = skipBlanks(bytes, at + 1);
    }
  };

  const followMember = (open: number, name: Uint8Array, depth: number): number => {
    let found = false;
    let at = skipBlanks(bytes, open + 1);
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const keyEnd = skipString(bytes, at);
      const relation = compareKey(bytes, at + 1, keyEnd - 1, name);
      at = skipBlanks(bytes, keyEnd);
      if (bytes[at] !== COLON) return -1;
      at = skipBlanks(bytes, at + 1);
      if (relation === 'other') {
        at = skipValue(bytes, at);
      } else {
        if (found || relation === 'unsure') return -1;
        found = true;
        at = follow(at, depth);
        if (at < 0) return -1;
      }
      at = skipBlanks(bytes, at);
      if (bytes[at] === CLOSE_BRACE) return found ? at + 1 : -1;
      if (bytes[at] !== COMMA) return -1;
      at = skipBlanks(bytes, at + 1);
    }
  };

  const end = follow(skipBlanks(bytes, 0), 0);
  if (end < 0 || skipBlanks(bytes, end) !== bytes.length) return undefined;
  return { count: starts.length, starts, ends, hasLineBreaks: hasLineBreaks(bytes, starts, ends) };
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Compares a name on the page with one of the path; with an escape in it, it could be any name. */
const compareKey = (bytes: Buffer, start: number, end: number, name: Uint8Array): 'same' | 'other' | 'unsure' => {
  let same = end - start === name.length;
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) return 'unsure';
    if (same && bytes[at] !== name[at - start]) same = false;
  }
  return same ? 'same' : 'other';
};

const hasLineBreaks = (bytes: Buffer, starts: readonly number[], ends: readonly number[]): boolean =>
  [LINE_FEED, CARRIAGE_RETURN].some((lineBreak) => {
    let next = -1;
    for (let record = 0; record < starts.length; record++) {
      const start = starts[record]!;
      if (next < start) next = bytes.indexOf(lineBreak, start);
      if (next < 0) return false;
      if (next < ends[record]!) return true;
    }
    return false;
  });
