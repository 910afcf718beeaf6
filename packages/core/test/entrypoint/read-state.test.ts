import { expect, test } from '@jest/globals';
import { mockApi, stateOf } from '@headwater/testing';
import { probe } from './probe.ts';

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
  ['STREAM messages', (at: string) => [stateFor('a', { updated_at: at }), stateFor('unknown', { x: 1 })]],
  ['STATE messages in their envelope', (at: string) => [{ type: 'STATE', state: stateFor('a', { updated_at: at }) }]],
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
  expect(stateOf(run)).toMatchObject([{ stream: { stream_state: { updated_at: '2026-03-02T00:00:00Z' } } }]);
});

const stateFor = (name: string, stream_state: object) => ({
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
  const second = await probe('read', { ...call, state: stateOf(first) });

  expect(first.exitCode).toBe(0);
  expect(first.states).toMatchObject([{ sourceStats: { recordCount: 3 } }]);
  expect(second.exitCode).toBe(1);
  expect(second.recordsOf('a').map(({ id }) => id)).toEqual(expect.arrayContaining([4, 5]));
  expect(second.recordsOf('a')).toHaveLength(2);
  const asked = api.requests.map(({ path, query }) => [path, query.get('since')]);
  expect(asked.slice(0, 3).every(([, since]) => since === null)).toBe(true);
  expect(asked.slice(3).toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
    ['/a/1', at(1)],
    ['/a/2', at(2)],
    ['/a/3', at(3)],
  ]);
  expect(stateOf(second)[0]?.stream?.stream_state).toEqual({
    states: [4, 2, 5].map((day, index) => ({ partition: { id: index + 1 }, cursor: { updated_at: at(day) } })),
  });
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
  expect(stateOf(run)[0]?.stream?.stream_state).toEqual({ updated_at: at(7) });
});
