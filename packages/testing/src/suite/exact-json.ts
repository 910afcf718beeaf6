import { toJson } from '../to-json.ts';

/** Any JSON value; an integer that a double cannot hold is a `bigint`. */
export type ExactObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is ExactObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LONG_DIGITS = /\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** No connector writes this before digits: a string that begins with NUL. */
const TAG = '\u0000integer:';

/** Parses JSON without loss of digits; undefined when the text is not JSON. */
export const parseExact = (text: string): unknown => {
  try {
    if (!LONG_DIGITS.test(text)) return JSON.parse(text);
    const tagged = text.replace(TOKENS, (token) =>
      /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? JSON.stringify(TAG + token) : token,
    );
    return JSON.parse(tagged, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith(TAG) ? BigInt(value.slice(TAG.length)) : value,
    );
  } catch {
    return undefined;
  }
};

/** The same text for equal values, whatever the order of their keys. */
export const canonical = (value: unknown): string => toJson(sorted(value));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
};

/** A copy for those who know no `bigint`. */
export const asDoubles = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asDoubles);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asDoubles(member)]));
};

/** JSON of a value, cut where it grows longer than a line of a report should be. */
export const short = (value: unknown, length = 160): string => {
  const text = typeof value === 'string' ? value : toJson(value);
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
};

/** What stands at a path of keys; undefined when the path leads nowhere. */
export const valueAt = (data: unknown, path: readonly string[]): unknown => {
  let value = data;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value;
};
