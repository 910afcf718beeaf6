/** A point in time: nanoseconds since the beginning of 1970 in UTC. */
export type Instant = bigint;

export const NANOS_PER_MILLI = 1_000_000n;
export const NANOS_PER_SECOND = 1_000_000_000n;

/** What four digits of a year can say; anything beyond is rather a number in the wrong unit than a time. */
const FIRST_SECOND = -62_167_219_200;
export const LAST_SECOND = 253_402_300_799;
const FIRST_INSTANT = BigInt(FIRST_SECOND) * NANOS_PER_SECOND;
const LAST_INSTANT = BigInt(LAST_SECOND) * NANOS_PER_SECOND + 999_999_999n;

export const isInRange = (at: Instant): boolean => at >= FIRST_INSTANT && at <= LAST_INSTANT;

const ZERO = 0x30;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const UPPER_CASE = 0xdf;

/**
 * Reads a date (midnight) or a date and a time of ISO 8601 or RFC 3339, `T` or a space between them, UTC unless it has
 * an offset. Fraction digits after the ninth are cut off. Undefined when it is none.
 */
export const parseIso = (text: string): Instant | undefined => {
  if (!read(text)) return undefined;
  // Multiplying once is what costs: whole milliseconds, by far the most frequent, fit a double.
  if (nanos % 1_000_000 === 0) return BigInt(seconds * 1000 + nanos / 1_000_000) * NANOS_PER_MILLI;
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
};

/** What `read` has read. Not returned, because it may be called for each record, and an object each would be garbage. */
let seconds = 0;
let nanos = 0;

/** By characters and without a regular expression, for speed. */
const read = (text: string): boolean => {
  const { length } = text;
  if (length < 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  const year = digits(text, 0) * 100 + digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  // Whatever is not a digit has made it NaN, and no comparison holds for that.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return false;
  seconds = dayNumber(year, month, day) * 86_400;
  nanos = 0;
  if (length === 10) return true;

  const separator = text.charCodeAt(10);
  if ((separator & UPPER_CASE) !== LETTER_T && separator !== SPACE) return false;
  if (length < 16 || text.charCodeAt(13) !== COLON) return false;
  const hour = digits(text, 11);
  const minute = digits(text, 14);
  if (!(hour <= 23 && minute <= 59)) return false;
  seconds += hour * 3600 + minute * 60;

  let at = 16;
  if (at < length && text.charCodeAt(at) === COLON) {
    const second = digits(text, at + 1);
    // 60 is a leap second, the first second of the next minute to a clock that knows none.
    if (!(second <= 60)) return false;
    seconds += second;
    at += 3;
    if (at < length && isPoint(text.charCodeAt(at))) {
      const first = ++at;
      for (let unit = 100_000_000; at < length; at++, unit /= 10) {
        const digit = text.charCodeAt(at) - ZERO;
        if (digit < 0 || digit > 9) break;
        if (unit >= 1) nanos += digit * unit;
      }
      if (at === first) return false;
    }
  }
  if (at < length) {
    const offset = offsetSeconds(text, at);
    if (offset === undefined) return false;
    seconds -= offset;
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return false;
  }
  return true;
};

/** `YYYY-MM-DDTHH:MM:SSZ`, with as many fraction digits as it takes. */
export const formatIso = (at: Instant): string => {
  const second = floorTo(at, NANOS_PER_SECOND);
  const date = new Date(Number(second / NANOS_PER_MILLI)).toISOString().slice(0, 19);
  const fraction = String(at - second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${date}Z` : `${date}.${fraction}Z`;
};

/**
 * Whether `value` comes after `top`, a time, when both are UTC texts of one form, so that their order as text is their
 * order in time. Undefined when they are not.
 */
export const isIsoAfter = (value: string, top: string): boolean | undefined => {
  if (!isOfForm(value, top)) return undefined;
  if (value <= top) return false;
  return read(value) ? true : undefined;
};

const isOfForm = (value: string, top: string): boolean => {
  const last = top.length - 1;
  if (value.length !== top.length || value.charCodeAt(4) !== DASH || value.charCodeAt(7) !== DASH) return false;
  if (last === 9) return true;
  const isUtc = value.charCodeAt(last) === LETTER_Z && top.charCodeAt(last) === LETTER_Z;
  return isUtc && value.charCodeAt(10) === top.charCodeAt(10);
};

/** The greatest multiple of `unit` that is not after `at`. */
export const floorTo = (at: bigint, unit: bigint): bigint => {
  const rest = at % unit;
  return rest < 0n ? at - rest - unit : at - rest;
};

/** NaN unless two digits stand there. */
const digits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
};

const isPoint = (code: number): boolean => code === POINT || code === COMMA;

/** `Z`, `+02:00`, `+0200` or `+02`, with a space before it or without. */
const offsetSeconds = (text: string, start: number): number | undefined => {
  const at = text.charCodeAt(start) === SPACE ? start + 1 : start;
  const sign = text.charCodeAt(at);
  const left = text.length - at;
  if ((sign & UPPER_CASE) === LETTER_Z && left === 1) return 0;
  if (sign !== PLUS && sign !== DASH) return undefined;
  const hours = digits(text, at + 1);
  const hasColon = left === 6 && text.charCodeAt(at + 3) === COLON;
  const minutes = left === 3 ? 0 : hasColon ? digits(text, at + 4) : left === 5 ? digits(text, at + 3) : Number.NaN;
  if (!(hours <= 23 && minutes <= 59)) return undefined;
  return (sign === DASH ? -1 : 1) * (hours * 3600 + minutes * 60);
};

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** Days since the beginning of 1970. A year is taken to begin in March, so that the leap day is its last. */
const dayNumber = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
};
