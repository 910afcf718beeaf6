import { expect, test } from '@jest/globals';
import { liveText, progressLine } from '../../src/read/live-text.ts';
import type { Snapshot, StreamProgress } from '../../src/read/progress.ts';

const NOW = new Date(2026, 0, 1, 12).getTime();

const stream = (name: string, changes: Partial<StreamProgress> = {}): StreamProgress => ({
  name,
  status: 'waiting',
  records: 0,
  requests: 0,
  statuses: {},
  waits: 0,
  waited: 0,
  failures: [],
  ...changes,
});

const snapshot = (...streams: StreamProgress[]): Snapshot => ({
  now: NOW,
  streams,
  isProbed: true,
  otherRequests: 0,
});

const reading = stream('issues', { status: 'reading', began: NOW - 8000, records: 1200, requests: 24, estimate: 2400 });

test('shows what each stream has done, and how long it will take', () => {
  const done = stream('users', { status: 'done', began: NOW - 9000, ended: NOW - 8000, records: 5, requests: 1 });

  expect(liveText(snapshot(reading, done, stream('orders')), { width: 100 })).toBe(
    [
      'stream  status   records  requests  records/s    ETA  errors  waits',
      'issues  reading    1,200        24        150  8.0 s       0',
      'users   done           5         1        5.0      –       0',
      'orders  waiting        0         0          –      –       0',
    ].join('\n'),
  );
});

test('tells what a stream waits for, and until when if it is long', () => {
  const short = stream('a', { status: 'reading', waits: 1, waitingUntil: NOW + 12_000, waitReason: 'rate_limit' });
  const long = stream('b', { status: 'reading', waits: 1, waitingUntil: NOW + 300_000, waitReason: 'rate_budget' });
  const over = stream('c', { status: 'reading', waits: 2, waited: 2500, waitingUntil: NOW - 1 });

  const lines = liveText(snapshot(short, long, over), { width: 120 }).split('\n');

  expect(lines[1]).toMatch(/ rate limit: 12 s$/);
  expect(lines[2]).toMatch(/ rate budget: 5 min 0 s until 12:05:00$/);
  expect(lines[3]).toMatch(/ 2 \(2\.5 s\)$/);
});

test('says what is not known of a connector of another kit', () => {
  const foreign = { ...snapshot(stream('a', { status: 'reading', began: NOW - 1000, records: 7 })), isProbed: false };

  expect(liveText(foreign, { width: 100 }).split('\n')[1]).toMatch(/^a +reading +7 +– +7\.0 +– +0 +–$/);
  expect(progressLine(foreign)).toBe('a: 7 records; 0 of 1 stream ended');
});

test('is no wider and no higher than the terminal', () => {
  const streams = Array.from({ length: 9 }, (_, index) => stream(`stream-${index}`, { status: 'done' }));

  const lines = liveText(snapshot(...streams, reading), { width: 30, rows: 3 }).split('\n');

  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^issues/);
  expect(lines.at(-1)).toBe('… and 7 streams more');
  expect(Math.max(...lines.map(({ length }) => length))).toBe(30);
});

test('says the same on one line where there is no terminal', () => {
  expect(progressLine(snapshot(reading, stream('orders')))).toBe(
    'issues: 1,200 records, 24 requests, 8.0 s left; 0 of 2 streams ended',
  );
});

test('counts requests of no stream apart', () => {
  expect(liveText({ ...snapshot(reading), otherRequests: 2 }, { width: 100 })).toMatch(
    /\nand 2 requests for logins and parents$/,
  );
});
