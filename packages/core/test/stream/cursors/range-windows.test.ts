import { expect, test } from '@jest/globals';
import type { OpenCursor, Reading } from '../../../src/stream/cursors/cursor.ts';
import { counterCursor, type CounterCursorOptions } from '../../../src/stream/cursors/counter-cursor.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { opened } from './cursor-run.ts';

const cursorOf = (options: Partial<CounterCursorOptions> = {}): Promise<OpenCursor> =>
  opened(counterCursor({ field: 'id', start: 0, end: 1000, step: 10, adaptive: { maxRecords: 8 }, ...options }));

const see = (reading: Reading, count: number): void => {
  for (let index = 0; index < count; index++) reading.see!({ id: reading.window!.start });
};

/** How long the windows are when each holds so many records. */
const lengths = (cursor: OpenCursor, counts: readonly number[]): number[] => {
  const readings = cursor.readings(undefined)[Symbol.iterator]();
  return counts.map((count) => {
    const reading = readings.next().value!;
    see(reading, count);
    if (reading.isTooLarge) reading.split!();
    else reading.finished();
    return Number(reading.window!.end) - Number(reading.window!.start);
  });
};

test('doubles the step after windows with fewer than a quarter of the records', async () => {
  expect(lengths(await cursorOf(), [0, 1, 2, 1, 5, 1, 0])).toEqual([10, 20, 40, 40, 80, 80, 160]);
});

test('never makes a window longer than the longest step', async () => {
  const cursor = await cursorOf({ adaptive: { maxRecords: 8, maxStep: 45 } });

  expect(lengths(cursor, [0, 0, 0, 0, 0])).toEqual([10, 20, 40, 40, 40]);
});

test('goes back to shorter windows after one that was too large', async () => {
  expect(lengths(await cursorOf(), [0, 0, 9, 5, 9, 5, 5])).toEqual([10, 20, 40, 20, 20, 10, 10]);
});

test('counts windows begun together once', async () => {
  const cursor = await cursorOf();
  const readings = cursor.readings(undefined)[Symbol.iterator]();
  const begun = [1, 2, 3].map(() => readings.next().value!);
  for (const reading of begun) reading.finished();

  expect(readings.next().value!.window).toEqual({ start: 30, end: 50 });
});

test('keeps the pace of each slice to itself', async () => {
  const cursor = await cursorOf();
  lengths(cursor, [0, 0, 0]);

  expect(lengths(cursor, [0])).toEqual([10]);
});

test('splits a window in two halves that cover it', async () => {
  const cursor = await cursorOf();
  const [reading] = cursor.readings(undefined);
  see(reading!, 8);
  expect(reading!.isTooLarge).toBe(false);
  see(reading!, 1);
  expect(reading!.isTooLarge).toBe(true);

  const parts = reading!.split!()!;
  expect(parts.map(({ window }) => window)).toEqual([
    { start: 0, end: 5 },
    { start: 5, end: 10 },
  ]);
  expect(parts[1]!.split!()!.map(({ window }) => window)).toEqual([
    { start: 5, end: 7 },
    { start: 7, end: 10 },
  ]);
  expect(parts.map((part) => cursor.toJson(part.finished()))).toEqual([
    { id: 5 },
    { headwater: { version: 1, done: [[5, 10]] } },
  ]);
});

test('does not split below the shortest step', async () => {
  const cursor = await cursorOf({ adaptive: { maxRecords: 1, minStep: 6 } });
  const [reading] = cursor.readings(undefined);
  see(reading!, 5);

  expect(reading!.split!()).toBeUndefined();
  expect(reading!.isTooLarge).toBe(false);
});

test('does not split without being told so', async () => {
  const cursor = await opened(counterCursor({ field: 'id', start: 0, end: 1000, step: 10 }));
  const [reading] = cursor.readings(undefined);
  see(reading!, 1_000);

  expect(reading!.isTooLarge).toBe(false);
  expect(reading!.split!()).toBeUndefined();
});

test('does not split below the granularity, the shortest step, one second', async () => {
  const field = 'updated_at';
  const [start, end] = ['2024-03-01', '2024-03-09'];
  const adaptive = { maxRecords: 1, minStep: 'PT1H' };
  const coarse = await opened(dateTimeCursor({ field, start, end, step: 'P1D', granularity: 'PT9H', adaptive }));
  const fine = await opened(dateTimeCursor({ field, start, end, step: 'PT2S', adaptive: { maxRecords: 1 } }));

  const limited = { maxRecords: 1, minStep: 'PT9H' };
  const asked = await opened(
    dateTimeCursor({ field, start, end, step: 'P1D', granularity: 'PT1H', adaptive: limited }),
  );

  for (const cursor of [coarse, fine, asked]) {
    const [reading] = cursor.readings(undefined);
    const parts = reading!.split!()!;
    expect(parts).toHaveLength(2);
    expect(parts.map((part) => part.split!())).toEqual([undefined, undefined]);
  }
});
