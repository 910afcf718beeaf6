import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
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

test('emits one STATE for a stream without records', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [] } });
  const config = { base_url: api.url, streams: [{ name: 'a', cursorField: 'updated_at' }] };

  for (const mode of ['full_refresh', 'incremental'] as const) {
    const run = await probe('read', { config, streams: ['a'], mode });
    expect(run.statuses('a')).toEqual(['STARTED', 'COMPLETE']);
    expect(run.states).toHaveLength(1);
    expect(run.states[0]?.sourceStats).toEqual({ recordCount: 0 });
  }
});

test('reads nothing of a full refresh that its state calls complete', async () => {
  await using api = await mockApi();
  const state = { __ab_full_refresh_sync_complete: true };
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a' }] },
    streams: ['a'],
    state: [{ type: 'STREAM', stream: { stream_descriptor: { name: 'a' }, stream_state: state } }],
  });

  expect(run.exitCode).toBe(0);
  expect(api.requests).toEqual([]);
  expect(run.states).toMatchObject([{ stream: { stream_state: state }, sourceStats: { recordCount: 0 } }]);
  expect(run.statuses('a')).toEqual(['STARTED', 'COMPLETE']);
});

test.each([
  ['STREAM messages', (at: string) => [stateOf('a', { updated_at: at }), stateOf('unknown', { x: 1 })]],
  ['STATE messages in their envelope', (at: string) => [{ type: 'STATE', state: stateOf('a', { updated_at: at }) }]],
  [
    'one GLOBAL message',
    (at: string) => [
      {
        type: 'GLOBAL',
        global: {
          shared_state: {},
          stream_states: [{ stream_descriptor: { name: 'a' }, stream_state: { updated_at: at } }],
        },
      },
    ],
  ],
  ['the legacy object', (at: string) => ({ a: { updated_at: at } })],
  ['a LEGACY message', (at: string) => [{ type: 'LEGACY', data: { a: { updated_at: at } } }]],
])('continues from state given as %s', async (_name, state) => {
  await using api = await mockApi();
  const at = '2026-03-01T00:00:00Z';
  api.on('GET /a', { body: { data: [{ id: 1, updated_at: '2026-03-02T00:00:00Z' }] } });
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a', cursorField: 'updated_at' }] },
    streams: ['a'],
    mode: 'incremental',
    state: state(at),
  });

  expect(run.exitCode).toBe(0);
  expect(api.requests[0]?.query.get('since')).toBe(at);
  expect(run.lastState()).toMatchObject([{ stream: { stream_state: { updated_at: '2026-03-02T00:00:00Z' } } }]);
});

const stateOf = (name: string, stream_state: object) => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name }, stream_state },
});

test.each(['', '[]', '{}', ' \n'])('takes the state file "%s" for no state', async (content) => {
  await using api = await mockApi();
  api.on('GET /a', { body: { data: [{ id: 1 }] } });
  const run = await probe('read', {
    config: { base_url: api.url, streams: [{ name: 'a', cursorField: 'updated_at' }] },
    streams: ['a'],
    mode: 'incremental',
    state: content,
  });

  expect(run.exitCode).toBe(0);
  expect(api.requests[0]?.query.get('since')).toBeNull();
});

test('keeps a state for each slice, and gives a failed slice the old one', async () => {
  await using api = await mockApi();
  const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
  const page = (day: number) => ({ body: { data: [{ id: day, updated_at: at(day) }] } });
  api.on('GET /a/1', page(1), page(4));
  api.on('GET /a/2', page(2), { status: 404 });
  api.on('GET /a/3', page(3), page(5));
  const streams = [{ name: 'a', cursorField: 'updated_at', slices: [{ id: 1 }, { id: 2 }, { id: 3 }] }];
  const call = { config: { base_url: api.url, streams }, streams: ['a'], mode: 'incremental' as const };
  const first = await probe('read', call);
  const second = await probe('read', { ...call, state: first.lastState() });

  expect(first.exitCode).toBe(0);
  expect(first.states).toMatchObject([{ sourceStats: { recordCount: 3 } }]);
  expect(second.exitCode).toBe(1);
  expect(second.recordsOf('a').map(({ id }) => id)).toEqual(expect.arrayContaining([4, 5]));
  expect(second.recordsOf('a')).toHaveLength(2);
  const asked = api.requests.map(({ path, query }) => [path, query.get('since')]);
  expect(asked.slice(0, 3).every(([, since]) => since === null)).toBe(true);
  expect(asked.slice(3).toSorted()).toEqual([
    ['/a/1', at(1)],
    ['/a/2', at(2)],
    ['/a/3', at(3)],
  ]);
  expect(second.lastState()[0]?.stream?.stream_state).toEqual({
    states: [4, 2, 5].map((day, index) => ({ partition: { id: index + 1 }, cursor: { updated_at: at(day) } })),
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

test('keeps the cursor of an incremental stream from records it does not parse', async () => {
  await using api = await mockApi();
  const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
  api.on('GET /a', {
    body: {
      data: [{ id: 1, updated_at: at(2) }, { id: 2, updated_at: at(7) }, { id: 3 }, { id: 4, updated_at: at(5) }],
    },
  });
  const streams = [{ name: 'a', cursorField: 'updated_at' }];
  const run = await probe('read', { config: { base_url: api.url, streams }, streams: ['a'], mode: 'incremental' });

  expect(run.recordsOf('a')).toHaveLength(4);
  expect(run.lastState()[0]?.stream?.stream_state).toEqual({ updated_at: at(7) });
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
