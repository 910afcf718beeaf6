import { expect, test } from '@jest/globals';
import { StateError } from '../../src/errors.ts';
import { silentLogger } from '../../src/output/logger.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import type { OpenCursor, Reading } from '../../src/stream/cursors/cursor.ts';
import { growingCursor } from '../../src/stream/cursors/growing.ts';
import { StreamState } from '../../src/stream/stream-state.ts';
import type { Slice } from '../../src/stream/stream.ts';

const stateOf = async (state: JsonObject, maxSlices = 10_000): Promise<StreamState> => {
  const cursor: OpenCursor = await growingCursor('at', false).open({ stream: 's', log: silentLogger, now: 0 });
  return new StreamState({ stream: 's', cursor, state, maxSlices, log: silentLogger });
};

const readingOf = (state: StreamState, slice: Slice): Reading => [...state.readings(slice)][0]!;

const startOf = (state: StreamState, slice: Slice): unknown => readingOf(state, slice).state;

const read = (state: StreamState, slice: Slice, ...values: unknown[]): void => {
  const reading = readingOf(state, slice);
  for (const at of values) reading.see?.({ at });
  state.save(slice, reading.finished());
  state.done(slice, false);
};

test('keeps the greatest value of the one slice as a plain state', async () => {
  const state = await stateOf({});
  read(state, {}, 3, 9, 4);

  expect(state.toJson()).toEqual({ at: 9 });
});

test('does not move before the records are written', async () => {
  const state = await stateOf({ at: 5 });
  readingOf(state, {}).see?.({ at: 9 });

  expect(state.toJson()).toEqual({ at: 5 });
});

test('never goes back', async () => {
  const state = await stateOf({ at: 5 });
  read(state, {}, 1, 2);

  expect(state.toJson()).toEqual({ at: 5 });
});

test('leaves records without a usable cursor value out of account', async () => {
  const state = await stateOf({});
  read(state, {}, 3, null, undefined, { a: 1 }, true);

  expect(state.toJson()).toEqual({ at: 3 });
});

test('keeps the slices of a stream apart, in whatever order their keys come', async () => {
  const state = await stateOf({});
  read(state, { a: 1, b: 2 }, '2026-01-01');
  read(state, { a: 2, b: 2 }, '2026-02-01');
  read(state, { b: 2, a: 1 }, '2026-03-01');

  expect(state.toJson()).toEqual({
    states: [
      { partition: { b: 2, a: 1 }, cursor: { at: '2026-03-01' } },
      { partition: { a: 2, b: 2 }, cursor: { at: '2026-02-01' } },
    ],
  });
});

test('restores what it wrote', async () => {
  const first = await stateOf({ at: 1 });
  read(first, { a: 1 }, 5);
  const second = await stateOf(JSON.parse(JSON.stringify(first.toJson())));

  expect(startOf(second, { a: 1 })).toEqual({ at: 5 });
  expect(startOf(second, { a: 2 })).toEqual({ at: 1 });
  expect(second.toJson()).toEqual(first.toJson());
});

test('starts every slice at a plain state', async () => {
  const state = await stateOf({ at: 7 });

  expect(startOf(state, { a: 1 })).toEqual({ at: 7 });
});

test.each([
  [{ updated: 1 }],
  [{ at: null }],
  [{ at: {} }],
  [{ states: [{ cursor: { at: 1 } }] }],
  [{ states: [{ partition: {} }] }],
  [{ states: [7] }],
  [{ states: {}, headwater: { version: 1, rows: 7 } }],
  [{ headwater: { version: 2 }, at: 5 }],
  [{ use_global_cursor: true, state: 7 }],
  [{ use_global_cursor: true, state: { at: '2026-01-01T00:00:00Z' }, lookback_window: 'P1D' }],
])('refuses the foreign state %j', async (foreign) => {
  await expect(stateOf(foreign as JsonObject)).rejects.toThrow(StateError);
  await expect(stateOf(foreign as JsonObject)).rejects.toThrow(/stream "s"/);
});

test('reads the partitions of the reference, whose slices hold those of their parents', async () => {
  const state = await stateOf({
    use_global_cursor: false,
    states: [{ partition: { issue: 7, parent_slice: { repo: 'a', parent_slice: {} } }, cursor: { at: 5 } }],
    state: { at: 3 },
    parent_state: { issues: { updated_at: '2026-01-01' } },
  });

  expect(startOf(state, { repo: 'a', issue: 7 })).toEqual({ at: 5 });
  expect(startOf(state, { repo: 'b', issue: 7 })).toEqual({ at: 3 });
  expect(state.parent('issues')).toEqual({ updated_at: '2026-01-01' });
  expect(state.toJson()).toMatchObject({ parent_state: { issues: { updated_at: '2026-01-01' } } });
});

