import type { HttpHeaders } from '@headwater/core';
import { answers } from '../servers.ts';
import type { Row, Section } from '../row.ts';

const DAY = 86_400_000;

/** An answer whose dates are those of a server with a clock a day ahead. */
const byTheirClock = (seconds: number) => () => {
  const date = new Date(Date.now() + DAY).toUTCString();
  const later = new Date(Date.parse(date) + seconds * 1000).toUTCString();
  return { status: 503, headers: { date, 'retry-after': later } };
};

const asks = (fault: string, value: string, waits: readonly number[], kit: string): Row => ({
  fault,
  arrange: answers({ status: 503, headers: { 'retry-after': value } }, 1),
  expect: { records: 'all', attempts: 2, waits },
  kit,
});

/** A 429 that says when the quota is new. */
const resets = (fault: string, headers: () => HttpHeaders, wait: number, kit: string): Row => ({
  fault,
  arrange: answers(() => ({ status: 429, headers: headers() }), 1),
  expect: { records: 'all', attempts: 2, waits: [wait], throttled: 1 },
  kit,
});

/** A time so many seconds ahead, as seconds since the epoch, by the clock of a server a day ahead. */
const resetsAt = (seconds: number) => () => {
  const date = new Date(Date.now() + DAY).toUTCString();
  return { date, 'x-ratelimit-reset': String(Date.parse(date) / 1000 + seconds) };
};

const BACKOFF = 'Falls back to its own wait, which grows with each attempt.';

const tooLong = (number: number): Row => ({
  fault: `\`Retry-After\` longer than \`retry.maxWait\`, with a ${number}`,
  arrange: answers({ status: number, headers: { 'retry-after': 3600 } }),
  expect: {
    records: 'before',
    attempts: 1,
    error: {
      code: 'HEADWATER_RATE_LIMIT',
      failureType: 'transient_error',
      says: 'the API asks to wait 3600 s, longer than the 600 s allowed',
    },
  },
  kit: 'Does not hold the sync up for an hour.',
});

export const waits: Section = {
  title: 'Waits the API asks for',
  about: 'Where nothing is asked for, the wait is a random time up to 1 s, 2 s, 4 s and so on, and never above 60 s.',
  rows: [
    asks('`Retry-After: 7`', '7', [7000], 'Waits 7 s.'),
    {
      fault: '`Retry-After: 7` with a 429',
      arrange: answers({ status: 429, headers: { 'retry-after': 7 } }, 1),
      expect: { records: 'all', attempts: 2, waits: [7000], throttled: 1 },
      kit: 'Waits 7 s.',
    },
    {
      fault: '`Retry-After` with a date 90 s ahead, the clock of the API being a day ahead',
      arrange: answers(byTheirClock(90), 1),
      expect: { records: 'all', attempts: 2, waits: [90_000] },
      kit: 'Waits 90 s: the date is measured against the `Date` of the same answer.',
    },
    {
      fault: '`Retry-After` with a date in the past',
      arrange: answers(byTheirClock(-90), 1),
      expect: { records: 'all', attempts: 2 },
      kit: 'Does not take it for a long wait.',
    },
    resets('`X-RateLimit-Reset: 30` with a 429', () => ({ 'x-ratelimit-reset': '30' }), 30_000, 'Waits 30 s.'),
    resets(
      '`X-RateLimit-Reset` with a time 45 s ahead in seconds since the epoch, the clock of the API being a day ahead',
      resetsAt(45),
      46_000,
      'Waits 46 s: until then by the `Date` of the same answer, and a second more, which that may lack.',
    ),
    resets('`RateLimit-Reset: 20` with a 429', () => ({ 'ratelimit-reset': '20' }), 20_000, 'Waits 20 s.'),
    {
      fault: '`X-RateLimit-Reset: 30` with a 503',
      arrange: answers({ status: 503, headers: { 'x-ratelimit-reset': '30' } }, 1),
      expect: { records: 'all', attempts: 2, waits: [1] },
      kit: 'Does not wait for a quota that is not spent.',
    },
    asks('`Retry-After: soon`', 'soon', [1], BACKOFF),
    asks('`Retry-After: -5`', '-5', [1], BACKOFF),
    asks('`Retry-After` without a value', '', [1], BACKOFF),
    tooLong(429),
    tooLong(503),
  ],
};
