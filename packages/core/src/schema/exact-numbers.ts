import { compareNumber, isInteger, isLosslessNumber, isNumber, LosslessNumber } from 'lossless-json';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';

/**
 * The value as a schema validator understands it: every `bigint` and `LosslessNumber` replaced by a double.
 *
 * The double is the nearest one that is a finite number and a whole number only if the exact one is. Returns the very
 * value, not a copy, when there is nothing to replace.
 */
export const comparable = (value: JsonValue): JsonValue => {
  if (typeof value === 'bigint') return finite(Number(value));
  if (typeof value !== 'object' || value === null) return value;
  if (isLosslessNumber(value)) return doubleOf(value);
  if (Array.isArray(value)) {
    let copy: JsonValue[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const item: JsonValue = value[index];
      const plain = comparable(item);
      if (plain !== item && !Number.isNaN(item)) (copy ??= [...(value as JsonValue[])])[index] = plain;
    }
    return copy ?? value;
  }
  if (!isJsonObject(value)) return value;
  let copy: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const field = value[key];
    const plain = comparable(field);
    if (plain !== field && !Number.isNaN(field)) (copy ??= { ...value })[key] = plain;
  }
  return copy ?? value;
};

/**
 * The number a JSON number text stands for, in the simplest form that keeps its value: a double, else a `bigint` for
 * an integer, else a `LosslessNumber`. Undefined when the text is not a JSON number.
 */
export const exactNumber = (text: string): number | bigint | LosslessNumber | undefined => {
  if (!isNumber(text)) return undefined;
  const double = Number(text);
  // A double writes minus zero as `0`, so the sign would be lost.
  if (Object.is(double, -0)) return new LosslessNumber(text);
  if (isInteger(text)) return Number.isSafeInteger(double) ? double : BigInt(text);
  return Number.isFinite(double) && compareNumber(text, String(double)) === 0 ? double : new LosslessNumber(text);
};

const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const finite = (double: number): number => (Number.isFinite(double) ? double : Math.sign(double) * Number.MAX_VALUE);

const doubleOf = ({ value: text }: LosslessNumber): number => {
  const double = finite(Number(text));
  if (!Number.isInteger(double) || isWhole(text)) return double;
  // The fraction was rounded away; the nearest double that still has one stands for it.
  const direction = compareNumber(text, String(double));
  const size = Math.abs(double);
  if (size >= 2 ** 52) return Math.sign(double) * (2 ** 52 - 0.5);
  if (size >= 2 ** 51) return double + direction * 0.5;
  return double + direction * Math.max(size * Number.EPSILON, Number.MIN_VALUE);
};

const isWhole = (text: string): boolean => {
  const [, whole = '', decimals = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const fraction = decimals.replace(/0+$/, '');
  if (fraction !== '') return Number(exponent) >= fraction.length;
  const digits = whole.replace(/0+$/, '');
  return digits === '' || Number(exponent) >= digits.length - whole.length;
};
