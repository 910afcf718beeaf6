import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { StateError } from '../../src/errors.ts';
import { isAfter } from '../../src/stream/cursor.ts';
import { CursorState } from '../../src/stream/state.ts';

test.each([
  [2, 1],
  [10, 9],
  [9007199254740993n, 9007199254740992n],
  [9007199254740993n, 5],
  ['10', '9'],
  ['10', 9],
  ['2026-01-02', '2026-01-01'],
  ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T00:00:00.123457Z', '2026-01-01T00:00:00.123456Z'],
  ['2026-01-01T00:00:00.1234567Z', '2026-01-01T00:00:00.123456Z'],
  ['2026-01-01T01:00:00Z', '2026-01-01T02:30:00+02:00'],
  ['2026-01-01T02:30:00+01:00', '2026-01-01T02:30:00+02:00'],
  ['2026-01-01T12:00:00Z', '2026-01-01'],
  ['b', 'a'],
  [new LosslessNumber('1697049600.123456790'), new LosslessNumber('1697049600.123456789')],
] as const)('puts %s after %s', (later, earlier) => {
  expect(isAfter(later, earlier)).toBe(true);
  expect(isAfter(earlier, later)).toBe(false);
  expect(isAfter(later, later)).toBe(false);
});

const read = (state: CursorState, slice: object, ...values: unknown[]): void => {
  const cursor = state.follow({ ...slice });
  for (const at of values) cursor.see({ at });
  cursor.advance();
};

test('keeps the greatest value of the one slice as a plain state', () => {
  const state = new CursorState('s', 'at', {});
  read(state, {}, 3, 9, 4);

  expect(state.toJson()).toEqual({ at: 9 });
});

test('does not move before the records are written', () => {
  const state = new CursorState('s', 'at', { at: 5 });
  state.follow({}).see({ at: 9 });

  expect(state.toJson()).toEqual({ at: 5 });
});

test('never goes back', () => {
  const state = new CursorState('s', 'at', { at: 5 });
  read(state, {}, 1, 2);

  expect(state.toJson()).toEqual({ at: 5 });
});

test('leaves records without a usable cursor value out of account', () => {
  const state = new CursorState('s', 'at', {});
  read(state, {}, 3, null, undefined, { a: 1 }, true);

  expect(state.toJson()).toEqual({ at: 3 });
});

test('keeps the slices of a stream apart, in whatever order their keys come', () => {
  const state = new CursorState('s', 'at', {});
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

test('restores what it wrote', () => {
  const first = new CursorState('s', 'at', { at: 1 });
  read(first, { a: 1 }, 5);
  const second = new CursorState('s', 'at', JSON.parse(JSON.stringify(first.toJson())));

  expect(second.of({ a: 1 })).toEqual({ at: 5 });
  expect(second.of({ a: 2 })).toEqual({ at: 1 });
  expect(second.toJson()).toEqual(first.toJson());
});

test('starts every slice at a plain state', () => {
  const state = new CursorState('s', 'at', { at: 7 });

  expect(state.of({ a: 1 })).toEqual({ at: 7 });
});

test.each([
  [{ updated: 1 }],
  [{ at: null }],
  [{ at: {} }],
  [{ states: [{ cursor: { at: 1 } }] }],
  [{ states: [{ partition: {} }] }],
  [{ states: [7] }],
])('refuses the foreign state %j', (foreign) => {
  expect(() => new CursorState('orders', 'at', foreign)).toThrow(StateError);
  expect(() => new CursorState('orders', 'at', foreign)).toThrow(/stream "orders"/);
});
