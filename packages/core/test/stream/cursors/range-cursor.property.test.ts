import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/protocol/json.ts';
import type { Reading } from '../../../src/stream/cursors/cursor.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import type { DateTimeCursorOptions } from '../../../src/stream/cursors/date-time-options.ts';
import { interval, NOTHING, union, type Intervals } from '../../../src/stream/cursors/intervals.ts';
import { formatIso, parseIso } from '../../../src/stream/cursors/iso.ts';
import { NOW, opened, stateAfter } from './cursor-run.ts';

const MINUTE = 60_000_000_000n;
const START = parseIso('2024-01-31T00:00:00Z')!;
const END = parseIso(NOW)!;
const MINUTES = Number((END - START) / MINUTE);
const SHORTEST: Readonly<Record<string, bigint>> = { PT10M: 10n * MINUTE, PT1H: 60n * MINUTE, PT2H: 120n * MINUTE };
const runs = { numRuns: 1000 };

/** A time in the range, mostly a whole hour so that neighbours meet. */
const time = fc
  .oneof(
    fc.integer({ min: 0, max: Math.floor(MINUTES / 60) }).map((hours) => hours * 60),
    fc.integer({ min: 0, max: MINUTES }),
  )
  .map((minutes) => START + BigInt(minutes) * MINUTE);

const record = time.map((at): JsonObject => ({ updated_at: formatIso(at) }));

/** A state some earlier sync may have left. */
const state = fc
  .tuple(fc.option(time, { nil: undefined }), fc.array(fc.tuple(time, time), { maxLength: 4 }))
  .map(([low, pairs]): JsonObject => {
    const done = pairs.filter(([start, end]) => start < end).map((pair) => pair.map(formatIso));
    return {
      ...(low === undefined ? {} : { updated_at: formatIso(low) }),
      ...(done.length === 0 ? {} : { headwater: { version: 1, done } }),
    };
  });

const doneIn = ({ updated_at: low, headwater }: JsonObject): Intervals => {
  const { done = [] } = (headwater ?? {}) as { done?: [string, string][] };
  const later = done.map(([start, end]) => interval(parseIso(start)!, parseIso(end)!));
  return [low === undefined ? NOTHING : interval(null, parseIso(low as string)!), ...later].reduce(union, NOTHING);
};

interface Bounds {
  readonly start: bigint;
  readonly end: bigint;
}

const boundsOf = ({ window }: Reading): Bounds => ({
  start: parseIso(window!.start as string)!,
  end: parseIso(window!.end as string)!,
});

const options = fc.record({
  field: fc.constant('updated_at'),
  start: fc.constant(formatIso(START)),
  step: fc.constantFrom(undefined, 'P1M', 'P7D', 'P1D', 'PT30H', 'P1M3D'),
  ascending: fc.boolean(),
  lookback: fc.constantFrom(undefined, undefined, 'PT36H', 'P1M'),
  clampTo: fc.constantFrom(undefined, undefined, undefined, 'day' as const),
});

const cursorOf = (given: { [K in keyof DateTimeCursorOptions]: DateTimeCursorOptions[K] | undefined }) =>
  opened(dateTimeCursor(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never));

test('covers what is left without a hole, and twice only what it looks back on', async () => {
  await fc.assert(
    fc.asyncProperty(options, state, async (given, before) => {
      const cursor = await cursorOf(given);
      const done = doneIn(before);
      const bounds = [...cursor.readings(cursor.parse(before, 'The state'))].map(boundsOf);

      const all = bounds.reduce((set, { start, end }) => union(set, interval(start, end)), done);
      const end = given.clampTo ? parseIso('2024-03-10')! : END;
      expect(all.some((one) => (one.start === null || one.start <= START) && one.end >= end)).toBe(true);
      expect(
        bounds.every((one, index) => one.start < one.end && (index === 0 || one.start >= bounds[index - 1]!.end)),
      ).toBe(true);
      if (given.lookback === undefined && given.clampTo === undefined) {
        const isApart = (one: Bounds) =>
          done.every((other) => one.end <= (other.start ?? -1n) || one.start >= other.end);
        expect(bounds.every(isApart)).toBe(true);
      }
    }),
    runs,
  );
});

