import type { JsonObject } from '../protocol/json.ts';
import { compileShape, type ObjectShape, type Shape } from './shape.ts';

/** A check of records in their bytes. */
export interface RecordMatcher {
  /**
   * The place after the record that starts at `start`, if the bytes are for certain well-formed JSON, valid by the
   * schema, and have no field the schema does not know; else -1, which says nothing.
   *
   * @param bytes valid UTF-8
   */
  match(bytes: Uint8Array, start: number): number;
  /** The field whose place is noted at each match: a stream's cursor. */
  readonly noted: string | undefined;
  /** Where the value of the noted field started in the record matched last; -1 if the record has none. */
  notedStart(): number;
  /** Where it ended. */
  notedEnd(): number;
}

/**
 * Checks records without making objects of them: several times as fast as parsing and validating.
 *
 * Undefined when the schema says more than this understands: types, properties, required, items, enum of strings, and
 * the formats date and date-time.
 */
export const compileRecordMatcher = (schema: JsonObject, noted?: string): RecordMatcher | undefined => {
  const object = compileShape(schema)?.object;
  if (object === undefined) return undefined;
  const root = { ...object, noted: object.names.findIndex((name) => name.toString() === `"${noted}"`) };
  return {
    match(bytes, start) {
      notedStart = notedEnd = -1;
      return bytes[start] === OPEN_BRACE ? matchObject(bytes, start, root) : -1;
    },
    noted,
    notedStart: () => notedStart,
    notedEnd: () => notedEnd,
  };
};

/** Of the match under way; matching one record calls nobody who could begin with another. */
let notedStart = -1;
let notedEnd = -1;

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

// The bits of `Shape.types`; see there.
const STRING = 1;
const INTEGER = 2;
const NUMBER = 4;
const BOOLEAN = 8;
const NULL = 16;

const matchValue = (bytes: Uint8Array, start: number, shape: Shape): number => {
  const byte = bytes[start]!;
  const { types } = shape;
  if (byte === QUOTE) {
    if ((types & STRING) === 0) return -1;
    const end = matchString(bytes, start);
    if (end < 0 || shape.format === undefined) return end < 0 || fitsEnum(bytes, start, end, shape.literals) ? end : -1;
    return fitsFormat(bytes, start + 1, end - 1, shape.format) && fitsEnum(bytes, start, end, shape.literals)
      ? end
      : -1;
  }
  if (byte === OPEN_BRACE) return shape.object ? matchObject(bytes, start, shape.object) : -1;
  if (byte === OPEN_BRACKET) return shape.items ? matchArray(bytes, start, shape.items) : -1;
  if (byte === LOWER_N) return (types & NULL) !== 0 ? matchWord(bytes, start, NULL_WORD) : -1;
  if (byte === LOWER_T) return (types & BOOLEAN) !== 0 ? matchWord(bytes, start, TRUE_WORD) : -1;
  if (byte === LOWER_F) return (types & BOOLEAN) !== 0 ? matchWord(bytes, start, FALSE_WORD) : -1;
  return (types & (INTEGER | NUMBER)) !== 0 ? matchNumber(bytes, start, (types & NUMBER) !== 0) : -1;
};

const matchObject = (bytes: Uint8Array, start: number, object: ObjectShape): number => {
  const { names, shapes, required, noted } = object;
  let at = afterBlanks(bytes, start + 1);
  let seen = 0;
  let expected = 0;
  if (bytes[at] === CLOSE_BRACE) return required === 0 ? at + 1 : -1;
  for (;;) {
    const index = indexOfName(bytes, at, names, expected);
    const bit = 1 << index;
    // The same name twice: the last one would count, and the bytes would still have both.
    if (index < 0 || (seen & bit) !== 0) return -1;
    seen |= bit;
    expected = index + 1;
    at = afterBlanks(bytes, at + names[index]!.length);
    if (bytes[at] !== COLON) return -1;
    const valueStart = afterBlanks(bytes, at + 1);
    at = matchValue(bytes, valueStart, shapes[index]!);
    if (at < 0) return -1;
    if (index === noted) {
      notedStart = valueStart;
      notedEnd = at;
    }
    at = afterBlanks(bytes, at);
    if (bytes[at] === COMMA) at = afterBlanks(bytes, at + 1);
    else if (bytes[at] === CLOSE_BRACE) return (seen & required) === required ? at + 1 : -1;
    else return -1;
  }
};

