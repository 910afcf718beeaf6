import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { ConnectorError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { compileRecordCheck, type ValidationMode } from '../../src/schema/validator.ts';

const checkField = async (schema: JsonObject, value: unknown, mode: ValidationMode = 'repair') => {
  const check = await compileRecordCheck('issues', { type: 'object', properties: { x: schema } }, mode);
  return check({ x: value });
};

const nulled = (...fields: string[]) =>
  fields.map((field) => ({ field, change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' }));

const repaired = (x: unknown, ...lost: string[]) => ({ kind: 'repaired', record: { x }, changes: nulled(...lost) });

const invalid = (pointer: string, message: string) => ({ kind: 'invalid', violations: [{ pointer, message }] });

test('answers for all valid records with the same frozen verdict', async () => {
  const check = await compileRecordCheck('issues', { type: 'object', required: ['id'] }, 'repair');
  const verdict = check({ id: 1 });
  expect(verdict).toEqual({ kind: 'valid' });
  expect(verdict).toBe(check({ id: 'other' }));
  expect(Object.isFrozen(verdict)).toBe(true);
});

test.each<[JsonObject, unknown, unknown]>([
  [{ type: 'integer' }, '12', 12],
  [{ type: ['null', 'string'] }, 12, '12'],
  [{ type: 'boolean' }, 'true', true],
  [{ type: ['null', 'boolean'] }, 0, false],
  [{ type: ['null', 'integer'] }, '', null],
  [{ type: 'integer' }, '12345678901234567890', 12345678901234567890n],
  [{ type: 'string' }, 12345678901234567890n, '12345678901234567890'],
  [{ type: 'string' }, new LosslessNumber('0.12345678901234567890'), '0.12345678901234567890'],
  [{ type: ['string', 'null'] }, { a: [1] }, '{"a":[1]}'],
  [{ type: 'string', nullable: true }, 5, '5'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 12, '12'],
  [{ oneOf: [{ type: 'integer' }, { type: 'null' }] }, '', null],
  [{ type: 'integer', enum: [1, 2] }, '2', 2],
  [{ enum: [1, 2] }, '2', 2],
  [{ type: 'array', items: { type: 'integer' } }, ['1', 2, '3'], [1, 2, 3]],
  [{ type: 'object', additionalProperties: { type: 'number' } }, { a: '1.5' }, { a: 1.5 }],
  [
    { type: 'object', patternProperties: { '^n_': { type: 'number' } } },
    { n_a: '1', b: '1' },
    { n_a: 1, b: '1' },
  ],
  [
    { allOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'integer' } } }] },
    { a: 1, b: '1' },
    { a: '1', b: 1 },
  ],
  [
    { items: [{ type: 'string' }, { type: 'integer' }], additionalItems: { type: 'boolean' } },
    [1, '1', 1],
    ['1', 1, true],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'string' } } } } },
    { a: { b: 1 } },
    { a: { b: '1' } },
  ],
  [{ properties: { 'a/b~c%': { type: 'string' } } }, { 'a/b~c%': 1 }, { 'a/b~c%': '1' }],
])('repairs for %p the value %p into %p without loss', async (schema, value, expected) => {
  expect(await checkField(schema, value)).toEqual(repaired(expected));
});

test.each<[JsonObject, unknown]>([
  [{ type: ['integer', 'null'] }, 'abc'],
  [{ type: ['integer', 'null'] }, '007'],
  [{ type: ['integer', 'null'] }, 12.5],
  [{ type: ['number', 'null'] }, Number.NaN],
  [{ type: ['number', 'null'] }, Number.NEGATIVE_INFINITY],
  [{ type: ['boolean', 'null'] }, {}],
  [{ type: ['object', 'null'], required: ['a'] }, [1]],
  [{ type: ['object', 'null'], properties: {} }, new LosslessNumber('1e400')],
  [{ type: ['string', 'null'], format: 'date' }, 'soon'],
  [{ type: ['string', 'null'], format: 'date' }, ''],
  [{ type: ['string', 'null'], pattern: '^a' }, 'b'],
  [{ type: ['string', 'null'], enum: ['a', null] }, 'b'],
  [{ type: ['integer', 'null'], minimum: 20 }, '12'],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'abc'],
  [{ enum: ['a', null] }, {}],
])('gives up for %p the value %p and says so', async (schema, value) => {
  expect(await checkField(schema, value)).toEqual(repaired(null, 'x'));
});

