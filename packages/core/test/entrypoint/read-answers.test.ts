import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { mockApi, runConnector, temporaryFolder } from '@headwater/testing';
import { probe } from './probe.ts';

const THREE_STREAMS = fileURLToPath(new URL('../connectors/three-streams.mjs', import.meta.url));

test('retries a malformed body, a cut-off one and a reset, and yields each record once', async () => {
  await using api = await mockApi();
  const body = { data: [{ id: 1 }, { id: 2 }] };
  api.on(
    'GET /a',
    { body: '{"data":[{"id":1},{"id"', headers: { 'content-type': 'application/json' } },
    { body, fault: { kind: 'truncate' } },
    { fault: { kind: 'reset' } },
    { body },
  );
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(0);
  expect(run.recordsOf('a').map(({ id }) => id)).toEqual([1, 2]);
  expect(api.requests).toHaveLength(4);
});

test('says where JSON is malformed when it stays so', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: '{"data":[{"id":1}]', headers: { 'content-type': 'application/json' } });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(1);
  expect(run.records).toEqual({});
  expect(run.errors[0]).toMatchObject({
    failure_type: 'transient_error',
    message: expect.stringContaining(`GET ${api.url}/a (stream "a") was answered with a body that is not valid JSON`),
  });
});

test.each([
  ['seconds', () => 1],
  ['a date', () => new Date(Date.now() + 2000).toUTCString()],
])('waits as Retry-After says in %s, and says so once in a STREAM_STATUS', async (_name, retryAfter) => {
  await using api = await mockApi();
  let limited = 0;
  api.on(
    'GET /a',
    () => {
      limited = Date.now();
      return { status: 429, headers: { 'retry-after': retryAfter() } };
    },
    { body: { data: [{ id: 1 }] } },
  );
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(0);
  expect(api.requests[1]!.time - limited).toBeGreaterThanOrEqual(900);
  const throttled = run.traces.flatMap(({ stream_status: status }) => status?.reasons ?? []);
  expect(throttled).toEqual([{ type: 'RATE_LIMITED', rate_limited: { quota_reset: expect.any(Number) } }]);
});

test('stops at a page token that comes again', async () => {
  await using api = await mockApi();
  api.on('GET /a', ({ query }) => ({ body: { data: [{ id: 1 }], next: query.get('page') === 'x' ? 'y' : 'x' } }));
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(1);
  expect(run.recordsOf('a')).toHaveLength(3);
  expect(api.requests).toHaveLength(3);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'system_error',
    message: expect.stringMatching(/page token "x" of stream "a" came a second time/),
  });
});

test('ends a request that is never answered, and names URL and slice', async () => {
  await using api = await mockApi();
  api.on('GET /a/7', { fault: { kind: 'stall' } });
  const streams = [{ name: 'a', slices: [{ id: 7 }], timeouts: { headers: 200 }, retry: { attempts: 2 } }];
  const run = await probe('read', { config: { base_url: api.url, streams }, streams: ['a'] });

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]).toMatchObject({
    failure_type: 'transient_error',
    message: expect.stringContaining(
      `GET ${api.url}/a/7 (stream "a", slice {"id":7}): connected, but no answer after 0.2 s`,
    ),
  });
});

test('keeps characters whole that arrive in pieces', async () => {
  await using api = await mockApi();
  const name = 'žluťoučký кůň 馬 🐎'.repeat(20);
  api.on('GET /a', { body: { data: [{ id: 1, name }] }, fault: { kind: 'drip', bytes: 7, every: 0 } });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.recordsOf('a')).toEqual([{ id: 1, name }]);
});

test('reads a page in another character set and one with a byte order mark', async () => {
  await using api = await mockApi();
  const text = JSON.stringify({ data: [{ id: 1, name: 'Zürich' }] });
  api.on('GET /latin', {
    body: Buffer.from(text, 'latin1'),
    headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
  });
  api.on('GET /bom', { body: Buffer.from(`\uFEFF${text}`), headers: { 'content-type': 'application/json' } });
  api.on('GET /zipped', {
    body: gzipSync(text),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  const names = ['latin', 'bom', 'zipped'];
  const run = await probe('read', {
    config: { base_url: api.url, streams: names.map((name) => ({ name })) },
    streams: names,
  });

  expect(run.exitCode).toBe(0);
  for (const name of names) expect(run.recordsOf(name)).toEqual([{ id: 1, name: 'Zürich' }]);
});

test('says for which stream a parent was asked', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  api.on('GET /repositories', { status: 404 });
  const config = await folder.write('config.json', { base_url: api.url, issues: 'full', regions: [] });
  const catalog = await folder.write('catalog.json', {
    streams: [
      { stream: { name: 'issues', json_schema: {} }, sync_mode: 'full_refresh', destination_sync_mode: 'append' },
    ],
  });
  const run = await runConnector(THREE_STREAMS, ['read', '--config', config, '--catalog', catalog]);

  expect(run.exitCode).toBe(1);
  expect(run.errors[0]?.message).toContain(
    '/repositories (stream "repositories" for stream "issues") was answered with 404',
  );
});
