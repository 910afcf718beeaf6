import { expect, test } from '@jest/globals';
import { mockApi, runConnector, stateOf } from '@headwater/testing';
import { PROBE, probe, startProbe } from './probe.ts';

test('ends with exit 1 when standard output is a full disk', async () => {
  const run = await runConnector(['/bin/sh', '-c', `exec "$0" "$1" spec > /dev/full`, process.execPath, PROBE], []);

  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain('Standard output cannot be written');
});

test('reads a page of 50 MB', async () => {
  await using api = await mockApi();
  const filler = 'é'.repeat(500);
  const count = 51_000;
  const data = Array.from({ length: count }, (_, id) => ({ id, name: filler }));
  const body = Buffer.from(JSON.stringify({ data }));
  expect(body.length).toBeGreaterThan(50_000_000);
  api.on('GET /a', { body, headers: { 'content-type': 'application/json' } });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(0);
  expect(run.recordsOf('a')).toHaveLength(count);
  expect(run.recordsOf('a').at(-1)).toEqual({ id: count - 1, name: filler });
}, 300_000);

test('waits for a slow reader and loses nothing', async () => {
  const count = 40_000;
  let nextLine = withResolvers();
  await using running = await startProbe('read', {
    config: { counter: { count } },
    streams: ['counter'],
    mode: 'incremental',
    options: { onLine: () => nextLine.resolve() },
  });
  for (let pauses = 0; pauses < 5; pauses++) {
    nextLine = withResolvers();
    await Promise.race([nextLine.promise, running.result]);
    running.pause();
    // So slow is the reader: meanwhile the connector meets a full pipe.
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.resume();
  }
  const run = await running.result;

  expect(run.exitCode).toBe(0);
  expect(run.notJson).toEqual([]);
  expect(run.recordsOf('counter').map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n));
});

test('ends quietly with exit 0 when the reader goes away', async () => {
  let seen = 0;
  const first = withResolvers();
  await using running = await startProbe('read', {
    config: { counter: { count: 1e9, pause: 1 } },
    streams: ['counter'],
    mode: 'incremental',
    options: { onLine: () => (++seen === 50 ? first.resolve() : undefined) },
  });
  await first.promise;
  running.closeStdout();
  const run = await running.result;

  expect(run.exitCode).toBe(0);
  expect(run.stderr).toBe('');
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('stops on %s with its state out, and resumes from it without loss', async (signal, exitCode) => {
  const count = 5000;
  const call = { streams: ['counter'], mode: 'incremental' as const };
  const first = await probe('read', {
    ...call,
    config: { counter: { count, pause: 5 } },
    options: { signal, killAfter: ({ record }) => record?.data['n'] === 1500 },
  });
  const second = await probe('read', { ...call, config: { counter: { count } }, state: stateOf(first) });

  expect(first.exitCode).toBe(exitCode);
  expect(first.statuses('counter')).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE']);
  expect(first.notJson).toEqual([]);
  const reached = stateOf(first)[0]?.stream?.stream_state?.['n'];
  expect(reached).toBeGreaterThanOrEqual(999);
  expect(second.exitCode).toBe(0);
  const union = new Set([...first.recordsOf('counter'), ...second.recordsOf('counter')].map(({ n }) => n));
  expect(union.size).toBe(count);
  expect(second.recordsOf('counter')[0]).toMatchObject({ n: Number(reached) + 1 });
});

test('stops on SIGTERM while it waits for an answer', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }], next: 2 } }, { fault: { kind: 'stall' } });
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a' }] },
    streams: ['a'],
    options: { killAfter: ({ type }) => type === 'RECORD' },
  });

  expect(run.exitCode).toBe(143);
  expect(run.statuses('a')).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE']);
  expect(run.errors).toEqual([]);
});

const withResolvers = () => {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};