test('names every lost value with its path', async () => {
  const schema = {
    properties: {
      id: { type: 'integer' },
      lines: { type: 'array', items: { properties: { price: { type: ['number', 'null'] } } } },
    },
  };
  const check = await compileRecordCheck('orders', schema, 'repair');
  expect(check({ id: '1', lines: [{ price: 'a' }, { price: '2' }, { price: {} }] })).toEqual({
    kind: 'repaired',
    record: { id: 1, lines: [{ price: null }, { price: 2 }, { price: null }] },
    changes: nulled('lines.0.price', 'lines.2.price'),
  });
});

test.each<[JsonObject, unknown, string, string]>([
  [{ type: 'integer' }, 'abc', '/x', 'expected integer, got string'],
  [{ type: 'string', format: 'date' }, 'soon', '/x', 'expected format "date" (such as 2026-01-31), got another'],
  [{ type: ['string', 'null'], enum: ['a'] }, 'b', '/x', 'expected "a", got another string'],
  [{ type: 'object', properties: { zip: { type: 'integer' } } }, { zip: {} }, '/x/zip', 'expected integer, got object'],
  [{ type: 'object', required: ['id'] }, {}, '/x/id', 'is required but missing'],
  [{ type: 'object', properties: {}, additionalProperties: false }, { a: 1 }, '/x/a', 'is not a known field'],
  [{ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }, [], '/x', 'expected integer or boolean, got array'],
])('rejects for %p the value %p', async (schema, value, pointer, message) => {
  expect(await checkField(schema, value)).toEqual(invalid(pointer, message));
});

test('never gives up a whole object for what is in it', async () => {
  const schema = { type: ['object', 'null'], properties: { zip: { type: 'integer' } }, required: ['city'] };
  expect(await checkField(schema, { zip: 'abc', city: 'Oslo' })).toEqual(
    invalid('/x/zip', 'expected integer, got string'),
  );
  expect(await checkField(schema, { zip: 1 })).toEqual(invalid('/x/city', 'is required but missing'));
});

test('lists only what could not be repaired', async () => {
  const schema = { properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: ['integer', 'null'] } } };
  const check = await compileRecordCheck('issues', schema, 'repair');
  expect(check({ a: '1', b: 'x', c: 'x' })).toEqual(invalid('/b', 'expected integer, got string'));
});

test('repairs by the alternative that fits best', async () => {
  const schema = {
    oneOf: [
      { properties: { kind: { const: 'a' }, n: { type: 'string' }, m: { type: 'integer' } } },
      { properties: { kind: { const: 'b' }, n: { type: 'integer' }, m: { type: 'string' } } },
    ],
  };
  expect(await checkField(schema, { kind: 'a', n: '5', m: '7' })).toEqual(repaired({ kind: 'a', n: '5', m: 7 }));
  expect(await checkField(schema, { kind: 'b', n: '5', m: '7' })).toEqual(repaired({ kind: 'b', n: 5, m: '7' }));
});

test('prefers an alternative without loss', async () => {
  const lossy = { properties: { a: { type: ['integer', 'null'] } }, required: ['a'], type: 'object' };
  const lossless = { properties: { a: { type: 'object', properties: { b: { type: 'string' } } } }, type: 'object' };
  const value = { a: { b: 5 } };
  expect(await checkField({ anyOf: [lossy, lossless] }, value)).toEqual(repaired({ a: { b: '5' } }));
  expect(await checkField({ anyOf: [lossy, { type: 'string' }] }, value)).toEqual(repaired('{"a":{"b":5}}'));
});

test('follows the branch of a condition', async () => {
  const schema = {
    type: 'object',
    properties: { kind: { type: 'string' } },
    if: { properties: { kind: { const: 'n' } } },
    then: { properties: { v: { type: 'integer' } } },
    else: { properties: { v: { type: 'string' } } },
  };
  expect(await checkField(schema, { kind: 'n', v: '5' })).toEqual(repaired({ kind: 'n', v: 5 }));
  expect(await checkField(schema, { kind: 's', v: 5 })).toEqual(repaired({ kind: 's', v: '5' }));
});

