import type { Buffer } from 'node:buffer';

// Steps over the tokens of well-formed JSON; in malformed JSON they end somewhere.
//
// What the loops use is not exported: the engine neither inlines nor folds what a module exports, which halves the speed.

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;

const isBlankByte = (byte: number): boolean =>
  byte <= SPACE && (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB);

export const isBlank = (byte: number | undefined): boolean => byte !== undefined && isBlankByte(byte);

export const skipBlanks = (bytes: Buffer, start: number): number => {
  let at = start;
  while (at < bytes.length && isBlankByte(bytes[at]!)) at++;
  return at;
};

/** Where the string that starts with the quote at `start` ends. */
const stringEnd = (bytes: Buffer, start: number): number => {
  const end = skipShortString(bytes, start);
  return end > 0 ? end : skipLongString(bytes, -end);
};

const SHORT_STRING = 64;

/** The same, if it ends soon; else the negative of where to look on. */
const skipShortString = (bytes: Buffer, start: number): number => {
  const stop = start + SHORT_STRING;
  let at = start;
  let byte: number | undefined;
  do {
    byte = bytes[++at];
    if (byte === BACKSLASH) at++;
  } while (byte !== QUOTE && at < stop);
  return byte === QUOTE ? at + 1 : -at - 1;
};

/** Lets the engine look for the quote, but for a stretch after each escaped one: there are often more of them. */
const skipLongString = (bytes: Buffer, start: number): number => {
  for (let from = start; from < bytes.length;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) return bytes.length;
    let escape = quote;
    while (escape > from && bytes[escape - 1] === BACKSLASH) escape--;
    if ((quote - escape) % 2 === 0) return quote + 1;
    const end = skipShortString(bytes, quote);
    if (end > 0) return end;
    from = -end;
  }
  return bytes.length;
};

/** Where the value that starts at `start` ends. Brackets are only counted, so any depth costs the same. */
export const skipValue = (bytes: Buffer, start: number): number => {
  const { length } = bytes;
  let depth = 0;
  for (let at = start; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at) - 1;
      if (depth === 0) return at + 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // Depth 0: the bracket is not of this value, which was a number or a word.
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || isBlankByte(byte))) {
      return at;
    }
  }
  return length;
};

export const skipString = (bytes: Buffer, start: number): number => stringEnd(bytes, start);
