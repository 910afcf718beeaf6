import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { compileSchema } from '../../src/schema/compile.ts';

const compile = (schema: JsonObject, formats: 'fast' | 'full' = 'fast') =>
  compileSchema(schema, { formats, allErrors: false, name: 'The schema of stream "issues"' });

test.each([
  ['http://json-schema.org/draft-07/schema#', { items: [{ type: 'string' }] }, ['a', 1], [1]],
  ['http://json-schema.org/schema#', { items: [{ type: 'string' }] }, ['a', 1], [1]],
  ['https://json-schema.org/draft/2019-09/schema', { dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }],
  ['https://json-schema.org/draft/2020-12/schema', { prefixItems: [{ type: 'string' }] }, ['a', 1], [1]],
])('follows the dialect of %s', async ($schema, keywords, right, wrong) => {
  const check = await compile({ $schema, ...keywords });
  expect([check(right), check(wrong)]).toEqual([true, false]);
});

test('looks at dates closely only with full formats', async () => {
  const schema = { type: 'string', format: 'date' };
  const [fast, full] = [await compile(schema), await compile(schema, 'full')];
  expect([fast('2026-02-30'), full('2026-02-30'), fast('yesterday')]).toEqual([true, false, false]);
});

test('tolerates formats and keywords it does not know', async () => {
  const check = await compile({ type: 'string', format: 'color', airbyte_secret: true, order: 3 });
  expect(check('red')).toBe(true);
});

test('never takes NaN or Infinity for a number', async () => {
  const check = await compile({ type: ['number', 'integer'] });
  expect([Number.NaN, Number.POSITIVE_INFINITY, 1].map(check)).toEqual([false, false, true]);
});

test('does not see inherited properties', async () => {
  const check = await compile({ type: 'object', properties: { constructor: { type: 'string' } } });
  expect([check({}), check({ constructor: 'Ferrari' }), check({ constructor: 5 })]).toEqual([true, true, false]);
});

test('counts cents without rounding errors', async () => {
  const check = await compile({ multipleOf: 0.01 });
  expect([19.99, 1.1, 123456.78, 0.005].map(check)).toEqual([true, true, true, false]);
});

test('accepts patterns that are no Unicode patterns', async () => {
  const check = await compile({ pattern: '^[\\w\\-]+$' });
  expect([check('a-b'), check('a b')]).toEqual([true, false]);
});

test.each<[string, JsonObject, RegExp]>([
  ['a type that does not exist', { properties: { id: { type: 'int' } } }, /\/properties\/id\/type: expected /],
  ['properties that are no object', { properties: [] }, /\/properties: expected object, got array\./],
  [
    'a subschema that is no schema',
    { properties: { a: 5 } },
    /\/properties\/a: expected object or boolean, got number\./,
  ],
  [
    'a pattern that is none',
    { properties: { a: { pattern: '[' } } },
    /\/properties\/a\/pattern: Invalid regular expression/,
  ],
  ['a reference to nothing', { properties: { a: { $ref: '#/definitions/a' } } }, /#\/definitions\/a/],
  ['an id that is no text', { $id: 5 }, /\$id: expected string, got number/],
  ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'int' }, /2020-12.*\/type: expected /],
])('refuses a schema with %s', async (_, schema, message) => {
  const refused = compile(schema);
  await expect(refused).rejects.toThrow(ConnectorError);
  await expect(refused).rejects.toThrow(/^The schema of stream "issues" .*\.$/);
  await expect(refused).rejects.toThrow(message);
});