test('comes to the same state in whatever order readings end, and holds back only what failed', async () => {
  const outcome = fc.record({
    records: fc.array(record, { maxLength: 3 }),
    fails: fc.boolean(),
    pages: fc.boolean(),
    rank: fc.double({ noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      options,
      state,
      fc.array(outcome, { minLength: 8, maxLength: 8 }),
      async (given, before, outcomes) => {
        const cursor = await cursorOf(given);
        const readings = [...cursor.readings(cursor.parse(before, 'The state'))].slice(0, outcomes.length);
        const ended = readings.map((reading, index) => {
          const { records, fails, pages, rank } = outcomes[index]!;
          for (const one of records) {
            const { start, end } = boundsOf(reading);
            const at = parseIso(one['updated_at'] as string)!;
            if (at >= start && at < end) reading.see!(one);
          }
          const covered = pages ? reading.covered!() : undefined;
          return { reading, fails, rank, parts: [covered, fails ? undefined : reading.finished()] };
        });
        const known = cursor.parse(before, 'The state');
        const merged = (list: typeof ended): JsonObject => {
          const parts = list.flatMap((one) => one.parts).filter((part) => part !== undefined);
          const all = parts.reduce((one, other) => (one === undefined ? other : cursor.merge(one, other)), known);
          return all === undefined ? {} : cursor.toJson(all);
        };

        const after = merged(ended);
        expect(merged(ended.toSorted((a, b) => a.rank - b.rank))).toEqual(after);
        expect(merged([...ended, ...ended.toReversed()])).toEqual(after);
        expect(stateAfter(cursor, [], after)).toEqual(after);

        const set = doneIn(after);
        for (const { reading, fails } of ended) {
          const { start, end } = boundsOf(reading);
          const isWhole = set.some((one) => (one.start === null || one.start <= start) && one.end >= end);
          if (!fails && (end < END || given.clampTo !== undefined)) expect(isWhole).toBe(true);
          const wasDone = doneIn(before).some((one) => (one.start === null || one.start < end) && one.end > start);
          if (fails && !wasDone && !given.ascending) {
            expect(set.some((one) => (one.start === null || one.start <= start) && one.end > start)).toBe(false);
          }
        }
      },
    ),
    runs,
  );
});

test('reads every record in windows that follow the data', async () => {
  const maxRecords = fc.integer({ min: 1, max: 20 });
  const maxStep = fc.constantFrom(undefined, 'P1D', 'P4D');
  const minStep = fc.constantFrom(undefined, 'PT1H', 'PT10M', 'PT2H');
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        record.filter(({ updated_at: at }) => at !== NOW),
        { maxLength: 60 },
      ),
      fc.record({ maxRecords, maxStep, minStep }),
      fc.infiniteStream(fc.boolean()),
      async (records, limits, timeOuts) => {
        const adaptive = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
        const cursor = await cursorOf({
          field: 'updated_at',
          start: formatIso(START),
          end: NOW,
          step: 'PT12H',
          adaptive: adaptive as never,
        });
        const shortest = limits.minStep ? SHORTEST[limits.minStep]! : 1_000_000_000n;
        const longest = { P1D: 1440n, P4D: 5760n }[limits.maxStep as 'P1D'] ?? BigInt(MINUTES);
        const found = new Set<JsonObject>();
        const finished: Reading[] = [];
        const lengths: bigint[] = [];
        const crowded: bigint[] = [];

        const read = (reading: Reading): void => {
          const { start, end } = boundsOf(reading);
          const inside = records.filter(({ updated_at: at }) => {
            const instant = parseIso(at as string)!;
            return instant >= start && instant < end;
          });
          lengths.push(end - start);
          for (const one of inside) reading.see!(one);
          const mayTimeOut = end - start > 6n * 60n * MINUTE && timeOuts.next().value;
          const parts = reading.isTooLarge || mayTimeOut ? reading.split!() : undefined;
          if (parts) return parts.forEach(read);
          if (inside.length > limits.maxRecords) crowded.push(end - start);
          inside.forEach((one) => found.add(one));
          finished.push(reading);
        };
        for (const reading of cursor.readings(undefined)) read(reading);

        expect(found.size).toBe(records.length);
        expect(lengths.every((length) => length <= longest * MINUTE)).toBe(true);
        // Halves rounded to the shortest step: three times of it may be one third and two.
        expect(crowded.every((length) => length < shortest * 3n)).toBe(true);
        expect(stateAfter(cursor, finished)).toEqual({ updated_at: formatIso(END) });
        const starts = finished.map((reading) => boundsOf(reading));
        expect(starts.every(({ start }, index) => index === 0 || start === starts[index - 1]!.end)).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});
