import { expect, test } from '@jest/globals';
import { StateError } from '../../../src/errors.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened, readingsAfter, seen, stateAfter, windowsAfter } from './cursor-run.ts';

const field = 'updated_at';

test('keeps later windows that are done beside the first gap', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-02-10', step: 'P10D' }));
  const [first, , third] = readingsAfter(cursor);
  const state = stateAfter(cursor, [third!, first!]);

  expect(state).toEqual({ updated_at: '2024-02-20T00:00:00Z' });
  seen(third!, { updated_at: '2024-03-05' });
  const later = stateAfter(cursor, [third!, first!]);
  expect(later).toEqual({
    updated_at: '2024-02-20T00:00:00Z',
    headwater: { version: 1, done: [['2024-03-01T00:00:00Z', '2024-03-05T00:00:00Z']] },
  });
  expect(windowsAfter(cursor, later)).toEqual([
    { start: '2024-02-20T00:00:00Z', end: '2024-03-01T00:00:00Z' },
    { start: '2024-03-05T00:00:00Z', end: '2024-03-10T12:00:00Z' },
  ]);
});

test('loses nothing of later windows to a coarse format', async () => {
  const coarse = dateTimeCursor({ field, format: '%Y-%m-%d', start: '2024-03-01', step: 'P4D' });
  const cursor = await opened(coarse);
  const [, , last] = readingsAfter(cursor);
  seen(last!, { updated_at: '2024-03-09T18:00:00Z' });

  expect(stateAfter(cursor, [last!])).toEqual({
    headwater: { version: 1, done: [['2024-03-09T00:00:00Z', '2024-03-09T18:00:00Z']] },
  });
});

test('has one position for all slices: the furthest, and earlier ones', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const { overall } = cursor;
  const [early, late] = ['2024-03-01', '2024-03-05'].map((at) => cursor.parse({ updated_at: at }, 'The state'));
  const apart = cursor.parse({ headwater: { version: 1, done: [['2024-03-07', '2024-03-08']] } }, 'The state');

  expect(overall!.furthest(early, late)).toEqual(late);
  expect(overall!.furthest(late, early)).toEqual(late);
  expect(overall!.furthest(apart, cursor.merge(early, apart))).toEqual(early);
  expect(cursor.toJson(overall!.earlier(late, 90))).toEqual({ updated_at: '2024-03-04T23:58:30Z' });
  expect(overall!.earlier(apart, 90)).toBeUndefined();
});

test('reads the intervals of another kit', async () => {
  const cursor = await opened(dateTimeCursor({ field, granularity: 'PT1S', start: '2024-01-01' }));
  const slices = [
    { start: '2024-02-01T00:00:00Z', end: '2024-02-09T23:59:59Z' },
    { start: '2024-02-20T00:00:00Z', end: '2024-03-01T00:00:00Z', most_recent_cursor_value: '2024-02-25T00:00:00Z' },
    { start: '2024-02-10T00:00:00Z', end: '2024-02-14T23:59:59Z', most_recent_cursor_value: '2024-02-11T00:00:00Z' },
  ];
  const progress = cursor.parse({ state_type: 'date-range', slices }, 'The state');

  expect(cursor.toJson(progress)).toEqual({
    updated_at: '2024-02-15T00:00:00Z',
    headwater: { version: 1, done: [['2024-02-20T00:00:00Z', '2024-02-25T00:00:00Z']] },
  });
});

test('knows nothing from an empty state', async () => {
  const cursor = await opened(dateTimeCursor({ field }));

  expect(cursor.parse({}, 'The state')).toBeUndefined();
});

test.each([
  [{ other: 1 }, 'The state has no value for the cursor field "updated_at". Give the state'],
  [{ updated_at: 'soon' }, 'The state, member "updated_at" is "soon", not a time such as "2024-03-10T12:00:00Z". Give'],
  [{ updated_at: null }, 'The state, member "updated_at" is null, not a time'],
  [{ headwater: { version: 2 } }, 'The state, member "headwater" has version 2, and this release knows only 1. Use'],
  [{ headwater: 1 }, 'The state, member "headwater" has version nothing, and this release'],
  [{ headwater: { version: 1 } }, 'The state, member "headwater" has no list "done".'],
  [
    { headwater: { version: 1, done: [['2024-03-01']] } },
    'The state, member "headwater", done[0] is an array, not a pair',
  ],
  [{ headwater: { version: 1, done: [[1, 2]] } }, 'The state, member "headwater", done[0] is 1, not a time'],
  [{ state_type: 'date-range' }, 'The state has no list "slices".'],
  [{ state_type: 'date-range', slices: [7] }, 'The state, slices[0] is 7, not an object.'],
  [{ state_type: 'date-range', slices: [{ start: '2024-03-01' }] }, 'The state, slices[0].end is nothing, not a time'],
])('refuses the state %j', async (state, message) => {
  const cursor = await opened(dateTimeCursor({ field }));
  const parse = () => cursor.parse(state, 'The state');

  expect(parse).toThrow(StateError);
  expect(parse).toThrow(message);
});

test.each([
  ['epoch-seconds', 1_710_072_000],
  ['epoch-millis', 1_710_072_000_532],
])('names an example in the unit of %s', async (format, example) => {
  const cursor = await opened(dateTimeCursor({ field, format }), { now: '2024-03-10T12:00:00.532Z' });

  expect(() => cursor.parse({ updated_at: 'soon' }, 'The state')).toThrow(`not a time such as ${example}. Give`);
});