test('repairs behind references, also in schemas that contain themselves', async () => {
  const schema = {
    $ref: '#/definitions/comment',
    definitions: {
      comment: {
        type: 'object',
        properties: {
          id: { $ref: '#/definitions/id' },
          replies: { type: 'array', items: { $ref: '#/definitions/comment' } },
        },
      },
      id: { type: 'integer' },
    },
  };
  const check = await compileRecordCheck('comments', schema, 'repair');
  expect(check({ id: '1', replies: [{ id: 2, replies: [{ id: '3' }] }] })).toEqual({
    kind: 'repaired',
    record: { id: 1, replies: [{ id: 2, replies: [{ id: 3 }] }] },
    changes: [],
  });
});

test('ends for alternatives within alternatives', async () => {
  const schema = {
    type: 'object',
    anyOf: [
      { properties: { a: { $ref: '#' }, id: { type: 'integer' } }, required: ['id'] },
      { properties: { a: { $ref: '#' }, id: { type: 'boolean' } }, required: ['id'] },
    ],
  };
  let record: JsonObject = { id: 'x' };
  for (let depth = 0; depth < 8; depth++) record = { id: 1, a: record };
  const check = await compileRecordCheck('issues', schema, 'repair');
  expect(check(record).kind).toBe('invalid');
});

test('shares with the given record what it did not change', async () => {
  const schema = { properties: { id: { type: 'integer' }, at: { type: 'object' } } };
  const check = await compileRecordCheck('issues', schema, 'repair');
  const record = Object.freeze({ id: '1', at: Object.freeze({ y: 1 }) });
  const verdict = check(record);
  expect(verdict).toHaveProperty('record.at', record.at);
  expect(record).toEqual({ id: '1', at: { y: 1 } });
});

test('repairs a field named __proto__ without touching a prototype', async () => {
  const schema = { additionalProperties: { type: 'integer' } };
  const check = await compileRecordCheck('issues', schema, 'repair');
  const record: JsonObject = JSON.parse('{ "__proto__": "1", "a": "2" }');
  const verdict = check(record);
  expect(verdict.kind === 'repaired' && JSON.stringify(verdict.record)).toBe('{"__proto__":1,"a":2}');
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
});

test.each<[JsonObject, unknown]>([
  [{ type: 'integer' }, 12345678901234567890n],
  [{ type: ['null', 'number'], minimum: 0 }, new LosslessNumber('0.12345678901234567890')],
  [{ type: 'number' }, new LosslessNumber('1e400')],
  [{ type: 'integer' }, new LosslessNumber('1e400')],
  [{ anyOf: [{ type: 'object' }, { type: 'number' }] }, new LosslessNumber('1e400')],
  [{}, 12345678901234567890n],
  [{ type: 'array', items: { type: 'integer' } }, [1, 12345678901234567890n]],
  [{ not: { type: 'string' } }, 12345678901234567890n],
])('lets exact numbers pass as they are: for %p %p', async (schema, value) => {
  expect(await checkField(schema, value)).toEqual({ kind: 'valid' });
  expect(await checkField(schema, value, 'strict')).toEqual({ kind: 'valid' });
});

test.each<[JsonObject, unknown]>([
  [{ minimum: 0 }, -12345678901234567890n],
  [{ not: { type: 'number' } }, new LosslessNumber('1e400')],
  [{ oneOf: [{ type: 'number' }, {}] }, 12345678901234567890n],
  [{ type: 'integer' }, new LosslessNumber('1.00000000000000000001')],
  [{ type: 'object' }, new LosslessNumber('1e400')],
])('does not overlook that an exact number is wrong: for %p %p', async (schema, value) => {
  expect((await checkField(schema, value, 'strict')).kind).toBe('invalid');
});

test('takes a plain object that looks like an exact number for an object', async () => {
  expect(await checkField({ type: 'object' }, { isLosslessNumber: true, value: '1' })).toEqual({ kind: 'valid' });
});

test('repairs nothing in strict mode', async () => {
  expect(await checkField({ type: ['integer', 'null'] }, '12', 'strict')).toEqual(
    invalid('/x', 'expected integer or null, got string'),
  );
});

test('ignores fields that are undefined, as JSON does', async () => {
  expect(await checkField({ type: 'integer' }, undefined)).toEqual({ kind: 'valid' });
});

test('names the stream and the place of a wrong schema', async () => {
  const wrong = compileRecordCheck('issues', { properties: { id: { type: 'int' } } }, 'repair');
  await expect(wrong).rejects.toThrow(ConnectorError);
  await expect(wrong).rejects.toThrow(/stream "issues".*\/properties\/id\/type/);
});
