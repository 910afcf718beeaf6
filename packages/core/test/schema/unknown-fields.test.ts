import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import type { JsonObject } from '../../src/protocol/json.ts';
import { UnknownFields } from '../../src/schema/unknown-fields.ts';

const namesIn = (schema: JsonObject, ...records: JsonObject[]): string[] => {
  const fields = new UnknownFields(schema);
  for (const record of records) fields.see(record);
  return fields.take();
};

const user = { type: ['null', 'object'], properties: { id: { type: 'integer' } } };

test('names each unknown field once', () => {
  const fields = new UnknownFields(user);
  fields.see({ id: 1, color: 'red' });
  fields.see({ size: 1, color: 'red', id: 2 });
  expect(fields.take()).toEqual(['color', 'size']);
  fields.see({ id: 1, color: 'red', size: 3, weight: 1 });
  expect(fields.take()).toEqual(['weight']);
  expect(fields.take()).toEqual([]);
});

test('is quiet about missing fields and any order of known ones', () => {
  const schema = { properties: { a: {}, b: {}, c: {} } };
  expect(namesIn(schema, { a: 1, b: 1, c: 1 }, { c: 1, a: 1 }, { b: 1 }, {}, { c: 1, b: 1, a: 1 })).toEqual([]);
});

test('looks into declared objects and arrays of them', () => {
  const schema = {
    properties: {
      address: { type: 'object', properties: { zip: {}, country: { properties: { code: {} } } } },
      lines: { type: 'array', items: { type: 'object', properties: { price: {} } } },
      grid: { items: { items: { properties: { x: {} } } } },
    },
  };
  const record = {
    address: { zip: 1, city: 'Oslo', country: { code: 'NO', name: 'Norway' } },
    lines: [{ price: 1 }, { price: 2, tax: 1 }],
    grid: [[{ x: 1, y: 1 }]],
  };
  expect(namesIn(schema, record)).toEqual(['address.city', 'address.country.name', 'lines.tax', 'grid.y']);
});

test('is not led astray by values of another type', () => {
  const schema = {
    properties: { address: { properties: { zip: {} } }, lines: { items: { properties: { price: {} } } } },
  };
  const odd = [null, 5, 'text', [], {}, new LosslessNumber('1e400'), 5n, undefined];
  expect(
    namesIn(schema, ...odd.flatMap((value) => [{ address: value }, { lines: value }, { lines: [value] }])),
  ).toEqual([]);
});

test.each<[string, JsonObject]>([
  ['additionalProperties with a schema', { properties: { a: {} }, additionalProperties: { type: 'string' } }],
  ['patternProperties', { properties: { a: {} }, patternProperties: { '^x': {} } }],
  ['no properties', { type: 'object' }],
  ['no keywords', {}],
  ['an open alternative', { anyOf: [{ type: 'object', properties: { a: {} } }, { type: 'object' }] }],
])('knows every name where an object declares %s', (_, schema) => {
  expect(namesIn({ properties: { x: schema } }, { x: { a: 1, other: 1 } })).toEqual([]);
});

test.each<[string, JsonObject]>([
  ['additionalProperties: true', { properties: { a: {} }, additionalProperties: true }],
  ['allOf', { type: 'object', allOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }],
  ['anyOf', { anyOf: [{ type: 'object', properties: { a: {} } }, { properties: { b: {} } }, { type: 'null' }] }],
  ['a reference', { $ref: '#/definitions/d' }],
  ['if and then', { properties: { a: {} }, if: {}, then: { properties: { b: {} } } }],
])('reports beside properties declared by %s', (_, schema) => {
  const root = { properties: { x: schema }, definitions: { d: { properties: { a: {} } } } };
  expect(namesIn(root, { x: { a: 1, other: 1 } })).toEqual(['x.other']);
});

test('looks into nested objects where the names around them are open', () => {
  const schema = { properties: { address: { properties: { zip: {} } } }, additionalProperties: {} };
  expect(namesIn(schema, { any: 1, address: { zip: 1, city: 1 } })).toEqual(['address.city']);
});

test('ends in a schema that contains itself', () => {
  const schema = { properties: { id: {}, replies: { items: { $ref: '#' } } } };
  expect(namesIn(schema, { id: 1, replies: [{ id: 2, replies: [{ id: 3, x: 1 }] }], y: 1 })).toEqual(['y']);
});

test('stops at a thousand names', () => {
  const fields = new UnknownFields({ properties: { id: {} } });
  for (let n = 0; n < 5000; n++) fields.see({ id: n, [`key${n}`]: 1 });
  expect(fields.take()).toHaveLength(1000);
});

test('finds exactly the names that are not declared, in records of any shape', () => {
  const name = fc.constantFrom<string>('a', 'b', 'c', 'd', 'toString', '__proto__');
  const flat = fc.dictionary(name, fc.integer(), { noNullPrototype: true });
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.array(flat), (declared, records) => {
      const properties = Object.fromEntries(declared.map((key) => [key, {}]));
      const expected = new Set(
        records.flatMap((record) => Object.keys(record)).filter((key) => !declared.includes(key)),
      );
      expect(new Set(namesIn({ properties }, ...records))).toEqual(expected);
    }),
  );
});
