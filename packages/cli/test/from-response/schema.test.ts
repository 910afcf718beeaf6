import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';

import { Redactor } from '../../src/from-response/redact.ts';
import { schemaOfRecords } from '../../src/from-response/schema.ts';
import { mergeShapes, NOTHING, shapeOf, shapeOfAll } from '../../src/from-response/shape.ts';
import { formatOf } from '../../src/from-response/formats.ts';

const ajv = new Ajv({ allowUnionTypes: true });
formats.default(ajv);

const runs = { seed: 6, numRuns: 60 };

const text = fc.oneof(
  fc.string(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-01-01') })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.uuid(),
  fc.emailAddress(),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('+49 30 1234567', 'mail to a@b.cd', '10:00:00Z', 'https://a.b/?token=x', 'eyJhbGciOiJI.eyJzdWIi.abc'),
);
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('id', 'name', 'token', 'phone', 'at', 'items', 'api_key') },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.emailAddress() },
  { weight: 1, arbitrary: fc.nat().map(String) },
);
const { value: record } = fc.letrec<{ value: { [key: string]: unknown }; any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('value'),
  ),
  value: fc.dictionary(key, tie('any'), { maxKeys: 6 }),
}));
const samples = fc.array(record, { minLength: 1, maxLength: 8 });
const orders = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });

test('accepts every record the schema was made of, and its example', () => {
  fc.assert(
    fc.property(samples, (records) => {
      const validate = ajv.compile(schemaOfRecords(shapeOfAll(records)));
      const redactor = new Redactor();
      for (const one of records) {
        expect([validate(one), validate.errors, one]).toEqual([true, null, one]);
        const example = redactor.record(one);
        expect([validate(example), validate.errors, example]).toEqual([true, null, example]);
      }
    }),
    runs,
  );
});

test('gives the same schema in any order and grouping', () => {
  fc.assert(
    fc.property(samples, orders, (records, order) => {
      const shapes = records.map(shapeOf);
      const shuffled = shapes
        .map((shape, index) => ({ shape, rank: order[index] ?? 0 }))
        .toSorted((one, other) => one.rank - other.rank)
        .map(({ shape }) => shape);
      const half = Math.floor(shuffled.length / 2);
      const merge = (part: typeof shapes) => part.reduce(mergeShapes, NOTHING);
      const grouped = mergeShapes(merge(shuffled.slice(half)), merge(shuffled.slice(0, half)));

      expect(schemaOfRecords(grouped)).toEqual(schemaOfRecords(merge(shapes)));
    }),
    runs,
  );
});

test('infers types, nulls, formats and nested parts', () => {
  const records = [
    { id: 1, at: '2026-01-01T00:00:00Z', mixed: 1, tags: [], deep: { a: 1 }, price: 1, gone: null },
    { id: 2n ** 60n, at: null, mixed: 'x', tags: ['a'], deep: { a: null, b: [{ c: true }] }, price: 1.5, gone: null },
  ];

  expect(schemaOfRecords(shapeOfAll(records), ['id'])).toEqual({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'integer' },
      at: { type: ['string', 'null'], format: 'date-time' },
      mixed: { type: ['string', 'integer'] },
      tags: { type: 'array', items: { type: 'string' } },
      deep: {
        type: 'object',
        properties: {
          a: { type: ['integer', 'null'] },
          b: { type: 'array', items: { type: 'object', properties: { c: { type: 'boolean' } } } },
        },
      },
      price: { type: 'number' },
      gone: {},
    },
  });
});

test('takes an object with keys that are data for a map', () => {
  const byDay = { '2026-01-01': 1, '2026-01-02': null };
  const many = Array.from({ length: 40 }, (_, n) => ({ counts: { [`k${n}`]: n } }));

  expect(schemaOfRecords(shapeOf({ byDay }))).toMatchObject({
    properties: { byDay: { type: 'object', additionalProperties: { type: ['integer', 'null'] } } },
  });
  expect(schemaOfRecords(shapeOfAll(many))).toMatchObject({
    properties: { counts: { additionalProperties: { type: 'integer' } } },
  });
});

test('names a format only where every text has it', () => {
  expect(schemaOfRecords(shapeOfAll([{ a: '2026-01-01' }, { a: 'soon' }]))).toMatchObject({
    properties: { a: { type: 'string' } },
  });
  expect(schemaOfRecords(shapeOfAll([{ a: '2026-01-01' }, { a: 'soon' }]))).not.toHaveProperty('properties.a.format');
  const cases = {
    '2026-02-30': undefined,
    '2026-02-28': 'date',
    '2026-01-01T10:00:00': undefined,
    '::1': 'ipv6',
    '1.2.3.4': 'ipv4',
    'a@b.cd': 'email',
    'https://a.b/c?d=e': 'uri',
  };
  for (const [given, format] of Object.entries(cases)) expect([given, formatOf(given)]).toEqual([given, format]);
});
