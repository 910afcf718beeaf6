import { askedWaitOf } from '../asked-wait.ts';
import type { HttpHeaders, WireResponse } from '../types.ts';

/** The two headers in which an API says what is left and when it begins anew. */
export interface QuotaHeaders {
  /** Holds how many requests are left. */
  readonly remaining: string;
  /** Holds when the quota begins anew: a number (see `unit`), an HTTP date or an ISO date. */
  readonly reset: string;
  /**
   * The unit of a number that says how long from now. A number that can only be a moment is taken for one: seconds since
   * the epoch from 1,000,000,000 on, milliseconds from 100,000,000,000 on.
   *
   * @default 'seconds'
   */
  readonly unit?: 'seconds' | 'milliseconds';
}

const KNOWN: readonly QuotaHeaders[] = [
  { remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' },
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset-after' },
  { remaining: 'x-rate-limit-remaining', reset: 'x-rate-limit-reset' },
];

/** What one quota says: how much is left, and milliseconds from the answer until it begins anew. */
interface Quota {
  readonly remaining: number | undefined;
  readonly wait: number | undefined;
}

/**
 * Until when, in milliseconds since the epoch by the clock here, an answer forbids further requests: a quota is spent,
 * or it is a 429 that says how long. Undefined when it forbids nothing, or does not say until when.
 *
 * Moments are measured against the answer's own `Date`, so that a wrong clock here or there does no harm.
 */
export const spentUntil = (
  { status, headers }: WireResponse,
  now: number,
  others: readonly QuotaHeaders[] = [],
): number | undefined => {
  const refused = status === 429;
  const spent = quotasOf(headers, now, others).filter(({ remaining = refused ? 0 : 1 }) => remaining <= 0);
  const waits = spent.map(({ wait }) => wait);
  if (refused || spent.some(({ remaining }) => remaining !== undefined)) waits.push(askedWaitOf(headers, now, false));
  const longest = Math.max(0, ...waits.filter((wait) => wait !== undefined));
  return longest > 0 ? now + longest : undefined;
};

/**
 * How many requests an answer says are left, by the scarcest of its quotas, and until when that counts, in milliseconds
 * since the epoch by the clock here (for ever when it does not say). Undefined when it says nothing.
 */
export const quotaLeft = (
  { headers }: WireResponse,
  now: number,
  others: readonly QuotaHeaders[] = [],
): { readonly remaining: number; readonly until: number } | undefined => {
  const told = quotasOf(headers, now, others).filter(({ remaining }) => remaining !== undefined);
  if (told.length === 0) return undefined;
  const remaining = Math.min(...told.map((quota) => quota.remaining ?? 0));
  const waits = told.filter((quota) => quota.remaining === remaining).map(({ wait }) => wait ?? Infinity);
  return { remaining, until: now + Math.min(...waits) };
};

const quotasOf = (headers: HttpHeaders, now: number, others: readonly QuotaHeaders[]): readonly Quota[] => {
  const theirDate = Date.parse(headers['date'] ?? '');
  const theirNow = Number.isNaN(theirDate) ? now : theirDate;
  const named = [...others, ...KNOWN].map((names) => namedQuota(headers, names, theirNow));
  return [...listedQuotas(headers), ...named];
};

const namedQuota = (headers: HttpHeaders, { remaining, reset, unit }: QuotaHeaders, theirNow: number): Quota => ({
  remaining: smallest(headers[remaining.toLowerCase()]),
  wait: waitOf(headers[reset.toLowerCase()], unit, theirNow),
});

const smallest = (text: string | undefined): number | undefined => {
  const values = numbersIn(text);
  return values.length > 0 ? Math.min(...values) : undefined;
};

const waitOf = (text: string | undefined, unit: QuotaHeaders['unit'], theirNow: number): number | undefined => {
  const values = numbersIn(text);
  if (values.length === 0) {
    // Only dates that begin as one of HTTP or of ISO 8601 do: Date.parse takes far more than that for a date.
    const until = /^\s*([A-Za-z]{3,9},? |\d{4}-\d\d-\d\dT)/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
    return Number.isNaN(until) ? undefined : until - theirNow;
  }
  const value = Math.max(...values);
  if (value >= 100_000_000_000) return value - theirNow;
  if (value >= 1_000_000_000) return Math.ceil(value * 1000) - theirNow;
  return unit === 'milliseconds' ? value : Math.ceil(value * 1000);
};

/** The numbers of a header, several when it was sent several times; none when anything in it is not a number. */
const numbersIn = (text: string | undefined): readonly number[] => {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  return parts.every((part) => /^-?\d{1,16}(\.\d+)?$/.test(part)) ? parts.map(Number) : [];
};

/**
 * The quotas of the `RateLimit` header in its newer form (`"day";r=0;t=3600`, the window of `RateLimit-Policy` standing in
 * for a missing t) and its older (`limit=10, remaining=0, reset=5`).
 */
const listedQuotas = (headers: HttpHeaders): readonly Quota[] => {
  const members = membersOf(headers['ratelimit']);
  const old = new Map(members.map(({ name, value }) => [name, value]));
  const windows = new Map(membersOf(headers['ratelimit-policy']).map(({ name, params }) => [name, params.get('w')]));
  const quotas = members.map(({ name, params }) => ({
    remaining: smallest(params.get('r')),
    wait: waitOf(params.get('t') ?? windows.get(name), 'seconds', 0),
  }));
  return [...quotas, { remaining: smallest(old.get('remaining')), wait: waitOf(old.get('reset'), 'seconds', 0) }];
};

interface Member {
  readonly name: string;
  /** What follows the name and `=`. */
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
}

/** The members of a structured header (RFC 9651): a list with parameters, or a dictionary. */
const membersOf = (text = ''): readonly Member[] =>
  (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((member) => {
    const [first = '', ...rest] = member.match(/(?:"(?:[^"\\]|\\.)*"|[^;"])+/g) ?? [];
    const [name, value] = pair(first);
    return { name, value, params: new Map(rest.map(pair)) };
  });

const pair = (text: string): [string, string] => {
  const trimmed = text.trim();
  const at = trimmed.startsWith('"') ? -1 : trimmed.indexOf('=');
  return at < 0 ? [trimmed, ''] : [trimmed.slice(0, at).trim(), trimmed.slice(at + 1).trim()];
};
