import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../../src/errors.ts';
import { beginningOf } from '../../../src/stream/cursors/clamp.ts';
import { isZero, loadCalendar } from '../../../src/stream/cursors/duration.ts';
import { formatIso, parseIso } from '../../../src/stream/cursors/iso.ts';

const calendar = await loadCalendar();

test.each([
  ['2024-01-01', 'P30D', 1, '2024-01-31T00:00:00Z'],
  ['2024-01-31', 'P1M', 1, '2024-02-29T00:00:00Z'],
  ['2024-01-31', 'P1M', 2, '2024-03-31T00:00:00Z'],
  ['2024-01-31', 'P1M', 13, '2025-02-28T00:00:00Z'],
  ['2024-03-31', 'P1M', -1, '2024-02-29T00:00:00Z'],
  ['2024-02-29', 'P1Y', 1, '2025-02-28T00:00:00Z'],
  ['2024-02-29', 'P1Y', 4, '2028-02-29T00:00:00Z'],
  ['2024-01-15', 'P1Y2M', 1, '2025-03-15T00:00:00Z'],
  ['2024-01-31T12:00:00.000000001Z', 'P1MT1H', 1, '2024-02-29T13:00:00.000000001Z'],
  ['2024-01-01', 'P2W', 3, '2024-02-12T00:00:00Z'],
  ['2024-01-01', 'PT1H', 25, '2024-01-02T01:00:00Z'],
  ['2024-01-01', 'PT0.000000001S', 1, '2024-01-01T00:00:00.000000001Z'],
  ['2024-03-30T01:30:00Z', 'P1D', 2, '2024-04-01T01:30:00Z'],
  ['2024-10-26T01:30:00Z', 'P1D', 2, '2024-10-28T01:30:00Z'],
  ['1970-01-31', 'P1M', -2, '1969-11-30T00:00:00Z'],
])('adds to %s %s times %i', (from, text, times, expected) => {
  const later = calendar.add(parseIso(from)!, calendar.parse(text, 'step'), times);

  expect(formatIso(later)).toBe(expected);
});

test.each([
  ['P1X', 'is no ISO 8601 duration'],
  ['', 'is no ISO 8601 duration'],
  ['30 days', 'is no ISO 8601 duration'],
  ['-P1D', 'is negative'],
])('refuses the duration %j', (text, reason) => {
  const read = () => calendar.parse(text, 'dateTimeCursor.step');

  expect(read).toThrow(ConnectorError);
  expect(read).toThrow(`dateTimeCursor.step: ${JSON.stringify(text)} ${reason}. Write one such as "P30D"`);
});

test('knows a duration of nothing', () => {
  expect(isZero(calendar.parse('PT0S', 'step'))).toBe(true);
  expect(isZero(calendar.parse('PT0.001S', 'step'))).toBe(false);
  expect(isZero(calendar.parse('P1M', 'step'))).toBe(false);
});

test.each([
  ['day', '2024-02-29T23:59:59.999999999Z', '2024-02-29T00:00:00Z'],
  ['day', '2024-02-29', '2024-02-29T00:00:00Z'],
  ['day', '1969-12-31T01:00:00Z', '1969-12-31T00:00:00Z'],
  ['week', '2024-02-29T12:00:00Z', '2024-02-26T00:00:00Z'],
  ['week', '2024-02-26', '2024-02-26T00:00:00Z'],
  ['week', '2024-03-03T23:59:59Z', '2024-02-26T00:00:00Z'],
  ['week', '1970-01-01', '1969-12-29T00:00:00Z'],
  ['month', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z'],
  ['month', '2024-03-01', '2024-03-01T00:00:00Z'],
  ['month', '1969-12-31T12:00:00Z', '1969-12-01T00:00:00Z'],
] as const)('finds where the %s of %s begins', (unit, text, expected) => {
  expect(formatIso(beginningOf[unit](parseIso(text)!))).toBe(expected);
});
