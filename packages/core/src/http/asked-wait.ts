import { ConnectorError } from '../errors.ts';
import type { HttpHeaders } from './types.ts';

/** A header in which an API says how long to wait, for one that has its own. */
export interface WaitHeader {
  readonly name: string;
  /**
   * Where in the header the value is; the first group, e.g. `/retry in (\d+)/`.
   *
   * @default all of it
   */
  readonly pattern?: RegExp;
  /**
   * What the number means: how long in seconds or milliseconds, or since the epoch until when.
   *
   * @default 'seconds'
   */
  readonly unit?: 'seconds' | 'milliseconds' | 'epoch-seconds' | 'epoch-milliseconds';
}

/**
 * Milliseconds to wait that an answer asks for, or undefined when it does not or cannot be read: in the first of `named`
 * it has, else in `Retry-After`, else, when it is about a rate limit, in the header that says when the quota is new.
 *
 * A point in time is measured against the answer's own `Date` where there is one, so that a wrong clock here does no harm.
 */
export const askedWaitOf = (
  headers: HttpHeaders,
  now: number,
  rateLimited: boolean,
  named: readonly WaitHeader[] = [],
): number | undefined => {
  const date = Date.parse(headers['date'] ?? '');
  const theirNow = Number.isNaN(date) ? now : date;
  for (const header of named) {
    const wait = namedWait(headers, header, theirNow);
    if (wait !== undefined) return wait;
  }
  const wait = retryAfter(headers['retry-after']?.trim() ?? '', theirNow);
  return wait ?? (rateLimited ? resetWait(headers, theirNow) : undefined);
};

const NUMBER = /^\d+(\.\d+)?$/;

/** RFC 9110, section 10.2.3: whole seconds or an HTTP date. */
const retryAfter = (value: string, now: number): number | undefined => {
  if (NUMBER.test(value)) return Math.ceil(Number(value) * 1000);
  // Only the three date forms of HTTP, which all begin with a weekday: Date.parse takes far more than that for a date.
  const until = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
};

const RESET_HEADERS = ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset'];

/** Numbers from here on are no durations: seconds since the epoch as of 2001. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLISECONDS = 1e12;

/** Some APIs say in how many seconds, others at what second or millisecond since the epoch; the size tells which. */
const resetWait = (headers: HttpHeaders, now: number): number | undefined => {
  const value = RESET_HEADERS.map((name) => headers[name]?.trim() ?? '').find((text) => NUMBER.test(text));
  if (value === undefined) return undefined;
  const number = Number(value);
  if (number >= EPOCH_MILLISECONDS) return Math.max(0, number - now);
  // The answer's date has whole seconds, so the reset may be up to a second later than the difference says.
  if (number >= EPOCH_SECONDS) return Math.max(0, number * 1000 - now + 1000);
  return Math.ceil(number * 1000);
};

const namedWait = (headers: HttpHeaders, { name, pattern, unit = 'seconds' }: WaitHeader, now: number) => {
  const value = headers[name.toLowerCase()];
  if (value === undefined) return undefined;
  const found = pattern ? new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')).exec(value) : [value, value];
  if (found === null) return undefined;
  if (found.length < 2) {
    throw new ConnectorError(
      `The pattern ${pattern} of the wait header "${name}" has no group. Put the number in one.`,
    );
  }
  const number = found[1]?.trim() ?? '';
  if (!NUMBER.test(number)) return undefined;
  const factor = unit.endsWith('milliseconds') ? 1 : 1000;
  return Math.max(0, Math.ceil(Number(number) * factor - (unit.startsWith('epoch') ? now : 0)));
};
