import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { ConnectorRun } from '../../src/connector-run.ts';
import type { TemporaryFolder } from '../../src/temporary-folder.ts';

import type { Cassette } from '../../src/cassette/index.ts';
import { CLIENT_SECRET, EMAILS, exampleApi, filesIn, linesOf, REFRESH_TOKEN, run, temporaryFolder } from './setup.ts';
import { stateOf } from '../../src/state-of.ts';

const DUMMY = { client_secret: 'dummy-secret', refresh_token: 'dummy-token-of-a-test' };
const RECORD = { HEADWATER_CASSETTE: 'record' };
const REPLAY = { HEADWATER_CASSETTE: 'replay' };

/** One recording of everything, for all tests that only replay it; its API is not there any more. */
let folder: TemporaryFolder;
let recorded: ConnectorRun;
let url: string;
let asked: number;

beforeAll(async () => {
  folder = await temporaryFolder();
  const api = await exampleApi();
  url = api.url;
  recorded = await run(folder, url, { env: RECORD });
  asked = api.requests.length;
  await api.close();
});

afterAll(() => folder.remove());

test('replays without the API and with other credentials what was recorded, failures included', async () => {
  const replayed = await run(folder, url, { env: REPLAY, config: DUMMY });

  expect(recorded.errors).toEqual([]);
  expect(replayed.errors).toEqual([]);
  expect([recorded.exitCode, replayed.exitCode]).toEqual([0, 0]);
  expect(linesOf(recorded.stdout, 'RECORD')).toHaveLength(4 + 8);
  expect(linesOf(replayed.stdout, 'RECORD')).toEqual(linesOf(recorded.stdout, 'RECORD'));
  expect(replayed.stdout).toContain('"id":9007199254740993');
  expect(stateOf(replayed)).toEqual(stateOf(recorded));
  // Every request of the recording, those that were sent again too, has its exchange.
  const files = Object.values(await filesIn(folder)).map((text) => JSON.parse(text) as Cassette);
  expect(files.reduce((sum, { interactions }) => sum + interactions.length, 0)).toBe(asked);
  expect(files.every(({ complete }) => complete)).toBe(true);
  const statuses = files.flatMap(({ interactions }) => interactions.map(({ response }) => response.status));
  expect(statuses).toEqual(expect.arrayContaining([429, 503, 500]));
});

test('writes no credential down, one file a stream', async () => {
  const files = await filesIn(folder);

  expect(Object.keys(files)).toEqual(['connection.json', 'posts.json', 'users.json']);
  const all = Object.values(files).join('\n');
  for (const secret of [
    CLIENT_SECRET,
    encodeURIComponent(CLIENT_SECRET),
    JSON.stringify(CLIENT_SECRET).slice(1, -1),
    REFRESH_TOKEN,
    'at-abcdefghijkl-granted',
    'rt-9876543210-rotated',
    'c00kie-value',
    'header-token-777',
    'Bearer',
  ]) {
    expect(all).not.toContain(secret);
  }
  expect(all).toContain(EMAILS[0]);
});

test('replaces chosen fields by others of their form, the same everywhere', async () => {
  await using own = await temporaryFolder();
  const api = await exampleApi();
  const env = { ...RECORD, HEADWATER_CASSETTE_REDACT: 'email' };
  await run(own, api.url, { env });
  await api.close();
  const replayed = await run(own, api.url, { env: REPLAY, config: DUMMY });

  expect(replayed.errors).toEqual([]);
  const all = Object.values(await filesIn(own)).join('\n');
  for (const email of EMAILS) expect(all).not.toContain(email.slice(0, 3));
  const emails = replayed.recordsOf('users').map(({ email }) => email);
  expect(new Set(emails).size).toBe(4);
  for (const email of emails) expect(email).toMatch(/^user\d+@example\.com$/);
  // A child's path has its parent's address.
  expect(new Set(replayed.recordsOf('posts').map(({ email }) => email))).toEqual(new Set(emails));
  expect(replayed.recordsOf('users').find(({ note }) => note !== null)?.['note']).toBe(`knows ${emails[3]} well`);
});

