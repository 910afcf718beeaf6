import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { floorTo, formatIso, isIsoAfter, parseIso } from '../../../src/stream/cursors/iso.ts';

test.each([
  ['1970-01-01', 0n],
  ['1969-12-31T23:59:59.999999999Z', -1n],
  ['2024-02-29', 1_709_164_800_000_000_000n],
  ['2024-02-29T12:30:15Z', 1_709_209_815_000_000_000n],
  ['2024-02-29T12:30Z', 1_709_209_800_000_000_000n],
  ['2024-02-29 12:30:15', 1_709_209_815_000_000_000n],
  ['2024-02-29t12:30:15z', 1_709_209_815_000_000_000n],
  ['2024-02-29T12:30:15.5Z', 1_709_209_815_500_000_000n],
  ['2024-02-29T12:30:15,5Z', 1_709_209_815_500_000_000n],
  ['2024-02-29T12:30:15.123456789Z', 1_709_209_815_123_456_789n],
  ['2024-02-29T12:30:15.1234567899Z', 1_709_209_815_123_456_789n],
  ['2024-02-29T12:30:15.123456', 1_709_209_815_123_456_000n],
  ['2024-02-29T14:30:15+02:00', 1_709_209_815_000_000_000n],
  ['2024-02-29T14:30:15+0200', 1_709_209_815_000_000_000n],
  ['2024-02-29T14:30:15+02', 1_709_209_815_000_000_000n],
  ['2024-02-29 14:30:15 +02:00', 1_709_209_815_000_000_000n],
  ['2024-02-29T07:00:15-05:30', 1_709_209_815_000_000_000n],
  ['2016-12-31T23:59:60Z', 1_483_228_800_000_000_000n],
  ['0000-01-01', -62_167_219_200_000_000_000n],
  ['9999-12-31T23:59:59Z', 253_402_300_799_000_000_000n],
])('reads %s', (text, at) => {
  expect(parseIso(text)).toBe(at);
});

test.each([
  '',
  'yesterday',
  '2024-1-1',
  '2024-13-01',
  '2024-00-01',
  '2024-01-00',
  '2023-02-29',
  '1900-02-29',
  '2024-04-31',
  '2024-02-29T',
  '2024-02-29T12',
  '2024-02-29T24:00:00Z',
  '2024-02-29T12:60:00Z',
  '2024-02-29T12:30:61Z',
  '2024-02-29T12:30:15.Z',
  '2024-02-29T12:30:15.5Zz',
  '2024-02-29T12:30:15+2',
  '2024-02-29T12:30:15+02:0',
  '2024-02-29T12:30:15 CET',
  '2024-02-29X12:30:15Z',
  '2024/02/29',
  '20240229T123015Z',
  '0000-01-01T00:00+01:00',
])('takes %j for no time', (text) => {
  expect(parseIso(text)).toBeUndefined();
});

test.each([
  [0n, '1970-01-01T00:00:00Z'],
  [-1n, '1969-12-31T23:59:59.999999999Z'],
  [1_709_209_815_500_000_000n, '2024-02-29T12:30:15.5Z'],
  [1_709_209_815_000_001_000n, '2024-02-29T12:30:15.000001Z'],
  [-62_167_219_200_000_000_000n, '0000-01-01T00:00:00Z'],
])('writes %s as %s', (at, text) => {
  expect(formatIso(at)).toBe(text);
});

const instant = fc.bigInt({ min: -62_167_219_200_000_000_000n, max: 253_402_300_799_999_999_999n });

test('reads back what it wrote', () => {
  fc.assert(
    fc.property(instant, (at) => {
      expect(parseIso(formatIso(at))).toBe(at);
    }),
    { numRuns: 1000 },
  );
});

test('agrees with Date on what it knows', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.integer({ min: -12 * 60, max: 12 * 60 }),
      (date, minutes) => {
        const sign = minutes < 0 ? '-' : '+';
        const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const text = date
          .toISOString()
          .replace('Z', `${sign}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`);
        const millis = Date.parse(text);
        fc.pre(millis >= Date.parse('0000-01-01') && millis <= Date.parse('9999-12-31'));
        expect(parseIso(text)).toBe(BigInt(millis) * 1_000_000n);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', false],
  ['2024-01-01', '2024-01-02', false],
  ['2024-01-03', '2024-01-02', true],
  ['2024-01-01T00:00:01Z', '2024-01-01T00:00:00Z', true],
  ['2024-01-01T00:00:00.2Z', '2024-01-01T00:00:00.1Z', true],
  ['2024-01-01 10:00:00Z', '2024-01-01T09:00:00Z', undefined],
  ['2024-01-01T00:00:00.12', '2024-01-01T00:00:00.1Z', undefined],
  ['2024-01-01T00:00:00-05:00', '2024-01-01T01:00:00+05:00', undefined],
  ['2024-01-01T00:00:01.0Z', '2024-01-01T00:00:00Z', undefined],
  ['2024-99-01T00:00:01Z', '2024-01-01T00:00:00Z', undefined],
  ['(none)             Z', '2024-01-01T00:00:00Z', undefined],
])('tells from the texts whether %j is after %j: %s', (value, top, expected) => {
  expect(isIsoAfter(value, top)).toBe(expected);
});

test('never puts times in the wrong order', () => {
  const text = fc
    .tuple(fc.bigInt({ min: 0n, max: 100_000_000_000n }), fc.constantFrom('Z', 'Z', '', '+01:00', '-02:00'))
    .map(([at, zone]) => formatIso(at).replace('Z', zone));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const isAfter = isIsoAfter(one, other);
      if (isAfter !== undefined) expect(isAfter).toBe(parseIso(one)! > parseIso(other)!);
    }),
    { numRuns: 1000 },
  );
});

test('rounds down on both sides of 1970', () => {
  expect(floorTo(25n, 10n)).toBe(20n);
  expect(floorTo(20n, 10n)).toBe(20n);
  expect(floorTo(-25n, 10n)).toBe(-30n);
  expect(floorTo(-30n, 10n)).toBe(-30n);
});
