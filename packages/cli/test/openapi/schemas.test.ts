import { expect, test } from '@jest/globals';

import { answers, api, list, object, planOf } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const TEXT = { type: 'string' };
const COUNT = { type: 'integer' };

const schemaOf = async (record: { readonly [name: string]: unknown }, schemas = {}) => {
  const found = await planOf(api({ '/things': answers(list(record)) }, { openapi: '3.1.0', components: { schemas } }));
  expectSound(found);
  return found.plan.streams[0];
};

test.each([
  ['null of OpenAPI 3.0', { ...TEXT, nullable: true }, { type: ['string', 'null'] }],
  ['null of OpenAPI 3.1', { type: ['string', 'null'] }, { type: ['string', 'null'] }],
  ['a value or null', { anyOf: [TEXT, { type: 'null' }] }, { type: ['string', 'null'] }],
  [
    'an enum with null',
    { type: 'string', enum: ['a', 'b', null], nullable: true },
    { type: ['string', 'null'], enum: ['a', 'b', null] },
  ],
  ['an enum of another type', { type: 'string', enum: [1, 2] }, { type: 'string' }],
  ['a constant', { const: 'thing' }, { type: 'string', enum: ['thing'] }],
  [
    'a format',
    { ...TEXT, format: 'date-time', example: '2020-01-01T00:00:00Z' },
    { type: 'string', format: 'date-time' },
  ],
  ['a format nobody knows', { ...TEXT, format: 'color' }, { type: 'string' }],
  ['limits and patterns', { ...TEXT, maxLength: 3, pattern: '^a' }, { type: 'string' }],
  ['one of two types', { oneOf: [TEXT, COUNT] }, { type: ['string', 'integer'] }],
  ['all numbers', { anyOf: [{ type: 'number' }, COUNT] }, { type: 'number' }],
  ['anything', {}, {}],
  ['a list', list(TEXT), { type: 'array', items: { type: 'string' } }],
  ['a map', { type: 'object', additionalProperties: TEXT }, { type: 'object', additionalProperties: true }],
  [
    'a composition',
    { allOf: [object({ a: TEXT }), object({ b: COUNT })], description: 'Both. And more.' },
    {
      type: 'object',
      description: 'Both.',
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
      additionalProperties: true,
    },
  ],
  [
    'alternatives',
    {
      oneOf: [object({ a: TEXT, kind: { const: 'a' } }), object({ b: TEXT, kind: { const: 'b' } })],
      discriminator: { propertyName: 'kind' },
    },
    {
      type: 'object',
      properties: { a: { type: 'string' }, kind: { type: 'string', enum: ['a', 'b'] }, b: { type: 'string' } },
      additionalProperties: true,
    },
  ],
])('writes %s', async (_, given, written) => {
  const stream = await schemaOf(object({ id: COUNT, it: given }));
  expect(stream?.schema['properties']).toEqual({ id: { type: 'integer' }, it: written });
});

test('requires keys only, and never null', async () => {
  const stream = await schemaOf(object({ id: { type: ['integer', 'null'] }, name: TEXT }, { required: ['name'] }));
  expect(stream?.schema).toEqual({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { id: { type: 'integer' }, name: { type: 'string' } },
    required: ['id'],
    additionalProperties: true,
  });
});

test('ends circles of references in open objects', async () => {
  const node = object({
    id: COUNT,
    parent: { $ref: '#/components/schemas/Node' },
    children: list({ $ref: '#/components/schemas/Node' }),
  });
  const stream = await schemaOf({ $ref: '#/components/schemas/Node' }, { Node: node });
  expect(JSON.stringify(stream?.schema)).toContain('{"type":["object","null"]}');
  expect(stream?.guesses).toContainEqual(expect.objectContaining({ about: 'schema' }));
});

test('survives references that lead to themselves or nowhere', async () => {
  const found = await planOf(
    api(
      {
        '/things': answers(
          list(object({ id: COUNT, a: { $ref: '#/components/schemas/A' }, b: { $ref: '#/components/schemas/B' } })),
        ),
      },
      {
        components: {
          schemas: { A: { $ref: '#/components/schemas/A' }, C: { allOf: [{ $ref: '#/components/schemas/C' }] } },
        },
      },
    ),
  );
  expectSound(found);
  expect(found.plan.guesses.find(({ about }) => about === 'references')?.because).toContain('#/components/schemas/B');
});

test('keeps giant schemas small', async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 30 }, (_s, one) => [
      `S${one}`,
      object(
        Object.fromEntries(
          Array.from({ length: 30 }, (_p, two) => [`to_${two}`, { $ref: `#/components/schemas/S${two}` }]),
        ),
      ),
    ]),
  );
  const stream = await schemaOf(object({ id: COUNT, all: { $ref: '#/components/schemas/S0' } }), schemas);
  expect(JSON.stringify(stream?.schema).length).toBeLessThan(200_000);
});

test('gives examples of its own to each record, out of the description where it has some', async () => {
  const stream = await schemaOf(
    object({
      uuid: { type: 'string', format: 'uuid' },
      name: { type: 'string', example: 'Ada' },
      size: { type: 'integer', example: 'large' },
      born: { type: 'string', format: 'date' },
    }),
  );
  expect(stream?.examples).toMatchObject([
    { uuid: '00000000-0000-4000-8000-000000000001', name: 'Ada' },
    { uuid: '00000000-0000-4000-8000-000000000002', name: 'Ada' },
    { uuid: '00000000-0000-4000-8000-000000000003', name: 'Ada' },
  ]);
});

test('survives what no description should have', async () => {
  const odd = { constructor: TEXT, toString: COUNT, id: { type: 'string', enum: ['only'] }, x: { enum: [] }, y: true };
  const found = await planOf(
    api(
      {
        '/odd': answers(list(object(odd)), [null, 3, { name: 'limit', in: 'query' }] as never),
        '/Länge/日本': answers(list(object({}))),
      },
      {
        info: null,
        servers: 'https://acme.test',
        security: 7,
        components: { securitySchemes: { a: null, b: { type: 'http' } } },
      },
    ),
  );
  expectSound(found);
  expect(found.plan.streams.map(({ name, primaryKey }) => [name, primaryKey])).toEqual([
    ['odd', undefined],
    ['lange', undefined],
  ]);
});
