import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLosslessNumber, LosslessNumber } from 'lossless-json';
import { mayHoldLongNumber, parseLossless, stringifyJson } from '../../src/protocol/lossless-json.ts';
import { decimal, number, plainNumber, value } from '../parse/random-json.ts';

test.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-9007199254740993', -9007199254740993n],
  ['100000000000000000000', 100000000000000000000n],
  ['0.1234567890123456789', new LosslessNumber('0.1234567890123456789')],
  ['12345678.1234567891', new LosslessNumber('12345678.1234567891')],
  ['1e400', new LosslessNumber('1e400')],
  ['-1E-400', new LosslessNumber('-1E-400')],
  ['0.30000000000000004', 0.30000000000000004],
  ['51.50735090000001', 51.50735090000001],
  ['1.10', 1.1],
  ['1e21', 1e21],
  ['-0', -0],
  ['5e-324', 5e-324],
  ['2.5e-320', 2.5e-320],
])('reads %s exactly', (text, expected) => {
  expect(parseLossless(text)).toEqual(expected);
  expect(parseLossless(`{"a":[${text}]}`)).toEqual({ a: [expected] });
  expect(decimal(stringifyJson(parseLossless(text)))).toBe(decimal(text));
});

test('keeps the digits of every number on the way through', () => {
  fc.assert(
    fc.property(number, (token) => {
      const read = parseLossless(`[${token}]`) as unknown[];
      expect(decimal(stringifyJson(read).slice(1, -1))).toBe(decimal(token));
      expect(typeof read[0]).toBe(typeof plainNumber(token));
    }),
    { numRuns: 3000 },
  );
});

test('reads all else as JSON.parse does', () => {
  fc.assert(
    fc.property(value, (text) => {
      const rounded = (read: unknown): unknown => {
        if (typeof read === 'bigint') return Number(read);
        if (isLosslessNumber(read)) return Number(read.value);
        if (Array.isArray(read)) return read.map(rounded);
        if (typeof read !== 'object' || read === null) return read;
        return Object.fromEntries(Object.entries(read).map(([key, member]) => [key, rounded(member)]));
      };
      expect(rounded(parseLossless(text))).toEqual(rounded(JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});

test('does not take digits in a string for a number', () => {
  const text = '{"a":": 12345678901234567890,","12345678901234567890":1e400,"b":"5e-324"}';

  expect(parseLossless(text)).toEqual({
    a: ': 12345678901234567890,',
    '12345678901234567890': new LosslessNumber('1e400'),
    b: '5e-324',
  });
});

test.each([
  '[12345678901234567890',
  '[012345678901234567890]',
  '[12345678901234567890.]',
  '[12345678901234567890-1]',
  '"12345678901234567890',
  '12345678901234567890 12345678901234567890',
])('refuses %s as JSON.parse does', (text) => {
  expect(() => parseLossless(text)).toThrow(SyntaxError);
  let message = '';
  try {
    JSON.parse(text);
  } catch (error) {
    message = String(error);
  }
  expect(() => parseLossless(text)).toThrow(message.replace('SyntaxError: ', ''));
});

test('sees every number a double would round, wherever it stands', () => {
  fc.assert(
    fc.property(number, fc.nat(40), fc.constantFrom(': ', ':', ',', '[', '\n'), (token, shift, before) => {
      const text = `${' '.repeat(shift)}{"a"${before}${token}}`;
      const isLong = typeof plainNumber(token) !== 'number' && !/[eE]/.test(token);
      if (isLong) expect(mayHoldLongNumber(Buffer.from(text))).toBe(true);
      const [start, end] = [text.indexOf(token), text.indexOf(token) + token.length];
      expect(mayHoldLongNumber(Buffer.from(text), start, end)).toBe(mayHoldLongNumber(Buffer.from(text)));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['{"id":"12345678901234567890"}'],
  ['{"id":"ch_12345678901234567890"}'],
  ['{"id":"order-12345678901234567890"}'],
  ['{"id":"0123456789abcdef01234567890123456789"}'],
  ['{"at":1700000000000000}'],
  ['{"lat":51.50735090000001,"lon":0.30000000000000004}'],
  ['{"at":"2026-01-01T00:00:00.000000000Z"}'],
  [`{"zero":0.${'0'.repeat(30)}}`],
])('is not alarmed by %s', (text) => {
  expect(mayHoldLongNumber(Buffer.from(text))).toBe(false);
});

test('looks at the given range only', () => {
  const bytes = Buffer.from('[12345678901234567890,{"a":1},12345678901234567890]');

  expect(mayHoldLongNumber(bytes)).toBe(true);
  expect(mayHoldLongNumber(bytes, 22, 29)).toBe(false);
  expect(mayHoldLongNumber(bytes, 0, 22)).toBe(true);
  expect(mayHoldLongNumber(bytes, 22)).toBe(true);
});

test('writes exact numbers among all else', () => {
  const at = new Date(0);

  expect(stringifyJson({ a: 2n ** 64n, b: [new LosslessNumber('1e400')], c: undefined, at, d: Number.NaN })).toBe(
    '{"a":18446744073709551616,"b":[1e400],"at":"1970-01-01T00:00:00.000Z","d":null}',
  );
  expect(stringifyJson(new LosslessNumber('0.10'))).toBe('0.10');
  expect(stringifyJson(1n)).toBe('1');
  expect(stringifyJson('"isLosslessNumber":true')).toBe('"\\"isLosslessNumber\\":true"');
  expect(stringifyJson({ isLosslessNumber: true, value: 'x' })).toBe('{"isLosslessNumber":true,"value":"x"}');
});

test('throws for what JSON cannot hold', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  expect(() => stringifyJson(undefined)).toThrow('undefined has no JSON form');
  expect(() => stringifyJson(circle)).toThrow('circular');
});
