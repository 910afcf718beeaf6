import { compareNumber, isInteger, isNumber, LosslessNumber, stringify } from 'lossless-json';

/**
 * Whether the JSON text could hold a number with so many digits that a double would round it: 16 or more in a row, a
 * decimal point among them or not. Cheap enough to be asked of every page. A `true` may be wrong (it may have looked
 * into a string), a `false` is not.
 */
export const mayHoldLongNumber = (bytes: Uint8Array, start = 0, end = bytes.length): boolean => {
  // Sixteen digits in a row always cover one of the places looked at.
  for (let at = start + LONG - 1; at < end; at += LONG) {
    if (DIGIT_OR_POINT[bytes[at]!] === 0) continue;
    let first = at;
    while (first > start && DIGIT_OR_POINT[bytes[first - 1]!] === 1) first--;
    let after = at + 1;
    while (after < end && DIGIT_OR_POINT[bytes[after]!] === 1) after++;
    if (after - first >= LONG && isInexact(bytes, first, start, end)) return true;
    at = after;
  }
  return false;
};

/**
 * `JSON.parse` that keeps every number exactly: an integer beyond 2^53 is a `bigint`, any other number that a double
 * would round is a `LosslessNumber`, and all else is what `JSON.parse` makes of it. Throws `SyntaxError`.
 */
export const parseLossless = (text: string): unknown => {
  const kept: ExactNumber[] = [];
  const marked = markInexactNumbers(text, kept);
  if (kept.length === 0) return JSON.parse(text);
  try {
    return putBack(JSON.parse(marked), kept);
  } catch {
    // Malformed elsewhere. The message has to speak of the text as it was given.
    return JSON.parse(text);
  }
};

/** `JSON.stringify` that writes `bigint` and `LosslessNumber` with all their digits. */
export const stringifyJson = (value: unknown): string => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    text = stringifyExactly(value, error);
  }
  // JSON.stringify takes a LosslessNumber for an object; this is how such an object begins.
  if (text?.includes('LosslessNumber":true')) text = stringify(value);
  if (text === undefined) throw new TypeError(`A value of type ${typeof value} has no JSON form.`);
  return text;
};

const stringifyExactly = (value: unknown, reason: unknown): string | undefined => {
  try {
    return stringify(value);
  } catch {
    // It was not for a bigint that JSON.stringify failed.
    throw reason;
  }
};

type ExactNumber = number | bigint | LosslessNumber;

/** The fewest digits a double can fail to hold. */
const LONG = 16;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const LETTER_E = 0x65;
const LOWER_CASE = 0x20;

const tableOf = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
};

const DIGIT_OR_POINT = tableOf('0123456789.');
const BEFORE_NUMBER = tableOf(' \t\n\r:,[');
const AFTER_NUMBER = tableOf(' \t\n\r,]}');
const IN_NUMBER = tableOf('0123456789.+-eE');

/** Whether the digits from `first` on are those of an inexact number. Digits in a string mostly have other neighbours. */
const isInexact = (bytes: Uint8Array, first: number, start: number, end: number): boolean => {
  const from = first > start && bytes[first - 1] === MINUS ? first - 1 : first;
  if (from > start && BEFORE_NUMBER[bytes[from - 1]!] === 0) return false;
  const after = afterNumber(bytes, first, end);
  if (after < end && AFTER_NUMBER[bytes[after]!] === 0) return false;
  const token = Buffer.from(bytes.buffer, bytes.byteOffset + from, after - from).toString('latin1');
  return exactNumber(token) !== undefined;
};

const afterNumber = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start + 1;
  while (at < end && IN_NUMBER[bytes[at]!] === 1) at++;
  return at;
};

const hasExponent = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) if ((bytes[at]! | LOWER_CASE) === LETTER_E) return true;
  return false;
};

const afterString = (bytes: Uint8Array, quote: number): number => {
  let at = quote;
  let byte: number | undefined;
  do {
    byte = bytes[++at];
    if (byte === BACKSLASH) at++;
  } while (byte !== QUOTE && at < bytes.length);
  return at + 1;
};

/** What to keep of a number, or undefined when a double holds it. */
const exactNumber = (token: string): ExactNumber | undefined => {
  const double = Number(token);
  if (String(double) === token && !Number.isInteger(double) && !isMark(double)) return undefined;
  if (!isNumber(token)) return undefined;
  if (isInteger(token)) return Number.isSafeInteger(double) ? undefined : BigInt(token);
  if (!Number.isFinite(double) || compareNumber(token, String(double)) !== 0) return new LosslessNumber(token);
  return isMark(double) ? double : undefined;
};

/**
 * The text with a mark in the place of every number that a double would round; the numbers themselves go to `kept`.
 *
 * The mark of the n-th number is n times the smallest double there is. So `JSON.parse` can do the work, and a mark is
 * known by its size; the few real numbers as small as that are marked as well. What is not a number by the grammar
 * stays as it is, so malformed text stays malformed.
 */
const markInexactNumbers = (text: string, kept: ExactNumber[]): string => {
  // One byte for each character: what matters is ASCII, and a loop over bytes is several times faster.
  const bytes = Buffer.from(text, 'latin1');
  let marked = '';
  let done = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = afterString(bytes, at);
    } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const start = at;
      at = afterNumber(bytes, start, bytes.length);
      if (at - start < LONG && !hasExponent(bytes, start, at)) continue;
      const exact = exactNumber(text.slice(start, at));
      if (exact === undefined) continue;
      kept.push(exact);
      marked += text.slice(done, start) + String(kept.length * Number.MIN_VALUE);
      done = at;
    } else {
      at++;
    }
  }
  return done === 0 ? text : marked + text.slice(done);
};

const SMALLEST_NORMAL = 2 ** -1022;

const isMark = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < SMALLEST_NORMAL;

/** Replaces the marks, in place. */
const putBack = (root: unknown, kept: readonly ExactNumber[]): unknown => {
  const numberOf = (mark: number): ExactNumber => kept[Math.round(mark / Number.MIN_VALUE) - 1]!;
  if (isMark(root)) return numberOf(root);
  // A list of what is still to be visited, because JSON may be nested deeper than calls may.
  const pending: unknown[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isContainer(node)) continue;
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (typeof value === 'object') pending.push(value);
      else if (isMark(value)) node[key] = numberOf(value);
    }
  }
  return root;
};

const isContainer = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === 'object' && value !== null;
