import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import { probe, secret } from './probe.ts';

test('emits messages in the order the protocol wants', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1, name: null }], next: 2 } }, { body: { data: [{ id: 2, name: 'b' }] } });
  const before = Date.now();
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.exitCode).toBe(0);
  expect(run.notJson).toEqual([]);
  const told = run.messages.filter(({ type }) => type !== 'LOG');
  expect(told.map(({ type, trace }) => trace?.stream_status?.status ?? type)).toEqual([
    'STARTED',
    'RUNNING',
    'RECORD',
    'RECORD',
    'STATE',
    'COMPLETE',
  ]);
  expect(told[2]?.record).toEqual({ stream: 'a', emitted_at: expect.any(Number), data: { id: 1, name: null } });
  expect(told[2]?.record?.emitted_at).toBeGreaterThanOrEqual(before);
  expect(Number.isInteger(told[2]?.record?.emitted_at)).toBe(true);
  expect(told[4]?.state).toEqual({
    type: 'STREAM',
    stream: { stream_descriptor: { name: 'a' }, stream_state: { __ab_no_cursor_state_message: true } },
    sourceStats: { recordCount: 2 },
  });
});

test('reads a stream after the one it depends on', async () => {
  await using api = await mockApi();
  api.on('GET /child', { body: { data: [] } });
  api.on('GET /parent', { body: { data: [] } });
  const streams = [{ name: 'child', dependsOn: ['parent'] }, { name: 'parent' }];
  await probe('read', { config: { base_url: api.url, streams }, streams: ['child', 'parent'] });

  expect(api.requests.map(({ path }) => path)).toEqual(['/parent', '/child']);
});

test('turns what connector code prints into LOG messages, also under --debug', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }] } });
  const config = { base_url: api.url, streams: [{ name: 'a', parse: 'print' }] };
  const run = await probe('read', { config, streams: ['a'], args: ['--debug'] });

  expect(run.exitCode).toBe(0);
  expect(run.notJson).toEqual([]);
  expect(run.logs).toEqual(
    expect.arrayContaining([
      { level: 'INFO', message: 'printed by console.log { a: 1 }' },
      { level: 'WARN', message: 'a warning' },
      { level: 'INFO', message: 'written to stdout\nin two lines' },
      { level: 'DEBUG', message: expect.stringContaining(`GET ${api.url}/a`) },
    ]),
  );
});

test('shows no secret in anything but records', async () => {
  await using api = await mockApi();
  const echo = {
    message: `bad key ${secret} or ${encodeURIComponent(secret)} or ${Buffer.from(`u:${secret}`).toString('base64')}`,
  };
  api.on('GET /status', { status: 400, body: echo });
  api.on('GET /thrown', { body: { data: [] } });
  api.on('GET /invalid', { body: { data: [{ id: secret }] } });
  api.on('GET /fine', { body: { data: [{ id: 1, name: secret }] } });
  const streams = [{ name: 'status' }, { name: 'thrown', parse: 'throw' }, { name: 'invalid' }, { name: 'fine' }];
  const run = await probe('read', {
    config: { base_url: api.url, streams },
    streams: streams.map(({ name }) => name),
    args: ['--debug'],
  });

  expect(run.exitCode).toBe(1);
  expect(run.errors).toHaveLength(4);
  expect(run.recordsOf('fine')).toEqual([{ id: 1, name: secret }]);
  const others =
    run.stdout
      .split('\n')
      .filter((line) => !line.startsWith('{"type":"RECORD"'))
      .join('\n') + run.stderr;
  for (const form of [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').slice(0, 20),
  ]) {
    expect(others).not.toContain(form);
  }
  expect(others).toContain('****');
});

test('writes a pretty-printed page as single lines', async () => {
  await using api = await mockApi();
  const data = [
    { id: 1, name: 'a\nb' },
    { id: 2, name: null },
  ];
  api.on('GET /a', { body: JSON.stringify({ data }, null, 2).replaceAll('\n', '\r\n'), headers: JSON_TYPE });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.notJson).toEqual([]);
  expect(run.recordsOf('a')).toEqual(data);
});

test('never writes bytes that are not UTF-8, and says what it did instead', async () => {
  await using api = await mockApi();
  const body = Buffer.from('{"data":[{"id":1,"name":"x\xff\xfey"}]}', 'latin1');
  api.on('GET /a', { body, headers: JSON_TYPE });
  const run = await probe('read', { config: { base_url: api.url, streams: [{ name: 'a' }] }, streams: ['a'] });

  expect(run.recordsOf('a')).toEqual([{ id: 1, name: 'x\uFFFD\uFFFDy' }]);
  expect(run.logs.some(({ level, message }) => level === 'WARN' && message.includes('not UTF-8'))).toBe(true);
});

test('passes on how many records a stream expects, as an ESTIMATE', async () => {
  const run = await probe('read', { config: { counter: { count: 3 } }, streams: ['counter'] });

  expect(run.traces.find(({ type }) => type === 'ESTIMATE')).toEqual({
    type: 'ESTIMATE',
    emitted_at: expect.any(Number),
    estimate: { type: 'STREAM', name: 'counter', row_estimate: 3 },
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
