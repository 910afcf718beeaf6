import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoApi, mockApi, temporaryFolder } from '@headwater/testing';
import { configFor, FOREIGN, headwater, jsonLines, start, TEMPLATE } from './run.ts';

const read = (config: string, ...args: string[]) => headwater(TEMPLATE, 'read', '--config', config, ...args);

/** A folder with a connector of another kit, whose streams have so many records. */
const foreign = async (count = 1000) => {
  const folder = await temporaryFolder();
  await folder.write('foreign.mjs', FOREIGN.replace('1000', String(count)));
  const readForeign = (...args: string[]) => headwater(folder.path, 'read', '--command', 'node "foreign.mjs"', ...args);
  return { ...folder, read: readForeign };
};

test('reads a few records of a stream from its TypeScript source', async () => {
  await using api = await demoApi({ faults: false });
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));

  const { status, stdout, stderr } = await read(config, '--stream', 'issues', '--limit', '3');

  expect(stderr).toMatch(/^issues +done \(limit\) +3 +\d+ /m);
  expect(jsonLines(stdout)).toEqual(api.data.issues.slice(0, 3).map(({ id }) => expect.objectContaining({ id })));
  expect(status).toBe(0);
});

test('reads all streams to their end, with the stream beside each record', async () => {
  await using api = await demoApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));

  const { status, stdout, stderr } = await read(config);

  const counts = { repositories: 0, issues: 0, commits: 0 };
  for (const { stream } of jsonLines(stdout)) counts[stream as keyof typeof counts]++;
  expect(counts).toEqual({
    repositories: api.data.repositories.length,
    issues: api.data.issues.length,
    commits: [...api.data.commits.values()].flat().length,
  });
  expect(stdout).toContain('"id":9007199254740993,');
  expect(stderr).toContain('was answered with 429');
  expect(status).toBe(0);
});

test('counts the requests and waits of each stream', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  api.reply(429, {}, { 'retry-after': '1', 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0' });
  api.reply(
    200,
    { data: [{ id: 1, updated_at: '2026-01-01T00:00:00Z' }], next_cursor: null },
    { 'x-ratelimit-remaining': '7' },
  );

  const { status, stdout } = await read(config, '--stream', 'issues', '--json');

  expect(JSON.parse(stdout)).toMatchObject({
    connector: 'source-http',
    ok: true,
    streams: [
      {
        stream: 'issues',
        status: 'done',
        records: 1,
        requests: 2,
        waits: 1,
        waitedSeconds: 1,
        quota: { remaining: 7 },
      },
    ],
    errors: [],
  });
  expect(status).toBe(0);
});

test('writes a table of the first records', async () => {
  await using place = await foreign();

  const { stdout } = await place.read('--stream', 'b', '--format', 'table');

  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^id +mode$/);
  expect(lines.slice(1, 11)).toEqual(Array.from({ length: 10 }, (_, id) => expect.stringMatching(`^ ${id} +full`)));
  expect(lines.slice(11)).toEqual(['… and 990 more: --format json has them all']);
});

test('writes the records into a file, and the summary for scripts', async () => {
  await using place = await foreign();

  const { stdout } = await place.read('--limit', '2', '--output', 'out/records.jsonl', '--json');

  const records = jsonLines(await readFile(join(place.path, 'out/records.jsonl'), 'utf8'));
  expect(records.map(({ stream }) => stream).toSorted()).toEqual(['a', 'a', 'b', 'b']);
  expect(JSON.parse(stdout).streams).toMatchObject([
    { stream: 'a', status: 'limit', records: 2, requests: null },
    { stream: 'b', status: 'limit', records: 2, requests: null },
  ]);
});

test('asks only for what is newer with --since', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  api.on('GET /v1/issues', { body: { data: [], next_cursor: null } });
  api.on('GET /v1/repositories', { body: { items: [], next_page: null } });

  const { status, stderr } = await read(config, '--stream', 'issues,repositories', '--since', '2026-03-01');

  const asked = api.requests.find(({ path }) => path === '/v1/issues')?.query.get('since');
  expect(asked).toBe('2026-03-01T00:00:00Z');
  expect(stderr).toContain('--since has no effect on streams without a cursor field: repositories.');
  expect(status).toBe(0);
});

test('continues from a state file', async () => {
  await using place = await foreign();
  await place.write('state.json', { a: { at: '2026-02-02' } });

  const { stdout, stderr } = await place.read('--stream', 'a', '--state', 'state.json', '--limit', '1');

  expect(stderr).toContain('WARN state {"a":{"at":"2026-02-02"}}');
  expect(jsonLines(stdout)).toEqual([{ id: 0, mode: 'incremental' }]);
});

test('tells of a stream that fails, who has to act, and reads the others', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  api.on('GET /v1/issues', { status: 403, body: { message: 'Your plan has no issues' } });
  api.on('GET /v1/repositories', { body: { items: [{ id: 1, name: 'a' }], next_page: null } });

  const { status, stdout, stderr } = await read(config, '--stream', 'issues', '--stream', 'repositories');

  expect(stderr).toMatch(/^issues +failed /m);
  expect(stderr).toMatch(/^issues: .*Your plan has no issues/m);
  expect(stderr).toContain('config_error: Correct the config or a permission');
  expect(jsonLines(stdout)).toMatchObject([{ stream: 'repositories', data: { id: 1 } }]);
  expect(status).toBe(1);
});

test('ends quietly when nobody reads on', async () => {
  await using place = await foreign(100_000);
  const running = start(place.path, 'read', '--command', 'node foreign.mjs');

  running.child.stdout.once('data', () => running.child.stdout.destroy());

  expect(await running.ended).toMatchObject({ status: 0, stderr: '' });
});

test('reads any program that speaks the protocol', async () => {
  await using place = await foreign();

  const { status, stdout, stderr } = await place.read('--limit', '2', '--since', '2026-01-01');

  expect(stderr).toMatch(/^a +done \(limit\) +2 +– /m);
  expect(stderr).toContain('{"stream_descriptor":{"name":"a"},"stream_state":{"at":"2026-01-01"}}');
  expect(jsonLines(stdout).toSorted((one, other) => (one.stream < other.stream ? -1 : 1))).toEqual([
    { stream: 'a', data: { id: 0, mode: 'incremental' } },
    { stream: 'a', data: { id: 1, mode: 'incremental' } },
    { stream: 'b', data: { id: 0, mode: 'incremental' } },
    { stream: 'b', data: { id: 1, mode: 'incremental' } },
  ]);
  expect(status).toBe(0);
});

test('ends the connector and itself on a signal', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  const asked = new Promise<void>((resolve) => {
    api.on('GET /v1/issues', () => {
      resolve();
      return { fault: { kind: 'stall' } };
    });
  });
  const running = start(TEMPLATE, 'read', '--config', config, '--stream', 'issues');

  await asked;
  running.child.kill('SIGINT');

  expect(await running.ended).toMatchObject({ status: 130, stdout: '' });
});
