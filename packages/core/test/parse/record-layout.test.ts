import { expect, test } from '@jest/globals';
import type { Layout } from '../../src/parse/record-code.ts';
import { learnLayout } from '../../src/parse/record-layout.ts';
import { compileShape } from '../../src/parse/shape.ts';

const line = { type: 'object', properties: { sku: { type: 'string' }, n: { type: 'integer' } } };
const schema = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' }, lines: { type: 'array', items: line } },
};
const fresh: Layout = { fields: compileShape(schema)!.fields!, isSpaced: false };

/** The order of all fields, those of a list's items behind its name. */
const orderOf = ({ fields }: Pick<Layout, 'fields'>): string =>
  fields
    .map(({ name, shape }) => (shape.items?.fields ? `${name}(${orderOf({ fields: shape.items.fields })})` : name))
    .join(' ');

test.each([
  ['an order', '{"name":"x","id":1}', 'name id lines(sku n)'],
  ['the place of a field that was missing before', '{"lines":[],"name":"x"}', 'id lines(sku n) name'],
  ['the order within the items of a list', '{"id":1,"lines":[{"sku":"x"},{"n":1,"sku":"y"}]}', 'id name lines(n sku)'],
  ['all of it at once', '{"lines":[{"n":1,"sku":"y"}],"name":"x","id":1}', 'lines(n sku) name id'],
])('learns %s', (_name, text, order) => {
  const layout = learnLayout(fresh, text);
  expect(orderOf(layout)).toBe(order);
  expect(layout.isSpaced).toBe(false);
  expect(learnLayout(layout, text)).toBe(layout);
});

test.each([
  ['a record in the known order', '{"id":1,"name":"x"}'],
  ['blanks in a string', '{"id":1,"name":"a, b: [ \\" ] { , "}'],
  ['fields the schema does not know', '{"other":1,"id":1,"new":2}'],
  ['what is no object', '[1, 2]'],
  ['what is no JSON', '{"name":"x", "id"'],
])('learns nothing from %s', (_name, text) => {
  expect(learnLayout(fresh, text)).toBe(fresh);
});

test.each(['{"id": 1}', '{ "id":1}', '{"id":1\n}', '{"id":1,\t"name":"x"}', '{"lines":[ ]}'])(
  'learns from %j that there are blanks',
  (text) => {
    expect(learnLayout(fresh, text)).toEqual({ fields: fresh.fields, isSpaced: true });
  },
);
