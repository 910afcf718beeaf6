/** What an answer says is left of a quota. */
export interface Quota {
  readonly remaining: number;
  readonly limit?: number;
  /** When it begins anew, in milliseconds since the epoch. */
  readonly resetsAt?: number;
}

const PREFIXES = ['ratelimit', 'x-ratelimit', 'x-rate-limit'];

/**
 * Reads the usual rate limit headers; the scarcest quota when there are several.
 *
 * @param headers names in lower case
 * @param now milliseconds since the epoch
 */
export const quotaIn = (headers: Readonly<Record<string, string>>, now: number): Quota | undefined =>
  [...PREFIXES.map((prefix) => namedQuota(headers, prefix, now)), ...listedQuotas(headers['ratelimit'], now)]
    .filter((quota) => quota !== undefined)
    .toSorted((a, b) => a.remaining - b.remaining)[0];

const namedQuota = (headers: Readonly<Record<string, string>>, prefix: string, now: number): Quota | undefined =>
  quotaOf(
    headers[`${prefix}-remaining`],
    headers[`${prefix}-limit`],
    headers[`${prefix}-reset`] ?? headers[`${prefix}-reset-after`],
    now,
  );

/** `"day";r=40;t=3600` and the older `limit=100, remaining=40, reset=3600`. */
const listedQuotas = (text = '', now: number): (Quota | undefined)[] => {
  const member = (list: string, name: string): string | undefined =>
    new RegExp(`(?:^|[;,\\s])${name}=(\\d+)`).exec(list)?.[1];
  if (/remaining=/.test(text)) {
    return [quotaOf(member(text, 'remaining'), member(text, 'limit'), member(text, 'reset'), now)];
  }
  return text.split(',').map((item) => quotaOf(member(item, 'r'), undefined, member(item, 't'), now));
};

const quotaOf = (remaining = '', limit = '', reset = '', now: number): Quota | undefined => {
  const left = numberIn(remaining);
  if (left === undefined) return undefined;
  const most = numberIn(limit);
  const resetsAt = momentIn(reset, now);
  return { remaining: left, ...(most !== undefined && { limit: most }), ...(resetsAt !== undefined && { resetsAt }) };
};

/** The first number: a header sent twice is joined, and a limit may have its windows behind it. */
const numberIn = (text: string): number | undefined => {
  const found = /^\s*(\d{1,15}(?:\.\d+)?)\s*(?:[,;]|$)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

const momentIn = (text: string, now: number): number | undefined => {
  const number = numberIn(text);
  if (number === undefined) {
    const date = /^\s*([A-Za-z]{3,9},? |\d{4}-\d\d-\d\dT)/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(date) ? undefined : date;
  }
  if (number >= 100_000_000_000) return number;
  return number >= 1_000_000_000 ? number * 1000 : now + number * 1000;
};
