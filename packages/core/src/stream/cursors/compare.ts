import { LosslessNumber } from 'lossless-json';

/** A value a cursor field can have. A `LosslessNumber` is a decimal with more digits than a double holds. */
export type CursorValue = string | number | bigint | LosslessNumber;

export const isCursorValue = (value: unknown): value is CursorValue =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  value instanceof LosslessNumber;

const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/;
const INTEGER = /^-?\d+$/;

/** Whether `a` comes after `b`, by what they are rather than as text: numbers, digits in strings, instants, then text. */
export const isAfter = (a: CursorValue, b: CursorValue): boolean => {
  if (typeof a === 'string' && typeof b === 'string') return isTextAfter(a, b);
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left === undefined || right === undefined) return String(a) > String(b);
  // Two decimals that are one double differ in their last digits.
  return left === right ? isTextAfter(String(a), String(b)) : left > right;
};

const isTextAfter = (a: string, b: string): boolean => {
  // The common case, and the fast one: two UTC instants, two dates or two ids written alike sort as text.
  if (a.length === b.length && !a.startsWith('-') && !hasOffset(a) && !hasOffset(b)) return a > b;
  if (INTEGER.test(a) && INTEGER.test(b)) return BigInt(a) > BigInt(b);
  if (ISO_DATE_TIME.test(a) && ISO_DATE_TIME.test(b)) {
    const [left, right] = [Date.parse(a), Date.parse(b)];
    // Date.parse knows milliseconds only: within one, the further digits decide.
    if (!Number.isNaN(left) && !Number.isNaN(right))
      return left === right ? fractionOf(a) > fractionOf(b) : left > right;
  }
  return a > b;
};

/** Whether it ends like `+02:00` or `+0200`. */
const hasOffset = (text: string): boolean => text.length > 16 && /[+-]/.test(text.slice(-6, -4));

const fractionOf = (text: string): string => (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(12, '0');

const numberOf = (value: CursorValue): number | bigint | undefined => {
  if (typeof value === 'string') return INTEGER.test(value) ? BigInt(value) : undefined;
  return value instanceof LosslessNumber ? Number(value.value) : value;
};
