import { expect, test } from '@jest/globals';

import { withoutControlConfigs } from '../../src/suite/control-configs.ts';
import { looksLikeCredential, secretsIn, wrongConfig } from '../../src/suite/credentials.ts';
import { futureState, isOlder, positionOf } from '../../src/suite/cursor-values.ts';
import { canonical, parseExact } from '../../src/suite/exact-json.ts';
import { compileJsonSchema } from '../../src/suite/json-schema.ts';
import { leakFinder } from '../../src/suite/leaks.ts';
import { observe } from '../../src/suite/observed-run.ts';
import { compareRecords, missingFrom } from '../../src/suite/record-sets.ts';
import { recordsBefore, spread, stateAfter } from '../../src/suite/states.ts';

test('parses integers that a double cannot hold', () => {
  const text =
    '{"id":9007199254740993,"text":"9007199254740993 \\" 12345678901234567890","half":0.1234567890123456,"n":1}';

  const value = parseExact(text);

  expect(value).toEqual({
    id: 9007199254740993n,
    text: '9007199254740993 " 12345678901234567890',
    half: 0.1234567890123456,
    n: 1,
  });
  expect(canonical({ b: 9007199254740993n, a: [{ d: 1, c: null }] })).toBe(
    '{"a":[{"c":null,"d":1}],"b":9007199254740993}',
  );
  expect(parseExact('{"half')).toBeUndefined();
});

