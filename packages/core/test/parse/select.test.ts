import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import { loadSelect, select } from '../../src/parse/select.ts';
import { parseLossless, stringifyJson } from '../../src/protocol/lossless-json.ts';

const store = {
  items: [
    { id: 1, price: 5, tags: ['a'] },
    { id: 2, price: 12, tags: [] },
    { id: 3, tags: ['b', 'c'] },
  ],
  more: { 'odd name': { id: 4 } },
};

test.each([
  ['$.items[*].id', [1, 2, 3]],
  ['$.items[?@.price > 6].id', [2]],
  ['$.items[?@.price].id', [1, 2]],
  ['$.items[1:].id', [2, 3]],
  ['$.items[-1].id', [3]],
  ['$.items[0,2].id', [1, 3]],
  ['$..id', [1, 2, 3, 4]],
  ["$.more['odd name']", [{ id: 4 }]],
  ['$.items[?length(@.tags) == 2].id', [3]],
  ["$.items[?match(@.tags[0], 'a|b')].id", [1, 3]],
  ['$.none[*]', []],
  ['$', [store]],
])('selects %s', async (expression, values) => {
  expect(await select(store, expression)).toEqual(values);
});

test.each([
  ['$[?@.n == 0.5].n', [0.5]],
  ['$[?@.n < 0.05e1].n', [0.25]],
  ['$[?@.n >= 0.0].n', [0.5, 0.25, 1.5]],
  ['$[?@.n == 10.5e-1 || @.n == 1.5].n', [1.5]],
  ["$[?@['0.5'] == '0.5'].n", [0.25]],
])('compares fractions in %s', async (expression, values) => {
  expect(await select([{ n: 0.5 }, { n: 0.25, '0.5': '0.5' }, { n: 1.5 }], expression)).toEqual(values);
});

test('gives the values themselves, not copies', async () => {
  const now = await loadSelect();

  expect(now(store, '$.items[?@.id == 2]')[0]).toBe(store.items[1]);
  expect(now(store, '$.items[?@.id == 2]')[0]).toBe(store.items[1]);
});

test('compares long numbers and gives them exactly', async () => {
  const document = parseLossless('[{"id":12345678901234567890,"value":0.12345678901234567890},{"id":5,"value":1}]');
  const chosen = async (expression: string) => (await select(document, expression)).map(stringifyJson);

  expect(await chosen('$[?@.id > 1000]')).toEqual(['{"id":12345678901234567890,"value":0.12345678901234567890}']);
  expect(await chosen('$[?@.value < 0.5].id')).toEqual(['12345678901234567890']);
  expect(await chosen('$..value')).toEqual(['0.12345678901234567890', '1']);
});

test.each([
  ['$.items[', 9],
  ['$.items[?@.a ==]', 16],
  ['$.items[?nope(@)]', 10],
  ['items', 1],
  ['$.a b', 5],
])('names the place in %s', async (expression, column) => {
  const selecting = select(store, expression);

  await expect(selecting).rejects.toThrow(ConnectorError);
  await expect(selecting).rejects.toThrow(`${JSON.stringify(expression)} cannot be read at column ${column}`);
});

test('keeps working beyond the expressions it remembers', async () => {
  const now = await loadSelect();

  for (let at = 0; at < 1100; at++) expect(now([at], `$[?@ == ${at}]`)).toEqual([at]);
});