test('names the nearest request, and what differs, for one that was not recorded', async () => {
  const state = [
    {
      type: 'STREAM',
      stream: { stream_descriptor: { name: 'users' }, stream_state: { updated_at: '2026-01-03T00:00:00Z' } },
    },
  ];
  const missed = await run(folder, url, { env: REPLAY, streams: ['users'], state });
  const ignored = await run(folder, url, {
    env: { ...REPLAY, HEADWATER_CASSETTE_IGNORE: 'since' },
    streams: ['users'],
    state,
  });

  expect(missed.exitCode).toBe(1);
  expect(missed.errors[0]?.failure_type).toBe('config_error');
  expect(missed.errors[0]?.internal_message).toContain('HEADWATER_CASSETTE');
  expect(missed.errors[0]?.message).toContain('different: query since (recorded none, asked "2026-01-03T00:00:00Z")');
  expect(missed.errors[0]?.message).toContain('HEADWATER_CASSETTE_IGNORE=since');
  expect(ignored.exitCode).toBe(0);
});

test('adds a second recording to the first, so that both are replayed', async () => {
  await using both = await temporaryFolder();
  await cp(join(folder.path, 'cassettes'), join(both.path, 'cassettes'), { recursive: true });
  const state = stateOf(recorded);
  const api = await exampleApi();
  const later = await run(both, url, {
    env: { ...RECORD, HEADWATER_CASSETTE_ORIGIN: api.url },
    streams: ['users'],
    state,
  });
  await api.close();
  const full = await run(both, url, { env: REPLAY, config: DUMMY });
  const resumed = await run(both, url, { env: REPLAY, config: DUMMY, streams: ['users'], state });

  expect([later.exitCode, full.exitCode, resumed.exitCode]).toEqual([0, 0, 0]);
  expect(linesOf(full.stdout, 'RECORD')).toEqual(linesOf(recorded.stdout, 'RECORD'));
  expect(linesOf(resumed.stdout, 'RECORD')).toEqual(linesOf(later.stdout, 'RECORD'));
  expect(later.recordsOf('users').length).toBeGreaterThan(0);
});

test('meets a fault at the request it is asked for, and replays the same records', async () => {
  // 1 is the token, 2 and 3 the failures that were recorded, 4 and 5 the pages.
  const faults = ['429@2', 'truncate@4', 'reset@5', '500@99'];
  const runs = await Promise.all(
    faults.map((fault) => {
      const env = { ...REPLAY, HEADWATER_CASSETTE_FAULT: fault };
      return run(folder, url, { env, streams: ['users'] });
    }),
  );

  const users = linesOf(recorded.stdout, 'RECORD').filter((line) => line.includes('"stream":"users"'));
  for (const hostile of runs) {
    expect(hostile.errors).toEqual([]);
    expect(linesOf(hostile.stdout, 'RECORD')).toEqual(users);
  }
  const resends = runs.map(
    ({ logs }) => logs.filter(({ message }) => /(?:again|Attempt \d of \d) in /.test(message)).length,
  );
  expect(resends).toEqual([3, 3, 3, 2]);
});

test('sends to another origin and writes down the one that was asked', async () => {
  await using own = await temporaryFolder();
  const api = await exampleApi();
  const origin = 'https://api.example.invalid';
  const first = await run(own, origin, { env: { ...RECORD, HEADWATER_CASSETTE_ORIGIN: api.url } });
  await api.close();
  const replayed = await run(own, origin, { env: REPLAY, config: DUMMY });

  expect([first.exitCode, replayed.exitCode]).toEqual([0, 0]);
  const all = Object.values(await filesIn(own)).join('\n');
  expect(all).not.toContain('127.0.0.1');
  expect(all).toContain(`${origin}/users?page=2`);
});
