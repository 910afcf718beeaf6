import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import type { JsonObject } from '../../src/protocol/json.ts';
import { validateDocument } from '../../src/schema/validate-document.ts';

const lines = async (schema: JsonObject, document: unknown) =>
  (await validateDocument(schema, document)).map(({ pointer, message }) => `${pointer || '(root)'}: ${message}`);

const inField = (schema: JsonObject, value: unknown) => lines({ properties: { x: schema } }, { x: value });

test('finds nothing wrong with a right document', async () => {
  expect(await validateDocument({ type: 'object', required: ['a'] }, { a: 1 })).toEqual([]);
});

test('lists every violation with its place', async () => {
  const schema = {
    type: 'object',
    required: ['api_key', 'start_date'],
    properties: {
      start_date: { type: 'string', format: 'date' },
      pages: { type: ['integer', 'null'], minimum: 1 },
      repos: { type: 'array', items: { type: 'string' } },
      'a/b~c': { type: 'boolean' },
    },
  };
  const document = { start_date: '2026-02-30', pages: 0, repos: ['a', 5], 'a/b~c': 'yes' };
  expect(await lines(schema, document)).toEqual([
    '/api_key: is required but missing',
    '/start_date: expected format "date" (such as 2026-01-31), got another',
    '/pages: expected a number >= 1, got another',
    '/repos/1: expected string, got number',
    '/a~1b~0c: expected boolean, got string',
  ]);
});

test.each<[JsonObject, unknown, string]>([
  [{ type: ['integer', 'null'] }, 'a', 'expected integer or null, got string'],
  [{ type: 'integer' }, 1.5, 'expected integer, got number'],
  [{ type: 'number' }, Number.NaN, 'expected number, got a number that JSON cannot hold'],
  [{ type: 'object' }, [], 'expected object, got array'],
  [{ type: 'array' }, null, 'expected array, got null'],
  [{ enum: ['a', 'b', 3] }, 'secret', 'expected "a", "b" or 3, got another string'],
  [{ const: 'a' }, 5, 'expected "a", got number'],
  [{ pattern: '^\\d+$' }, 'secret', 'expected a string like ^\\d+$, got another'],
  [{ pattern: '^.*$(?!)', pattern_descriptor: 'YYYY' }, 'secret', 'expected a string like YYYY, got another'],
  [{ exclusiveMaximum: 3 }, 3, 'expected a number < 3, got another'],
  [{ multipleOf: 0.01 }, 19.995, 'expected a multiple of 0.01, got another number'],
  [{ minLength: 1 }, '', 'expected at least 1 character, got fewer'],
  [{ maxLength: 2 }, 'secret', 'expected at most 2 characters, got more'],
  [{ minItems: 2 }, [1], 'expected at least 2 items, got fewer'],
  [{ uniqueItems: true }, [1, 2, 1], 'expected items that differ, got the same at 0 and 2'],
  [{ minProperties: 1 }, {}, 'expected at least 1 field, got fewer'],
  [{ not: { type: 'string' } }, 'secret', 'is what the schema excludes'],
  [{ contains: { const: 1 } }, [2], 'expected an item that none of the items is'],
  [{ format: 'uuid' }, 'secret', 'expected format "uuid", got another'],
])('says what %p expects of %p', async (schema, value, message) => {
  const found = await inField(schema, value);
  expect(found[0]).toBe(`/x: ${message}`);
  expect(found.join(' ')).not.toContain('secret');
});

test('names unknown fields, missing dependants and wrong names', async () => {
  const closed = { properties: { a: {}, b: {} }, additionalProperties: false };
  expect(await lines(closed, { a: 1, c: 'secret' })).toEqual(['/c: is not a known field; known are a, b']);
  expect(await lines({ dependencies: { a: ['b'] } }, { a: 1 })).toEqual(['/b: is required beside "a" but missing']);
  expect(await lines({ propertyNames: { pattern: '^[a-z]+$' } }, { A1: 1 })).toEqual([
    '/A1: has a name that is not allowed',
  ]);
  expect(await lines({ properties: { a: false } }, { a: 1 })).toEqual(['/a: is not allowed here']);
});

