import { compareNumber, isInteger, isNumber, LosslessNumber, stringify } from 'lossless-json';

/**
 * Whether the JSON text could hold a number a double would round: 16 or more digits in a row (a decimal point may stand
 * among them) where a number can stand. Cheap enough to be asked of every page; a `true` may be wrong, a `false` is not,
 * but for a number outside the range of a double (`1e400`), which `mayHoldHugeExponent` finds.
 */
export const mayHoldLongNumber = (bytes: Uint8Array, start = 0, end = bytes.length): boolean => {
  // Sixteen digits in a row always cover one of the places looked at.
  for (let at = start + LONG - 1; at < end; at += LONG) {
    if (DIGIT_OR_POINT[bytes[at]!] === 0) continue;
    let first = at;
    while (first > start && DIGIT_OR_POINT[bytes[first - 1]!] === 1) first--;
    let after = at + 1;
    while (after < end && DIGIT_OR_POINT[bytes[after]!] === 1) after++;
    if (after - first >= LONG && isLongNumber(bytes, first, after, start, end)) return true;
    at = after;
  }
  return false;
};

/** Whether the JSON text could hold a number with an exponent of three or more digits. A `true` may be wrong. */
export const mayHoldHugeExponent = (text: string): boolean => HUGE_EXPONENT.test(text);

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
    text = stringifyLossless(value, error);
  }
  // JSON.stringify takes a LosslessNumber for an object; this is how such an object begins.
  if (text?.includes(LOSSLESS_NUMBER)) text = stringify(value);
  if (text === undefined) throw new TypeError(`A ${typeof value} has no JSON form.`);
  return text;
};

type ExactNumber = number | bigint | LosslessNumber;

const LONG = 16;
const LOSSLESS_NUMBER = 'LosslessNumber":true';
const HUGE_EXPONENT = /[0-9][eE][+-]?[0-9]{3,}(?:[,}\]\s]|$)/;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

const tableOf = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
};

const DIGIT_OR_POINT = tableOf('0123456789.');
const BEFORE_NUMBER = tableOf(' \t\n\r:,[');
const AFTER_NUMBER = tableOf(' \t\n\r,]}eE');
const IN_NUMBER = tableOf('0123456789.+-eE');

/** Tells a number from digits within a string, as far as their neighbours show it. */
const isLongNumber = (bytes: Uint8Array, first: number, after: number, start: number, end: number): boolean => {
  let before = first - 1;
  if (before >= start && bytes[before] === MINUS) before--;
  if (before >= start && BEFORE_NUMBER[bytes[before]!] === 0) return false;
  if (after < end && AFTER_NUMBER[bytes[after]!] === 0) return false;
  const points = bytes.subarray(first, after).reduce((count, byte) => (byte < ZERO ? count + 1 : count), 0);
  const digits = after - first - points;
  // 2^53 has sixteen digits and begins with a 9: microseconds since 1970 are below it.
  const isSafeInteger = digits === LONG && points === 0 && bytes[first]! < NINE && !hasExponent(bytes, after, end);
  return digits >= LONG && !isSafeInteger;
};

const hasExponent = (bytes: Uint8Array, at: number, end: number): boolean => at < end && (bytes[at]! | 0x20) === 0x65;

/**
 * The text with a mark in the place of every number that a double would round; the numbers themselves go to `kept`.
 *
 * The mark of the n-th number is n times the smallest double there is. `JSON.parse` then does all the work, and a mark
 * is found again by its size; the few numbers that are as small are kept and marked as well. What is not a number by the
 * grammar stays as it is, so malformed text stays malformed.
 */
const markInexactNumbers = (text: string, kept: ExactNumber[]): string => {
  let marked = '';
  let done = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = afterString(text, at);
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const start = at;
      do at++;
      while (IN_NUMBER[text.charCodeAt(at)] === 1);
      const exact = inexactNumber(text.slice(start, at));
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

const afterString = (text: string, quote: number): number => {
  let at = quote;
  let code: number;
  do {
    code = text.charCodeAt(++at);
    if (code === BACKSLASH) at++;
  } while (code !== QUOTE && at < text.length);
  return at + 1;
};

const SMALLEST_NORMAL = 2 ** -1022;

const isMark = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < SMALLEST_NORMAL;

/** What to keep of a number, or undefined when `JSON.parse` reads it well. */
const inexactNumber = (token: string): ExactNumber | undefined => {
  if (token.length < LONG && !/[eE]/.test(token)) return undefined;
  if (!isNumber(token)) return undefined;
  const double = Number(token);
  if (isInteger(token)) return Number.isSafeInteger(double) ? undefined : BigInt(token);
  if (!Number.isFinite(double) || compareNumber(token, String(double)) !== 0) return new LosslessNumber(token);
  return isMark(double) ? double : undefined;
};

const isContainer = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

const putBack = (root: unknown, kept: readonly ExactNumber[]): unknown => {
  const exact = (value: unknown): unknown => (isMark(value) ? kept[Math.round(value / Number.MIN_VALUE) - 1] : value);
  // A list of what is still to be visited, because JSON may be nested deeper than calls may.
  const pending: unknown[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isContainer(node)) continue;
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (typeof value === 'object') pending.push(value);
      else if (isMark(value)) node[key] = exact(value);
    }
  }
  return exact(root);
};

const stringifyLossless = (value: unknown, reason: unknown): string | undefined => {
  try {
    return stringify(value);
  } catch {
    throw reason;
  }
};