test('compares dates and numbers, and nothing else', () => {
  const older = (a: unknown, b: unknown, lookback?: number) => isOlder(positionOf(a), positionOf(b), lookback);

  expect(older('2026-01-01', '2026-01-01T00:00:01Z')).toBe(true);
  expect(older('2026-01-01T02:00:00+02:00', '2026-01-01 00:00:00')).toBe(false);
  expect(older('2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 60_000)).toBe(false);
  expect(older('17', 18)).toBe(true);
  expect(older(9007199254740992n, '9007199254740993')).toBe(true);
  expect(older('abc', 'abd')).toBeUndefined();
  expect(older('2026-01-01', 18)).toBeUndefined();
});

test('moves what looks like a cursor into the future', () => {
  const state = { slices: [{ start: '2024-02-29T00:00:00Z', name: 'x' }], seq: 12, page: 3, text: '12' };

  expect(futureState(state, 'seq')).toEqual({
    slices: [{ start: '2999-02-28T00:00:00Z', name: 'x' }],
    seq: 1_000_012,
    page: 3,
    text: '12',
  });
});

test('moves a number since the epoch into the year 2999 in its own unit, and nothing backwards', () => {
  const moved = (value: unknown) => (futureState({ created: value }, 'created') as { created: unknown }).created;
  const year = (milliseconds: unknown) => new Date(Number(milliseconds)).getUTCFullYear();

  expect(year(Number(moved(1_795_288_919)) * 1000)).toBe(2999);
  expect(year(Number(moved(1_795_288_919.25)) * 1000)).toBe(2999);
  expect(year(moved(1_795_288_919_000))).toBe(2999);
  expect(year(Number(moved(1_795_288_919_000_000)) / 1000)).toBe(2999);
  expect(moved('1795288919')).toBe('32472144000');
  expect(moved('1795288919000000000')).toBe('9214646400000000000');
  expect(moved(1_795_288_919_000_000_001n)).toBe(9_214_646_400_000_000_000);
  expect(moved('99999999999999999999')).toBe('99999999999999999999');
});

test.each([
  'password',
  'apiKey',
  'client_secret',
  'refresh_token',
  'api-key',
  'private_key',
  'service_account_json',
  'accessToken',
])('takes %s for a credential', (name) => expect(looksLikeCredential(name)).toBe(true));

test.each([
  'token_url',
  'tokenExpiryDate',
  'access_key_id',
  'public_key',
  'page_token',
  'username',
  'max_tokens_count',
  'secret_name',
  'key',
])('does not take %s for a credential', (name) => expect(looksLikeCredential(name)).toBe(false));

test('finds secrets by mark and by name, and makes them wrong in the same form', () => {
  const spec = {
    properties: {
      auth: { oneOf: [{ properties: { type: { const: 'a' }, pin: { $ref: '#/definitions/pin' } } }] },
      token_kind: { type: 'string' },
    },
    definitions: { pin: { type: 'string', airbyte_secret: true } },
  };
  const config = { auth: { type: 'a', pin: 'sk_live-Zz99' }, token_kind: 'x', password: 'hunter2' };

  expect(secretsIn(spec, config).map(({ path }) => path.join('.'))).toEqual(['auth.pin', 'password']);
  expect(wrongConfig(spec, config)).toEqual({
    auth: { type: 'a', pin: 'sk_livf-Zz99' },
    token_kind: 'x',
    password: 'hunufs3',
  });
  expect(wrongConfig(spec, { token_kind: 'x' })).toBeUndefined();
});

test('finds a secret in every form', () => {
  const secret = 'p/ss"wörd+1';
  const find = leakFinder([{ name: 'password', value: secret }]);
  const texts = [
    `x ${secret} y`,
    JSON.stringify({ message: secret }),
    JSON.stringify({ message: JSON.stringify({ secret }) }),
    `?p=${encodeURIComponent(secret)}`,
    `?${new URLSearchParams({ p: secret }).toString()}`,
    Buffer.from(secret).toString('hex'),
    ...['', 'u:', 'us:'].map((user) => Buffer.from(`${user}${secret}`).toString('base64')),
    Buffer.from(`u:${secret}`).toString('base64url'),
  ];

  for (const text of texts) expect({ text, name: find(text)?.name }).toEqual({ text, name: 'password' });
  expect(find('p/ss word')).toBeUndefined();
  expect(find(`before ${secret} after`)?.around).toBe('before ****');
});

test('leaves out the config of a CONTROL message, and nothing else of any message', () => {
  const control = { type: 'CONNECTOR_CONFIG', emitted_at: 1, connectorConfig: { config: { key: 'hunter-22' } } };
  const messages = [
    { type: 'CONTROL', control },
    { type: 'CONTROL', control: { ...control, note: 'hunter-22' } },
    { type: 'CONTROL', control: 'hunter-22', connectorConfig: 'hunter-22' },
    { type: 'LOG', log: { level: 'INFO', message: JSON.stringify({ type: 'CONTROL', control }) } },
    { type: 'LOG', control },
  ];
  const lines = [...messages.map((message) => JSON.stringify(message)), 'hunter-22 connectorConfig', ''];

  const left = withoutControlConfigs(lines.join('\n')).split('\n');

  expect(left).toHaveLength(lines.length);
  expect(left[0]).toBe('{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1}}');
  expect(left.slice(1, -1).map((line) => line.includes('hunter-22'))).toEqual([true, true, true, true, true]);
  expect(left.slice(2)).toEqual(lines.slice(2));
});

test('compares records whatever their order', () => {
  const identity = { primaryKey: [['id']], unstable: [['stats', 'views']] };
  const all = [
    { id: 1, stats: { views: 1, likes: 1 } },
    { id: 2, stats: {} },
    { id: 2, stats: {} },
  ];

  expect(compareRecords(all, [all[1]!, all[2]!, { id: 1, stats: { likes: 1, views: 9 } }], identity)).toEqual({
    missing: [],
    extra: [],
  });
  expect(compareRecords(all, [all[0]!, all[1]!, { id: 3 }], identity)).toEqual({
    missing: [all[2]],
    extra: [{ id: 3 }],
  });
  expect(missingFrom(all, [{ id: 1 }], identity)).toHaveLength(2);
});

test('spreads positions evenly, with the first and the last', () => {
  expect(spread(3, 20)).toEqual([1, 2, 3]);
  expect(spread(100, 4)).toEqual([1, 34, 67, 100]);
  expect(spread(100, 1)).toEqual([100]);
  expect(spread(0, 5)).toEqual([]);
});

const runOf = (messages: readonly object[]) =>
  observe(
    { label: 'read', command: 'read', replays: false },
    {
      exitCode: 0,
      signal: null,
      stderr: '',
      timedOut: false,
      stdout: messages.map((one) => `${JSON.stringify(one)}\n`).join(''),
    },
  );
const record = (stream: string, id: number) => ({ type: 'RECORD', record: { stream, data: { id } } });
const state = (name: string, reached: number) => ({
  type: 'STATE',
  state: { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: { reached } } },
});

test('counts only records before the last STATE of their stream as safe', () => {
  const run = runOf([
    record('a', 1),
    record('b', 1),
    state('a', 1),
    record('a', 2),
    state('b', 1),
    record('b', 2),
    state('a', 2),
  ]);
  const safe = (count: number) => recordsBefore(run, count).map(({ stream, data }) => `${stream}${String(data['id'])}`);

  expect(safe(1)).toEqual(['a1']);
  expect(safe(2)).toEqual(['a1', 'b1']);
  expect(safe(3)).toEqual(['a1', 'b1', 'a2']);
  expect(stateAfter(run, 3).map((one) => one['stream'])).toEqual([
    state('a', 2).state.stream,
    state('b', 1).state.stream,
  ]);
});

test('lets a global STATE cover all streams', () => {
  const global = { type: 'STATE', state: { type: 'GLOBAL', global: { stream_states: [] } } };
  const run = runOf([record('a', 1), record('b', 1), global, record('b', 2)]);

  expect(recordsBefore(run, 1)).toHaveLength(2);
  expect(stateAfter(run, 1)).toEqual([global.state]);
});

test('sees in the words of a replaying connector that the cassette has a gap', () => {
  const trace = {
    type: 'TRACE',
    trace: { type: 'ERROR', error: { message: 'The cassette has no answer to GET /items.' } },
  };
  const about = { label: 'read', command: 'read' };
  const ended = { exitCode: 1, signal: null, stderr: '', timedOut: false, stdout: `${JSON.stringify(trace)}\n` };

  expect(observe({ ...about, replays: true }, ended).gap).toBe('The cassette has no answer to GET /items.');
  expect(observe({ ...about, replays: false }, ended).gap).toBeUndefined();
});

test('compiles the schemas of each draft, and names what is wrong', async () => {
  const draft2020 = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] };

  expect((await compileJsonSchema(draft2020)).check?.([1])).toEqual({ pointer: '/0', message: 'must be string' });
  expect(
    (await compileJsonSchema({ $schema: 'http://json-schema.org/schema#', type: 'integer' })).check?.(
      9007199254740993n,
    ),
  ).toBeUndefined();
  expect((await compileJsonSchema({ type: 'text' })).problem).toMatch(/type/);
  expect((await compileJsonSchema({ $ref: '#/definitions/none' })).problem).toMatch(/none/);
});
