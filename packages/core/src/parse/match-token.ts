// Steps over one token of JSON that is certain to be well-formed and of the kind asked for: the place after it, else -1.

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_U = 0x75;
const UPPER_Z = 0x5a;
const SPACE = 0x20;

const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

const isHex = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) >= LOWER_A && (byte | 0x20) <= LOWER_F);

export const matchString = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  for (let at = start + 1; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    at = lastOfEscape(bytes, at + 1);
    if (at < 0) return -1;
  }
  return -1;
};

const lastOfEscape = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== LOWER_U) return ESCAPED.has(bytes[at]!) ? at : -1;
  for (let digit = at + 1; digit < at + 5; digit++) if (!isHex(bytes[digit]!)) return -1;
  return at + 4;
};

/** A number by the grammar of JSON. One with an exponent is left to the parser: it may be out of range, or whole. */
export const matchNumber = (bytes: Uint8Array, start: number, mayHaveFraction: boolean): number => {
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

/** `null`, `true` or `false`. */
export const matchWord = (bytes: Uint8Array, start: number, word: Uint8Array): number =>
  stands(bytes, start, word) ? start + word.length : -1;

/** A string that is one of those given with their quotes. */
export const matchOneOf = (bytes: Uint8Array, start: number, literals: readonly Uint8Array[]): number => {
  const found = literals.find((literal) => stands(bytes, start, literal));
  return found === undefined ? -1 : start + found.length;
};

const stands = (bytes: Uint8Array, at: number, text: Uint8Array): boolean => {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
};

/** A string such as `2026-01-31`; no other spelling. */
export const matchDate = (bytes: Uint8Array, start: number): number => {
  const end = start + 1 + DATE.length;
  return bytes[start] === QUOTE && fits(bytes, start + 1, DATE) && bytes[end] === QUOTE ? end + 1 : -1;
};

/** A string such as `2026-01-31T08:30:00Z`, with a fraction or an offset or without; no other spelling. */
export const matchDateTime = (bytes: Uint8Array, start: number): number => {
  if (bytes[start] !== QUOTE || !fits(bytes, start + 1, DATE_TIME)) return -1;
  let at = start + 1 + DATE_TIME.length;
  if (bytes[at] === POINT) {
    if (!isDigit(bytes[at + 1]!)) return -1;
    at += 2;
    while (isDigit(bytes[at]!)) at++;
  }
  if (bytes[at] === UPPER_Z) at++;
  else if ((bytes[at] === PLUS || bytes[at] === MINUS) && fits(bytes, at + 1, OFFSET)) at += 1 + OFFSET.length;
  else return -1;
  return bytes[at] === QUOTE ? at + 1 : -1;
};

/** The greatest byte at each place; a digit has to be at least 0, anything else stands for itself. */
const DATE = Buffer.from('9999-19-39');
const DATE_TIME = Buffer.from('9999-19-39T29:59:59');
const OFFSET = Buffer.from('99:99');

const fits = (bytes: Uint8Array, start: number, pattern: Uint8Array): boolean => {
  for (let index = 0; index < pattern.length; index++) {
    const most = pattern[index]!;
    const byte = bytes[start + index]!;
    if (isDigit(most) ? byte < ZERO || byte > most : byte !== most) return false;
  }
  return true;
};
