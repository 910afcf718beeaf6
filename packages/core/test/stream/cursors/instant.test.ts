import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { ConnectorError } from '../../../src/errors.ts';
import { instantFormat, parseAny } from '../../../src/stream/cursors/instant.ts';
import { parseIso } from '../../../src/stream/cursors/iso.ts';

const at = (text: string): bigint => parseIso(text)!;

test.each([
  ['iso', '2024-02-29T12:30:15.25Z', '2024-02-29T12:30:15.25Z'],
  ['epoch-seconds', 1_709_209_815, '2024-02-29T12:30:15Z'],
  ['epoch-seconds', '1709209815', '2024-02-29T12:30:15Z'],
  ['epoch-seconds', 1_709_209_815n, '2024-02-29T12:30:15Z'],
  ['epoch-seconds', 1_709_209_815.25, '2024-02-29T12:30:15.25Z'],
  ['epoch-seconds', '1709209815.123456789', '2024-02-29T12:30:15.123456789Z'],
  ['epoch-seconds', new LosslessNumber('1709209815.123456789'), '2024-02-29T12:30:15.123456789Z'],
  ['epoch-seconds', '1.709209815e9', '2024-02-29T12:30:15Z'],
  ['epoch-seconds', -1, '1969-12-31T23:59:59Z'],
  ['epoch-seconds', -0.5, '1969-12-31T23:59:59.5Z'],
  ['epoch-millis', 1_709_209_815_250, '2024-02-29T12:30:15.25Z'],
  ['epoch-millis', '1709209815250.5', '2024-02-29T12:30:15.2505Z'],
  ['epoch-micros', 1_709_209_815_123_456, '2024-02-29T12:30:15.123456Z'],
  ['%Y-%m-%d', '2024-02-29', '2024-02-29'],
  ['%Y/%m/%d %H:%M:%S', '2024/02/29 12:30:15', '2024-02-29T12:30:15Z'],
  ['%Y%m%d', 20_240_229, '2024-02-29'],
  ['%d %b %Y %H:%M:%S.%L', '29 Feb 2024 12:30:15.123', '2024-02-29T12:30:15.123Z'],
  ['%Y-%m-%dT%H:%M:%S%Z', '2024-02-29T12:30:15+0100', '2024-02-29T11:30:15Z'],
])('reads %s', async (name, value, expected) => {
  const { parse } = await instantFormat(name, 'format');

  expect(parse(value)).toBe(at(expected));
});

test.each([
  ['iso', 1_709_209_815],
  ['iso', null],
  ['epoch-seconds', '2024-02-29'],
  ['epoch-seconds', ''],
  ['epoch-seconds', Number.NaN],
  ['epoch-seconds', true],
  ['epoch-seconds', '1e999'],
  ['epoch-seconds', 1_709_209_815_250],
  ['epoch-millis', undefined],
  ['%Y-%m-%d', '2024-02-29T12:30:15Z'],
  ['%Y-%m-%d', 'soon'],
  ['%Y-%m-%d', {}],
])('finds no time of format %s in %j', async (name, value) => {
  const { parse } = await instantFormat(name, 'format');

  expect(parse(value)).toBeUndefined();
});

test.each([
  ['iso', '2024-02-29T12:30:15Z'],
  ['epoch-seconds', 1_709_209_815],
  ['epoch-millis', 1_709_209_815_000],
  ['epoch-micros', 1_709_209_815_000_000],
  ['%Y-%m-%d', '2024-02-29'],
  ['%Y/%m/%d %H:%M:%S', '2024/02/29 12:30:15'],
])('writes %s', async (name, expected) => {
  const { format } = await instantFormat(name, 'format');

  expect(format(at('2024-02-29T12:30:15Z'))).toBe(expected);
});

test('writes a fraction with all its digits, as text when a double cannot hold it', async () => {
  const { format } = await instantFormat('epoch-seconds', 'format');

  expect(format(at('2024-02-29T12:30:15.5Z'))).toBe(1_709_209_815.5);
  expect(format(at('2024-02-29T12:30:15.123456789Z'))).toBe('1709209815.123456789');
  expect(format(-500_000_000n)).toBe(-0.5);
});

test('rounds down to what the pattern can say', async () => {
  const { floor, round } = await instantFormat('%Y-%m-%d', 'format');

  expect(floor(at('2024-02-29T12:30:15Z'))).toBe(at('2024-02-29'));
  expect(floor(at('1960-02-29T12:30:15.000000001Z'))).toBe(at('1960-02-29'));
  expect(round(at('2024-02-29T12:30:15Z'))).toBe(at('2024-02-29T12:30:15Z'));
});

test.each(['isoo', 'YYYY-MM-DD', 'constructor', '%H:%M', '%Y-%m-%d %k'])('refuses the format %s', async (name) => {
  const refused = instantFormat(name, 'dateTimeCursor.format');

  await expect(refused).rejects.toThrow(ConnectorError);
  await expect(refused).rejects.toThrow(`dateTimeCursor.format: `);
  await expect(refused).rejects.toThrow(JSON.stringify(name));
});

test('reads a value in the first format that can', async () => {
  const formats = await Promise.all(['%d.%m.%Y', 'epoch-seconds', 'iso'].map((name) => instantFormat(name, 'formats')));
  const parse = parseAny(formats);

  expect(parse('29.02.2024')).toBe(at('2024-02-29'));
  expect(parse(1_709_209_815)).toBe(at('2024-02-29T12:30:15Z'));
  expect(parse('2024-02-29T12:30:15Z')).toBe(at('2024-02-29T12:30:15Z'));
  expect(parse('never')).toBeUndefined();
});