const matchArray = (bytes: Uint8Array, start: number, items: Shape): number => {
  let at = afterBlanks(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACKET) return at + 1;
  for (;;) {
    at = matchValue(bytes, at, items);
    if (at < 0) return -1;
    at = afterBlanks(bytes, at);
    if (bytes[at] === COMMA) at = afterBlanks(bytes, at + 1);
    else return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
  }
};

/** Records have their names in one order, mostly: first the one after the last is looked at. */
const indexOfName = (bytes: Uint8Array, at: number, names: readonly Uint8Array[], expected: number): number => {
  const next = names[expected];
  if (next !== undefined && stands(bytes, at, next)) return expected;
  for (let index = 0; index < names.length; index++) if (stands(bytes, at, names[index]!)) return index;
  return -1;
};

const stands = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
};

const afterBlanks = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (
    bytes[at]! <= SPACE &&
    (bytes[at] === SPACE || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)
  ) {
    at++;
  }
  return at;
};

/** 1 for a byte that stands for itself in a string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));

const matchString = (bytes: Uint8Array, start: number): number => {
  let at = start + 1;
  for (;;) {
    while (PLAIN[bytes[at]!] === 1) at++;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH) return -1;
    at = afterEscape(bytes, at + 1);
    if (at < 0) return -1;
  }
};

const afterEscape = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== LOWER_U) return ESCAPED.has(bytes[at]!) ? at + 1 : -1;
  for (let digit = at + 1; digit < at + 5; digit++) if (!isHex(bytes[digit]!)) return -1;
  return at + 5;
};

const isHex = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= LOWER_F);

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** A number by the grammar of JSON. One with an exponent is left to the parser: it may be out of range, or whole. */
const matchNumber = (bytes: Uint8Array, start: number, mayHaveFraction: boolean): number => {
  let at = bytes[start] === MINUS ? start + 1 : start;
  if (!isDigit(bytes[at]!)) return -1;
  if (bytes[at] === ZERO) at++;
  else while (isDigit(bytes[at]!)) at++;
  if (bytes[at] === POINT) {
    if (!mayHaveFraction || !isDigit(bytes[at + 1]!)) return -1;
    at += 2;
    while (isDigit(bytes[at]!)) at++;
  }
  // More digits than any double needs could be a number beyond the range of one.
  return isDigit(bytes[at]!) || bytes[at] === LOWER_E || bytes[at] === UPPER_E || at - start > 300 ? -1 : at;
};

const [NULL_WORD, TRUE_WORD, FALSE_WORD] = ['null', 'true', 'false'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
];

const matchWord = (bytes: Uint8Array, start: number, word: Uint8Array): number =>
  stands(bytes, start, word) ? start + word.length : -1;

const fitsEnum = (
  bytes: Uint8Array,
  start: number,
  end: number,
  literals: readonly Uint8Array[] | undefined,
): boolean =>
  literals === undefined || literals.some((literal) => end - start === literal.length && stands(bytes, start, literal));

/** `2026-01-31`, and for `date-time` `2026-01-31T08:30:00Z` with a fraction or an offset; no other spelling. */
const fitsFormat = (bytes: Uint8Array, start: number, end: number, format: 'date' | 'date-time'): boolean => {
  if (!fitsPattern(bytes, start, DATE)) return false;
  if (format === 'date') return end - start === DATE.length;
  if (end - start < DATE.length + TIME.length + 1 || !fitsPattern(bytes, start + DATE.length, TIME)) return false;
  let at = start + DATE.length + TIME.length;
  if (bytes[at] === POINT) {
    if (!isDigit(bytes[at + 1]!)) return false;
    at += 2;
    while (isDigit(bytes[at]!)) at++;
  }
  if (bytes[at] === 0x5a) return at + 1 === end;
  const isOffset = bytes[at] === PLUS || bytes[at] === MINUS;
  return isOffset && at + OFFSET.length + 1 === end && fitsPattern(bytes, at + 1, OFFSET);
};

/** The greatest byte at each place; a digit has to be at least 0, anything else stands for itself. */
const DATE = Buffer.from('9999-19-39');
const TIME = Buffer.from('T29:59:59');
const OFFSET = Buffer.from('99:99');

const fitsPattern = (bytes: Uint8Array, start: number, pattern: Uint8Array): boolean => {
  for (let index = 0; index < pattern.length; index++) {
    const most = pattern[index]!;
    const byte = bytes[start + index]!;
    if (isDigit(most) ? byte < ZERO || byte > most : byte !== most) return false;
  }
  return true;
};
