import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  contiguousEnd,
  gaps,
  interval,
  NOTHING,
  union,
  type Intervals,
} from '../../../src/stream/cursors/intervals.ts';

const point = fc.bigInt({ min: -20n, max: 20n });
const set = fc
  .array(fc.tuple(fc.oneof({ weight: 9, arbitrary: point }, fc.constant(null)), point), { maxLength: 6 })
  .map((pairs) => pairs.reduce<Intervals>((all, [start, end]) => union(all, interval(start, end)), NOTHING));

const runs = { numRuns: 1000 };
const points = Array.from({ length: 47 }, (_, index) => BigInt(index) - 23n);

const has = (intervals: Intervals, at: bigint): boolean =>
  intervals.some(({ start, end }) => (start === null || at >= start) && at < end);

test('joins in any order', () => {
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      expect(union(a, b)).toEqual(union(b, a));
      expect(union(union(a, b), c)).toEqual(union(a, union(b, c)));
      expect(union(a, a)).toEqual(a);
      expect(union(a, union(a, b))).toEqual(union(a, b));
      expect(union(a, NOTHING)).toEqual(a);
    }),
    runs,
  );
});

test('holds after joining what either held, in intervals apart from each other', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const joined = union(a, b);
      expect(points.filter((at) => has(joined, at))).toEqual(points.filter((at) => has(a, at) || has(b, at)));
      expect(joined.slice(1).every(({ start }, index) => start! > joined[index]!.end)).toBe(true);
    }),
    runs,
  );
});

test('finds gaps that fill the set up and overlap nothing', () => {
  const bound = fc.oneof({ weight: 4, arbitrary: point }, fc.constant(null));
  fc.assert(
    fc.property(set, bound, bound, (done, start, end) => {
      const found = gaps(done, start, end);
      const isInside = (at: bigint) => (start === null || at >= start) && (end === null || at < end);
      const holders = points.flatMap((at) =>
        found.filter((gap) => (gap.start ?? -99n) <= at && at < (gap.end ?? 99n)).map(() => at),
      );
      expect(holders).toEqual(points.filter((at) => isInside(at) && !has(done, at)));
      expect(found.every((gap) => (gap.start ?? -99n) < (gap.end ?? 99n))).toBe(true);
    }),
    runs,
  );
});

test('merges intervals that touch', () => {
  expect(union(interval(1n, 3n), interval(3n, 5n))).toEqual([{ start: 1n, end: 5n }]);
  expect(union(interval(null, 3n), interval(4n, 5n))).toEqual([
    { start: null, end: 3n },
    { start: 4n, end: 5n },
  ]);
});

test('keeps no empty interval', () => {
  expect(interval(3n, 3n)).toEqual([]);
  expect(interval(4n, 3n)).toEqual([]);
});

test('is contiguous only from the beginning', () => {
  expect(contiguousEnd(union(interval(null, 3n), interval(4n, 5n)))).toBe(3n);
  expect(contiguousEnd(interval(4n, 5n))).toBeUndefined();
  expect(contiguousEnd(NOTHING)).toBeUndefined();
});
