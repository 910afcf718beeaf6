import type { HttpHeaders } from './types.ts';

/**
 * Milliseconds to wait that a `Retry-After` header asks for (RFC 9110, section 10.2.3: whole seconds or an HTTP date),
 * or undefined when there is none or it cannot be read.
 *
 * A date is measured against the answer's own `Date` where there is one, so that a wrong clock here does no harm.
 */
export const retryAfterOf = (headers: HttpHeaders, now: number): number | undefined => {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Only the three date forms of HTTP, which all begin with a weekday: Date.parse takes far more than that for a date.
  const until = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  const theirNow = Date.parse(headers['date'] ?? '');
  return Math.max(0, until - (Number.isNaN(theirNow) ? now : theirNow));
};
