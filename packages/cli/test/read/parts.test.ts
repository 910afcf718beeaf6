import { expect, test } from '@jest/globals';
import { parseLossless, stringifyJson } from '@headwater/core';
import { Readable } from 'node:stream';
import { verdictOf } from '../../src/read/check-text.ts';
import { splitCommand } from '../../src/read/command-line.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { placeIn } from '../../src/read/failure-text.ts';
import { linesOf } from '../../src/read/lines.ts';
import { nearest } from '../../src/nearest.ts';
import type { StreamProgress } from '../../src/read/progress.ts';
import { quotaIn } from '../../src/read/quota.ts';
import { recordTable } from '../../src/read/record-table.ts';
import { redactorFor } from '../../src/read/redact.ts';
import { stateSince } from '../../src/read/since.ts';

const NOW = Date.UTC(2026, 0, 1);

test.each([
  [
    { 'x-ratelimit-remaining': '40', 'x-ratelimit-limit': '60' },
    { remaining: 40, limit: 60 },
  ],
  [
    { 'ratelimit-remaining': '1', 'ratelimit-reset': '30' },
    { remaining: 1, resetsAt: NOW + 30_000 },
  ],
  [
    { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '1767225660' },
    { remaining: 0, resetsAt: NOW + 60_000 },
  ],
  [{ ratelimit: '"day";r=40;t=60, "second";r=3;t=1' }, { remaining: 3, resetsAt: NOW + 1000 }],
  [{ ratelimit: 'limit=100, remaining=5, reset=2' }, { remaining: 5, limit: 100, resetsAt: NOW + 2000 }],
  [{ 'x-ratelimit-remaining': 'many' }, undefined],
  [{}, undefined],
])('reads the quota of %j', (headers, quota) => {
  expect(quotaIn(headers, NOW)).toEqual(quota);
});

test('keeps all digits of a number', () => {
  const text = '{"id":9007199254740993,"text":"1234567890123456 \\" 1234567890123456","small":1.5}';
  const value = parseLossless(text) as { id: unknown; small: unknown };

  expect(stringifyJson(value)).toBe(text);
  expect(plainText(value.id)).toBe('9007199254740993');
  expect(value.small).toBe(1.5);
});

test('takes what moves the cursor of a terminal out of a value', () => {
  expect(plainText('a\u001b[2Jb\nc')).toBe('a [2Jb c');
});

test('ends a line at a line feed only', async () => {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from([Buffer.from('a\u2028b\nlong '), Buffer.from('line\n\nend')]))) {
    lines.push(line);
  }
  expect(lines).toEqual(['a\u2028b', 'long line', '', 'end']);
});

test.each([
  ['node main.js  --x', ['node', 'main.js', '--x']],
  [`python "my file.py" 'a "b"' c\\ d`, ['python', 'my file.py', 'a "b"', 'c d']],
  [`run --a="b c"d`, ['run', '--a=b cd']],
  ['run "a\\\\b\\"c"', ['run', 'a\\b"c']],
  ['run "$HOME" ""', ['run', '$HOME', '']],
])('splits %j into its words', (text, words) => {
  expect(splitCommand(text)).toEqual(words);
});

test.each([
  ['isues', 'issues'],
  ['Users', 'users'],
  ['zzz', undefined],
])('finds what is nearest to %s', (given, found) => {
  expect(nearest(given.toLowerCase(), ['orders', 'issues', 'users'])[0]).toBe(found);
});

const streamWith = (schema: object) => ({
  name: 'a',
  json_schema: { properties: { at: schema } },
  supported_sync_modes: ['full_refresh' as const, 'incremental' as const],
  default_cursor_field: ['at'],
});

test.each([
  ['2026-02-03', { type: 'string', format: 'date-time' }, '2026-02-03T00:00:00Z'],
  ['2026-02-03', { type: ['null', 'string'], format: 'date' }, '2026-02-03'],
  ['2026-02-03T10:00:00+02:00', { type: 'string' }, '2026-02-03T10:00:00+02:00'],
  ['1767225600', { type: 'integer' }, 1_767_225_600],
  ['page-7', { type: 'string' }, 'page-7'],
  ['2026', { type: 'string', format: 'date' }, '2026-01-01'],
])('begins at %s in a cursor of %j', (since, schema, value) => {
  expect(stateSince([streamWith(schema)], since)).toEqual([
    { type: 'STREAM', stream: { stream_descriptor: { name: 'a' }, stream_state: { at: value } } },
  ]);
});

test.each([
  ['2026-02-03', { type: 'integer' }, 'is a number. Give it as one, e.g. --since 1770076800 if it counts seconds'],
  ['soon', { type: 'string', format: 'date-time' }, 'is a time. Give a date as 2026-01-31'],
])('refuses to begin at %s in a cursor of %j', (since, schema, message) => {
  expect(() => stateSince([streamWith(schema)], since)).toThrow(message);
});

test('shows as many fields as there is room for', () => {
  const records = [
    { id: 1, name: 'Ada', text: 'x'.repeat(50), extra: [1, 2] },
    { id: 20, name: null, text: 'y' },
  ];

  expect(recordTable(records, ['name', 'id', 'missing', 'text'], 48)).toBe(
    ['name  id  text', `Ada    1  ${'x'.repeat(31)}…`, 'null  20  y', '+ extra'].join('\n'),
  );
});

test('finds the first line of a stack that is the author’s', () => {
  const stack = [
    'Error: x',
    '    at f (file:///home/a/conn/node_modules/kit/index.js:1:2)',
    '    at Issues.path (file:///home/a/conn/src/streams.ts:41:12)',
  ].join('\n');

  expect(placeIn(stack, '/home/a/conn')).toBe('src/streams.ts:41:12');
  expect(placeIn(stack, '/home/b')).toBeUndefined();
});

const streamAfter = (changes: Partial<StreamProgress>): StreamProgress => ({
  name: 'a',
  status: 'failed',
  records: 0,
  requests: 1,
  statuses: {},
  waits: 0,
  waited: 0,
  failures: [],
  ended: 1,
  ...changes,
});

test.each([
  ['a record', { status: 'limit', records: 1 }, { reachable: true, permitted: true, readable: true, empty: false }],
  ['no record', { status: 'done' }, { reachable: true, permitted: true, readable: true, empty: true }],
  ['a 403', { statuses: { 403: 1 } }, { reachable: true, permitted: false, readable: false }],
  ['a 500', { statuses: { 500: 5 } }, { reachable: true, permitted: null, readable: false }],
  ['no answer', { statuses: { 0: 5 } }, { reachable: false, permitted: null, readable: false }],
] as const)('judges a stream by %s', (_, changes, verdict) => {
  expect(verdictOf(streamAfter(changes), true, (text) => text)).toMatchObject(verdict);
});

test('hides what is secret in a config, and not where it is sent', () => {
  const config = {
    token_url: 'https://auth.example.com',
    auth: { client_secret: 'a/b c"d' },
    keys: ['x'],
    api_key: 'abc',
  };
  const redact = redactorFor(config, '/nowhere');

  expect(redact('https://auth.example.com/?s=a%2Fb%20c%22d says a/b c"d, "a/b c\\"d"; abc')).toBe(
    'https://auth.example.com/?s=**** says ****, "****"; abc',
  );
});