test('names the types of all alternatives at once', async () => {
  const either = { anyOf: [{ type: 'string' }, { type: 'null' }] };
  expect(await inField(either, {})).toEqual(['/x: expected string or null, got object']);
  expect(await inField({ oneOf: [{ enum: ['a'] }, { const: 'b' }] }, 'c')).toEqual([
    '/x: expected "a" or "b", got another string',
  ]);
});

const credentials = {
  type: 'object',
  oneOf: [
    {
      required: ['type', 'token'],
      properties: { type: { const: 'token' }, token: { type: 'string' } },
    },
    {
      required: ['type', 'client_id', 'client_secret'],
      properties: { type: { const: 'oauth' }, client_id: { type: 'string' }, client_secret: { type: 'string' } },
    },
  ],
};

const byReference = {
  oneOf: [{ $ref: '#/definitions/a' }, { $ref: '#/definitions/b' }],
};

test.each([
  ['inline', { type: 'object', properties: { auth: credentials } }],
  [
    'behind references',
    {
      type: 'object',
      properties: { auth: byReference },
      definitions: { a: credentials.oneOf[0], b: credentials.oneOf[1] },
    },
  ],
])('speaks of the alternative that was meant, %s', async (_, schema) => {
  expect(await lines(schema, { auth: { type: 'oauth', client_id: 5 } })).toEqual([
    '/auth/client_secret: is required but missing',
    '/auth/client_id: expected string, got number',
  ]);
  expect(await lines(schema, { auth: { type: 'basic' } })).toEqual([
    '/auth/type: expected "token" or "oauth", got another string',
  ]);
  expect(await lines(schema, { auth: { type: 'token', token: 'a' }, other: 1 })).toEqual([]);
});

test('says when a value fits more than one alternative of oneOf', async () => {
  expect(await inField({ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 1)).toEqual([
    '/x: expected exactly one alternative, got a value that fits 2',
  ]);
});

test('goes into alternatives within alternatives', async () => {
  const schema = {
    anyOf: [
      { type: 'null' },
      { type: 'object', properties: { y: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] } } },
    ],
  };
  expect(await inField(schema, { y: 'a' })).toEqual(['/x/y: expected integer or boolean, got string']);
});

test('speaks of the branch of a condition, not of the condition', async () => {
  const schema = { if: { properties: { a: { const: 1 } } }, then: { required: ['b'] } };
  expect(await lines(schema, { a: 1 })).toEqual(['/b: is required but missing']);
});

test('writes defaults into the document only when asked', async () => {
  const schema = { type: 'object', properties: { a: { default: 5 }, b: { properties: { c: { default: [] } } } } };
  const document = { b: {} };
  await validateDocument(schema, document);
  expect(document).toEqual({ b: {} });
  await validateDocument(schema, document, { useDefaults: true });
  expect(document).toEqual({ a: 5, b: { c: [] } });
});

test('takes exact numbers for numbers', async () => {
  const schema = { properties: { a: { type: 'integer' }, b: { type: 'number' } } };
  expect(await lines(schema, { a: 12345678901234567890n, b: new LosslessNumber('1e400') })).toEqual([]);
  expect(await lines(schema, { a: new LosslessNumber('0.12345678901234567890') })).toEqual([
    '/a: expected integer, got number',
  ]);
});

test('lists no more than fifty violations one by one', async () => {
  const found = await lines(
    { items: { type: 'string' } },
    Array.from({ length: 80 }, () => 1),
  );
  expect(found).toHaveLength(51);
  expect(found.at(-1)).toBe('(root): and 30 more violations');
});

test('says once what is wrong twice', async () => {
  expect(await lines({ allOf: [{ required: ['a'] }, { required: ['a'] }] }, {})).toEqual([
    '/a: is required but missing',
  ]);
});
