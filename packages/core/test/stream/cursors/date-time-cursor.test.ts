import { expect, test } from '@jest/globals';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened, readingsAfter, seen, stateAfter, windowsAfter } from './cursor-run.ts';

const field = 'updated_at';

test('reads everything in one window at first', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading, ...others] = readingsAfter(cursor);

  expect(reading!.window).toEqual({ end: '2024-03-10T12:00:00Z' });
  expect(reading!.state).toEqual({});
  expect(others).toEqual([]);
});

test('ends where the greatest value of an unfinished window is', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading] = readingsAfter(cursor);
  seen(
    reading!,
    { updated_at: '2024-03-02' },
    { updated_at: '2024-03-09T02:00:00+02:00' },
    { updated_at: '2024-03-08' },
  );

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: '2024-03-09T00:00:00Z' });
});

test('covers nothing when an unfinished window held nothing', async () => {
  const cursor = await opened(dateTimeCursor({ field }));

  expect(readingsAfter(cursor)[0]!.finished()).toBeUndefined();
});

test('does not take a value from the future for covered', async () => {
  const cursor = await opened(dateTimeCursor({ field }));
  const [reading] = readingsAfter(cursor);
  seen(reading!, { updated_at: '2031-01-01' });

  expect(stateAfter(cursor, [reading!])).toEqual({ updated_at: '2024-03-10T12:00:00Z' });
});

test('goes on where the state ends', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2020-01-01' }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-03-01T00:00:00Z' });

  expect(reading!.window).toEqual({ start: '2024-03-01T00:00:00Z', end: '2024-03-10T12:00:00Z' });
  expect(reading!.state).toEqual({ updated_at: '2024-03-01T00:00:00Z' });
});

test('begins at the start when the state ends before it', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-03-05' }));
  const [reading] = readingsAfter(cursor, { updated_at: '2024-01-01' });
  seen(reading!, { updated_at: '2024-03-06' });

  expect(reading!.window).toMatchObject({ start: '2024-03-05T00:00:00Z' });
  expect(stateAfter(cursor, [reading!], { updated_at: '2024-01-01' })).toEqual({ updated_at: '2024-03-06T00:00:00Z' });
});

test('steps month by month without drifting', async () => {
  const cursor = await opened(dateTimeCursor({ field, format: '%Y-%m-%d', start: '2023-12-31', step: 'P1M' }));

  expect(windowsAfter(cursor)).toEqual([
    { start: '2023-12-31', end: '2024-01-31' },
    { start: '2024-01-31', end: '2024-02-29' },
    { start: '2024-02-29', end: '2024-03-10' },
  ]);
});

test('makes windows one by one', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '1990-01-01', step: 'PT0.001S' }));
  const [first] = cursor.readings(undefined);

  expect(first!.window).toEqual({ start: '1990-01-01T00:00:00Z', end: '1990-01-01T00:00:00.001Z' });
});

test('ends windows before the next one begins when the values have a granularity', async () => {
  const options = { field, format: '%Y-%m-%d', start: '2024-03-01', step: 'P5D', granularity: 'P1D' };

  expect(windowsAfter(await opened(dateTimeCursor(options)))).toEqual([
    { start: '2024-03-01', end: '2024-03-05' },
    { start: '2024-03-06', end: '2024-03-10' },
  ]);
});

test('writes the present in whole units of the granularity or the format', async () => {
  const now = '2024-03-10T12:00:00.789Z';

  expect(windowsAfter(await opened(dateTimeCursor({ field }), { now }))).toEqual([{ end: now }]);
  expect(windowsAfter(await opened(dateTimeCursor({ field, granularity: 'PT1S' }), { now }))).toEqual([
    { end: '2024-03-10T12:00:00Z' },
  ]);
  expect(windowsAfter(await opened(dateTimeCursor({ field, format: 'epoch-seconds' }), { now }))).toEqual([
    { end: 1_710_072_000 },
  ]);
});

test('reads today again with a format of whole days', async () => {
  const cursor = await opened(dateTimeCursor({ field, format: '%Y-%m-%d' }));

  expect(windowsAfter(cursor, { updated_at: '2024-03-10' })).toEqual([{ start: '2024-03-10', end: '2024-03-10' }]);
});

