import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareNumber, LosslessNumber } from 'lossless-json';
import { comparable } from '../../src/schema/exact-numbers.ts';

const double = (text: string) => comparable(new LosslessNumber(text));

test('gives back the same value when there is nothing to replace', () => {
  const record = { id: 1, tags: ['a', null], at: { x: Number.NaN, y: [undefined] } };
  expect(comparable(record)).toBe(record);
});

test('replaces exact numbers in a copy and shares the rest', () => {
  const record = { id: 12345678901234567890n, at: { x: [new LosslessNumber('1.5'), 'a'] }, tags: ['a'] };
  const plain = comparable(record);
  expect(plain).toEqual({ id: 12345678901234567000, at: { x: [1.5, 'a'] }, tags: ['a'] });
  expect(plain).toHaveProperty('tags', record.tags);
  expect(record.id).toBe(12345678901234567890n);
  expect(record.at.x[0]).toBeInstanceOf(LosslessNumber);
});

test('stays finite for numbers beyond the range of a double', () => {
  expect(double('1e400')).toBe(Number.MAX_VALUE);
  expect(double('-1e400')).toBe(-Number.MAX_VALUE);
  expect(comparable(10n ** 400n)).toBe(Number.MAX_VALUE);
});

test('is a whole number only for a whole number', () => {
  const fractions = ['1.00000000000000000001', '0.99999999999999999999', '1e-400', '-1e-400', '9007199254740993.5'];
  expect(fractions.map(double).map(Number.isInteger)).toEqual(fractions.map(() => false));
  const wholes = ['1.00', '12e3', '1.5e1', '1e400', '0.0', '-0', '120e-1', '0e5', '4503599627370497.000'];
  expect(wholes.map(double).map(Number.isInteger)).toEqual(wholes.map(() => true));
});

test('keeps a fraction on its side of the number it would round to', () => {
  const text = fc.tuple(fc.bigInt({ min: 1n - 2n ** 52n, max: 2n ** 52n - 1n }), fc.stringMatching(/^0{16,20}[1-9]$/));
  fc.assert(
    fc.property(text, ([whole, decimals]) => {
      const exact = `${whole}.${decimals}`;
      const near = Number(double(exact));
      expect(Number.isInteger(near)).toBe(false);
      expect(Math.sign(near - Number(whole))).toBe(compareNumber(exact, String(whole)));
    }),
  );
});
