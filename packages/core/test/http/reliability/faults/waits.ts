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
    asks('`Retry-After: soon`', 'soon', [1], BACKOFF),
    asks('`Retry-After: -5`', '-5', [1], BACKOFF),
    asks('`Retry-After` without a value', '', [1], BACKOFF),
    tooLong(429),
    tooLong(503),
  ],
};