const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00Z`;

test('keeps one position for all slices when there are too many, from the end of the sync on', async () => {
  const state = await stateOf({}, 3);
  for (const id of [1, 2, 3, 4]) read(state, { id }, day(id));
  const before = state.toJson();
  for (const id of [9, 5]) read(state, { id }, day(id));

  expect(state.toJson()).toMatchObject(before);
  state.complete(61.2);
  expect(state.toJson()).toEqual({
    use_global_cursor: true,
    states: [],
    state: { at: day(9) },
    lookback_window: 62,
  });
});

test('begins every slice before the one position, by as much as the last sync took', async () => {
  const state = await stateOf({ use_global_cursor: true, states: [], state: { at: day(9) }, lookback_window: 3600 });

  expect(startOf(state, { id: 77 })).toEqual({ at: '2026-01-08T23:00:00.000Z' });
});

test('keeps what failed apart from the one position', async () => {
  const first = await stateOf({ states: [{ partition: { id: 3 }, cursor: { at: day(1) } }] }, 3);
  for (const id of [1, 2, 4, 5]) read(first, { id }, day(id));
  first.done({ id: 3 }, true);
  first.done({ id: 6 }, true);
  first.complete(1);
  const second = await stateOf(JSON.parse(JSON.stringify(first.toJson())) as JsonObject, 3);

  expect(startOf(second, { id: 1 })).toEqual({ at: '2026-01-04T23:59:59.000Z' });
  expect(startOf(second, { id: 3 })).toEqual({ at: day(1) });
  expect(startOf(second, { id: 6 })).toEqual({});
  read(second, { id: 3 }, day(7));
  read(second, { id: 6 }, day(8));
  second.complete(1);
  expect(second.toJson()).toMatchObject({ states: [], state: { at: day(8) } });
});

test('remembers what failed before there were too many slices', async () => {
  const first = await stateOf({}, 3);
  first.done({ id: 7 }, true);
  for (const id of [1, 2, 3, 4]) read(first, { id }, day(id));
  first.complete(1);
  const second = await stateOf(JSON.parse(JSON.stringify(first.toJson())) as JsonObject, 3);

  expect(startOf(second, { id: 7 })).toEqual({});
  expect(startOf(second, { id: 8 })).toEqual({ at: '2026-01-03T23:59:59.000Z' });
});

test('keeps the place of a slice that is under way when there are too many, should it fail', async () => {
  const first = await stateOf({ states: [{ partition: { id: 7 }, cursor: { at: day(1) } }], state: { at: day(9) } }, 3);
  first.save({ id: 7 }, { value: day(2) });
  for (const id of [1, 2, 3, 4]) read(first, { id }, day(10 + id));
  first.done({ id: 7 }, true);
  first.complete(1);
  const second = await stateOf(JSON.parse(JSON.stringify(first.toJson())) as JsonObject, 3);

  expect(startOf(second, { id: 7 })).toEqual({ at: day(2) });
});

test('does not lose what slices not yet read have, when it goes over to one position', async () => {
  const entries = [7, 8, 9].map((id) => ({ partition: { id }, cursor: { at: day(id) } }));
  const state = await stateOf({ states: entries }, 3);
  read(state, { id: 1 }, day(1));

  expect(startOf(state, { id: 9 })).toEqual({ at: day(9) });
});

test('keeps a cursor for each of too many slices when the cursor is no time', async () => {
  const state = await stateOf({}, 3);
  for (const id of [1, 2, 3, 4, 5]) read(state, { id }, id);

  expect((state.toJson()['states'] as unknown[]).length).toBe(5);
});

test('writes very many slices as rows, in less than 5 MB for 100,000, and reads them again', async () => {
  const first = await stateOf({}, 1_000_000);
  for (let id = 0; id < 100_000; id++) read(first, { parent_id: 1_000_000 + id }, day((id % 28) + 1));
  const text = JSON.stringify(first.toJson());
  const second = await stateOf(JSON.parse(text) as JsonObject, 1_000_000);

  expect(text.length).toBeLessThan(5_000_000);
  expect(startOf(second, { parent_id: 1_000_027 })).toEqual({ at: day(28) });
  expect(JSON.stringify(second.toJson())).toBe(text);
});
