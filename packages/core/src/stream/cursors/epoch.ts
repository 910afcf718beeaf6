import { LosslessNumber } from 'lossless-json';

const DECIMAL = /^\s*([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/** Longer than any time or counter: not worth an arithmetic of its own. */
const MAX_DIGITS = 60;

/**
 * A number times `10 ** digits`, without a double in between: `1697049600.123456789` with 9 is `1697049600123456789n`.
 * Digits that are then still behind the point are cut off, downwards. Undefined for what is no number.
 */
export const scaled = (value: unknown, digits: number): bigint | undefined => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return BigInt(value) * 10n ** BigInt(digits);
    return Number.isFinite(value) ? scaledText(String(value), digits) : undefined;
  }
  if (typeof value === 'bigint') return value * 10n ** BigInt(digits);
  if (typeof value === 'string') return scaledText(value, digits);
  return value instanceof LosslessNumber ? scaledText(value.value, digits) : undefined;
};

const scaledText = (text: string, digits: number): bigint | undefined => {
  const match = text.length <= MAX_DIGITS ? DECIMAL.exec(text) : null;
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = digits + Number(exponent) - fraction.length;
  if (Math.abs(shift) > MAX_DIGITS) return undefined;
  const all = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  if (shift >= 0) return all * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  return all >= 0n ? all / unit : -((unit - 1n - all) / unit);
};

/** The reverse: the number, or its digits as text when a double cannot hold them. */
export const unscaled = (value: bigint, digits: number): number | string => {
  const unit = 10n ** BigInt(digits);
  const size = value < 0n ? -value : value;
  const fraction =
    digits === 0
      ? ''
      : String(size % unit)
          .padStart(digits, '0')
          .replace(/0+$/, '');
  const text = `${value < 0n ? '-' : ''}${size / unit}${fraction === '' ? '' : `.${fraction}`}`;
  const number = Number(text);
  return String(number) === text ? number : text;
};