test('looks back from the state, but not before the start', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-01-01', lookback: 'P1M' }));

  expect(windowsAfter(cursor, { updated_at: '2024-03-01T00:00:00Z' })).toMatchObject([
    { start: '2024-02-01T00:00:00Z' },
  ]);
  expect(windowsAfter(cursor, { updated_at: '2024-01-05T00:00:00Z' })).toMatchObject([
    { start: '2024-01-01T00:00:00Z' },
  ]);
  expect(windowsAfter(cursor)).toMatchObject([{ start: '2024-01-01T00:00:00Z' }]);
});

test('keeps its place when looking back found nothing', async () => {
  const cursor = await opened(dateTimeCursor({ field, lookback: 'P1D' }));
  const state = { updated_at: '2024-03-01T00:00:00Z' };
  const [reading] = readingsAfter(cursor, state);
  seen(reading!, { updated_at: '2024-02-29T12:00:00Z' });

  expect(stateAfter(cursor, [reading!], state)).toEqual(state);
});

test('leaves the newest alone with a settle lag', async () => {
  const cursor = await opened(dateTimeCursor({ field, settleLag: 'PT90M' }));

  expect(windowsAfter(cursor)).toEqual([{ end: '2024-03-10T10:30:00Z' }]);
  expect(windowsAfter(cursor, { updated_at: '2024-03-10T10:30:00Z' })).toEqual([]);
});

test('ends at a fixed end that is past and is then done', async () => {
  const cursor = await opened(dateTimeCursor({ field, end: '2024-03-01' }));
  const [reading] = readingsAfter(cursor);
  const state = stateAfter(cursor, [reading!]);

  expect(reading!.window).toEqual({ end: '2024-03-01T00:00:00Z' });
  expect(state).toEqual({ updated_at: '2024-03-01T00:00:00Z' });
  expect(windowsAfter(cursor, state)).toEqual([]);
});

test('does not take the time until an end in the future for covered', async () => {
  const cursor = await opened(dateTimeCursor({ field, end: '2024-12-31' }));
  const [reading] = readingsAfter(cursor);

  expect(reading!.window).toEqual({ end: '2024-03-10T12:00:00Z' });
  expect(stateAfter(cursor, [reading!])).toEqual({});
});

test.each([
  ['day', '2024-03-02T00:00:00Z', '2024-03-10T00:00:00Z'],
  ['week', '2024-02-26T00:00:00Z', '2024-03-04T00:00:00Z'],
  ['month', '2024-03-01T00:00:00Z', undefined],
] as const)('reads whole units only when clamped to the %s', async (clampTo, start, end) => {
  const cursor = await opened(dateTimeCursor({ field, clampTo }));
  const state = { updated_at: '2024-03-02T08:00:00Z' };

  expect(windowsAfter(cursor, state)).toEqual(end === undefined ? [] : [{ start, end }]);
});

test('has read a whole unit when it is over', async () => {
  const cursor = await opened(dateTimeCursor({ field, clampTo: 'day', start: '2024-03-08T15:00:00Z', step: 'P1D' }));
  const readings = readingsAfter(cursor);

  expect(readings.map(({ window }) => window)).toEqual([
    { start: '2024-03-08T00:00:00Z', end: '2024-03-09T00:00:00Z' },
    { start: '2024-03-09T00:00:00Z', end: '2024-03-10T00:00:00Z' },
  ]);
  expect(stateAfter(cursor, readings)).toEqual({ updated_at: '2024-03-10T00:00:00Z' });
});

test('takes nothing older than the start for progress', async () => {
  const cursor = await opened(dateTimeCursor({ field, start: '2024-03-01' }));
  const [reading] = readingsAfter(cursor);
  seen(reading!, { updated_at: '2024-01-01' });

  expect(reading!.finished()).toBeUndefined();
});

test('knows the first half of an unfinished window to be whole', async () => {
  const adaptive = { maxRecords: 1, minStep: 'PT1H' };
  const cursor = await opened(dateTimeCursor({ field, start: '2024-03-10', step: 'P1D', adaptive }));
  const [first, second] = readingsAfter(cursor)[0]!.split!()!;

  expect(first!.window).toEqual({ start: '2024-03-10T00:00:00Z', end: '2024-03-10T06:00:00Z' });
  expect(second!.window).toEqual({ start: '2024-03-10T06:00:00Z', end: '2024-03-10T12:00:00Z' });
  expect(stateAfter(cursor, [first!, second!])).toEqual({ updated_at: '2024-03-10T06:00:00Z' });
});
