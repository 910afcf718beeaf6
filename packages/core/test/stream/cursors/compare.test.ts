import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { isAfter } from '../../../src/stream/cursors/compare.ts';

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
