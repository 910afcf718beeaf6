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
 * @param startsOf tells for the first item of an array of records where all its items start, where that is known
 *   without a scan; undefined gives up
 */
export const scanRecords = (
  bytes: Uint8Array,
  path: RecordsPath,
  startsOf?: (first: number) => readonly number[] | undefined,
): RecordRanges | undefined => {
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
    if (startsOf !== undefined) at = takeItems(startsOf(at));
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

  /** Takes all items but the last, whose start it returns. Before each of the others stands a comma, before that a `}`. */
  const takeItems = (items: readonly number[] | undefined): number => {
    if (items === undefined) return -1;
    const last = items.length - 1;
    for (let item = 0; item < last; item++) {
      starts.push(items[item]!);
      ends.push(bytes.lastIndexOf(CLOSE_BRACE, items[item + 1]) + 1);
    }
    return items[last]!;
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
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;

export const isBlank = (byte: number): boolean =>
  byte <= SPACE && (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB);

const skipBlanks = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (at < bytes.length && isBlank(bytes[at]!)) at++;
  return at;
};

/** Where the string that starts with the quote at `start` ends. */
const skipString = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  let at = start;
  let byte: number | undefined;
  do {
    byte = bytes[++at];
    if (byte === BACKSLASH) at++;
  } while (byte !== QUOTE && at < length);
  return at + 1;
};

/** Where the value that starts at `start` ends. Brackets are only counted, so any depth costs the same. */
const skipValue = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  let depth = 0;
  for (let at = start; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = skipString(bytes, at) - 1;
      if (depth === 0) return at + 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // Depth 0: the bracket is not of this value, which was a number or a word.
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || isBlank(byte))) {
      return at;
    }
  }
  return length;
};

/** Compares a name on the page with one of the path; with an escape in it, it could be any name. */
const compareKey = (bytes: Uint8Array, start: number, end: number, name: Uint8Array): 'same' | 'other' | 'unsure' => {
  let same = end - start === name.length;
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) return 'unsure';
    if (same && bytes[at] !== name[at - start]) same = false;
  }
  return same ? 'same' : 'other';
};

const hasLineBreaks = (bytes: Uint8Array, starts: readonly number[], ends: readonly number[]): boolean =>
  [LINE_FEED, CARRIAGE_RETURN].some((lineBreak) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let next = -1;
    for (let record = 0; record < starts.length; record++) {
      const start = starts[record]!;
      if (next < start) next = text.indexOf(lineBreak, start);
      if (next < 0) return false;
      if (next < ends[record]!) return true;
    }
    return false;
  });
