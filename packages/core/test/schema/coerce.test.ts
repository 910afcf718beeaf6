import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareLosslessNumber, isLosslessNumber, LosslessNumber } from 'lossless-json';
import { stringifyJson } from '../../src/protocol/lossless-json.ts';
import { coercions } from '../../src/schema/coerce.ts';

const coerce = (value: unknown, ...types: string[]) => coercions(value, new Set(types));

test.each([
  ['12', 'integer', 12],
  ['-7', 'integer', -7],
  ['12.0', 'integer', 12],
  ['19.90', 'number', 19.9],
  ['1e3', 'number', 1000],
  ['9007199254740991', 'integer', 9007199254740991],
  ['9007199254740993', 'integer', 9007199254740993n],
  ['-12345678901234567890', 'number', -12345678901234567890n],
  ['0.12345678901234567890123', 'number', new LosslessNumber('0.12345678901234567890123')],
  ['1e400', 'number', new LosslessNumber('1e400')],
  ['1e-400', 'number', new LosslessNumber('1e-400')],
  ['-0', 'number', new LosslessNumber('-0')],
  [12, 'string', '12'],
  [1.5, 'string', '1.5'],
  [-0, 'string', '-0'],
  [12345678901234567890n, 'string', '12345678901234567890'],
  [new LosslessNumber('0.10000000000000000001'), 'string', '0.10000000000000000001'],
  [true, 'string', 'true'],
  [{ a: [1, null] }, 'string', '{"a":[1,null]}'],
  [[12345678901234567890n], 'string', '[12345678901234567890]'],
  ['true', 'boolean', true],
  ['false', 'boolean', false],
  [1, 'boolean', true],
  [0, 'boolean', false],
  ['', 'null', null],
])('turns %p declared as %s into %p', (value, type, expected) => {
  expect(coerce(value, type)).toEqual([expected]);
});

test.each([
  ['007', 'integer'],
  ['+5', 'integer'],
  [' 12', 'integer'],
  ['1,000', 'number'],
  ['0x10', 'number'],
  ['NaN', 'number'],
  ['Infinity', 'number'],
  ['', 'number'],
  ['12 pieces', 'number'],
  [true, 'integer'],
  [null, 'integer'],
  [null, 'string'],
  [Number.NaN, 'string'],
  [Number.POSITIVE_INFINITY, 'string'],
  ['TRUE', 'boolean'],
  ['1', 'boolean'],
  [2, 'boolean'],
  [-0, 'boolean'],
  ['null', 'null'],
  ['{"a":1}', 'object'],
])('leaves %p alone where %s is declared', (value, type) => {
  expect(coerce(value, type)).toEqual([]);
});

test('offers one outcome for each type that fits, in their order', () => {
  expect(coerce(1, 'boolean', 'string')).toEqual([true, '1']);
  expect(coerce(1, 'string', 'boolean')).toEqual(['1', true]);
});

test('keeps an empty text where texts are declared', () => {
  expect(coerce('', 'null', 'string')).toEqual([]);
});

test('comes back to the same text from every number', () => {
  const text = fc.oneof(
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  );
  fc.assert(
    fc.property(text, (digits) => {
      const [number] = coerce(digits, 'number');
      expect(coerce(number, 'string')).toEqual([digits]);
    }),
  );
});

test('never changes the value of a number written in any way', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,25})?([eE][+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(digits, (text) => {
      const [number] = coerce(text, 'number');
      expect(compareLosslessNumber(new LosslessNumber(stringifyJson(number)), new LosslessNumber(text))).toBe(0);
      expect(stringifyJson(number).startsWith('-')).toBe(text.startsWith('-'));
      expect(typeof number === 'number' || typeof number === 'bigint' || isLosslessNumber(number)).toBe(true);
    }),
  );
});

test('comes back to the same boolean, object and array from their text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.boolean(), fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      (value) => {
        const [text] = coerce(value, 'string');
        expect(JSON.parse(String(text))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});
