import { test } from '@jest/globals';
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { silentLogger } from '../../../src/output/logger.ts';
import type { JsonObject } from '../../../src/protocol/json.ts';
import { parseLossless, stringifyJson } from '../../../src/protocol/lossless-json.ts';
import { counterCursor } from '../../../src/stream/cursors/counter-cursor.ts';
import type { Cursor, OpenCursor } from '../../../src/stream/cursors/cursor.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';
import { fullRefresh } from '../../../src/stream/cursors/full-refresh.ts';
import { growingCursor } from '../../../src/stream/cursors/growing.ts';
import { tokenCursor } from '../../../src/stream/cursors/token-cursor.ts';
import { fullRefreshOf } from '../../../src/stream/cursors/windowed-refresh.ts';

const opened = (cursor: Cursor): Promise<OpenCursor> | OpenCursor =>
  cursor.open({ stream: 's', log: silentLogger, now: Date.UTC(2024, 6, 1) });

const seconds = fc.integer({ min: 0, max: 40 }).map((hours) => Date.UTC(2024, 0, 1, 22 + hours) / 1000);

const iso = (at: number): string => new Date(at * 1000).toISOString();

/** The same times, written in many ways. */
const times = fc
  .tuple(seconds, fc.constantFrom('Z', '.000Z', 'fraction', 'fine', '+02:00', '-0530', 'date'), fc.nat(3))
  .map(([at, way, digit]): string => {
    const whole = iso(at).slice(0, 19);
    if (way === 'date') return whole.slice(0, 10);
    if (way === 'fraction') return `${whole}.${digit}Z`;
    if (way === 'fine') return `${whole}.123456${digit}Z`;
    if (way === '+02:00') return `${iso(at + 7200).slice(0, 19)}+02:00`;
    if (way === '-0530') return `${iso(at - 19_800).slice(0, 19)}-0530`;
    return `${whole}${way}`;
  });

const whole = fc
  .tuple(fc.integer({ min: -12, max: 12 }), fc.constantFrom(0n, 9_007_199_254_740_993n), fc.nat(2))
  .map(([small, far, form]): number | bigint | string => {
    const value = BigInt(small) + far;
    if (form === 0) return String(value);
    return form === 1 || far > 0n ? value : small;
  });

const decimals = fc
  .tuple(fc.nat(3), fc.constantFrom('', '.5', '.25', '.123456789012345678', '.123456789012345679'))
  .map(([before, after]): number | LosslessNumber =>
    after.length > 10 ? new LosslessNumber(`${before}${after}`) : Number(`${before}${after}`),
  );

const token = fc.oneof(fc.nat(3), fc.nat(3).map(String), fc.constantFrom('a', 'b', ''));
const pageState = fc.oneof(
  fc.constant({ __ab_full_refresh_sync_complete: true }),
  fc.tuple(token, fc.nat(3)).map(([next_page_token, page]) => ({ next_page_token, headwater: { version: 1, page } })),
);
const tokenState = fc
  .tuple(token, fc.nat(3))
  .map(([value, turn]) => ({ token: value, headwater: { version: 1, turn } }));

const rangeState = <T>(value: fc.Arbitrary<T>, isBefore: (one: T, other: T) => boolean): fc.Arbitrary<object> =>
  fc.tuple(value, fc.array(fc.tuple(value, value), { maxLength: 4 })).map(([at, pairs]) => {
    const done = pairs.filter(([start, end]) => isBefore(start, end));
    return { at, ...(done.length > 0 && { headwater: { version: 1, done } }) };
  });

const small = fc.nat(30);
const at = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<object> => value.map((each) => ({ at: each }));

const bounds = fc.tuple(small, fc.option(small)).map(([start, end]) => ({ start, ...(end !== null && { end }) }));
const windowsState = fc
  .tuple(token, fc.nat(3), bounds, fc.option(rangeState(small, (one, other) => one < other)))
  .map(([next_page_token, page, window, windows]) => ({
    next_page_token,
    headwater: { version: 1, page, window, ...(windows && { windows }) },
  }));

const LAWS: readonly (readonly [string, () => Promise<OpenCursor> | OpenCursor, fc.Arbitrary<object>])[] = [
  ['growing, times', () => opened(growingCursor('at', false)), at(times)],
  ['growing, whole numbers', () => opened(growingCursor('at', false)), at(whole)],
  ['growing, decimals', () => opened(growingCursor('at', false)), at(decimals)],
  ['growing, text', () => opened(growingCursor('at', false)), at(fc.string({ maxLength: 3 }))],
  ['full refresh', () => fullRefresh, pageState],
  [
    'full refresh in windows',
    async () => fullRefreshOf(await opened(counterCursor({ field: 'at', start: 0 }))),
    fc.oneof(fc.constant({ __ab_full_refresh_sync_complete: true }), windowsState),
  ],
  ['token', () => opened(tokenCursor()), tokenState],
  [
    'date-time range',
    () => opened(dateTimeCursor({ field: 'at' })),
    rangeState(seconds.map(iso), (one, other) => one < other),
  ],
  ['counter range', () => opened(counterCursor({ field: 'at' })), rangeState(small, (one, other) => one < other)],
];

test.each(LAWS)('merges in any order and any number of times with the same result: %s', async (_name, open, states) => {
  const cursor = await open();
  const triple = fc.tuple(states, states, states);
  fc.assert(
    fc.property(triple, (given) => {
      const [a, b, c] = given.map((json) => cursor.parse(json as JsonObject, 'The state'));
      const merge = (one: unknown, other: unknown): unknown => cursor.merge(one, other);
      const text = (progress: unknown): string => stringifyJson(cursor.toJson(progress));
      const again = cursor.parse(parseLossless(text(a)) as JsonObject, 'The state');

      return (
        text(merge(a, b)) === text(merge(b, a)) &&
        text(merge(merge(a, b), c)) === text(merge(a, merge(b, c))) &&
        text(merge(a, a)) === text(a) &&
        // What has been written and read again is the same to a merge.
        text(merge(again, b)) === text(merge(a, b))
      );
    }),
    { numRuns: 1000 },
  );
});
