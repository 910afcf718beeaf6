import { expect, test } from '@jest/globals';

import { mockApi } from '../../src/mock-api.ts';
import type { CollectionOptions } from '../../src/mock/collection.ts';
import { ids, jsonOf } from './ids.ts';

/** What is answered to each of some requests for a collection. */
const answersOf = async (options: CollectionOptions, ...queries: readonly string[]): Promise<unknown[]> => {
  await using api = await mockApi();
  api.collection('GET /items', options);
  const answers: unknown[] = [];
  for (const query of queries) answers.push(await jsonOf(`${api.url}/items${query}`));
  return answers;
};

test('serves a whole list as an array', async () => {
  expect(await answersOf({ items: ids(30) }, '')).toEqual([ids(30)]);
});

test.each([
  ['$.data[*]', { data: [{ id: 1 }, { id: 2 }] }],
  ["$.result['all items'][*]", { result: { 'all items': [{ id: 1 }, { id: 2 }] } }],
  ['$.edges[*].node', { edges: [{ node: { id: 1 } }, { node: { id: 2 } }] }],
  ['$.groups[*].items[*]', { groups: [{ items: [{ id: 1 }, { id: 2 }] }] }],
  ['$', { id: 1 }],
  ['$.one', { one: { id: 1 } }],
])('puts the records where %s leads', async (recordsPath, body) => {
  expect(await answersOf({ items: ids(2), recordsPath }, '')).toEqual([body]);
});

test('keeps what stands around the records', async () => {
  const around = { meta: { version: 2 }, data: { kind: 'list' } };
  const paging = { kind: 'pageNumber', pageSize: 1, total: '$.meta.total' } as const;
  const [first, second] = await answersOf(
    { items: ids(2), recordsPath: '$.data.items[*]', body: around, paging },
    '',
    '?page=2',
  );

  expect(first).toEqual({ meta: { version: 2, total: 2 }, data: { kind: 'list', items: [{ id: 1 }] } });
  expect(second).toMatchObject({ data: { items: [{ id: 2 }] } });
  expect(around).toEqual({ meta: { version: 2 }, data: { kind: 'list' } });
});

test('makes the list of a route from its parameters', async () => {
  await using api = await mockApi();
  api.collection('GET /repos/:repo/issues', { items: ({ params }) => (params['repo'] === 'a' ? ids(1) : undefined) });

  expect(await jsonOf(`${api.url}/repos/a/issues`)).toEqual([{ id: 1 }]);
  const missing = await fetch(`${api.url}/repos/b/issues`);
  expect([missing.status, await missing.json()]).toEqual([404, { error: { message: 'There is no /repos/b/issues.' } }]);
});

test('filters by moments, numbers and texts, both ends included', async () => {
  const items = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00+00:00', '2026-01-03T00:00:00Z'].map((at, index) => ({
    at,
    id: index + 9,
    name: 'abc'.charAt(index),
  }));
  const asked = async (field: string, query: string) => {
    const since = { param: 'since', field };
    const [answer] = await answersOf({ items, since, until: { param: 'until', field } }, query);
    return (answer as { id: number }[]).map(({ id }) => id);
  };

  expect(await asked('at', '?since=2026-01-02T00:00:00.000Z')).toEqual([10, 11]);
  expect(await asked('at', '?until=2026-01-02')).toEqual([9, 10]);
  expect(await asked('id', '?since=10&until=10')).toEqual([10]);
  expect(await asked('$.name', '?since=b')).toEqual([10, 11]);
  expect(await asked('at', '')).toEqual([9, 10, 11]);
});

test('filters by a path into the body', async () => {
  await using api = await mockApi();
  api.collection('POST /search', { items: ids(3), since: { param: '$.filter.from', field: 'id' } });

  const body = JSON.stringify({ filter: { from: 3 } });
  expect(await jsonOf(`${api.url}/search`, { method: 'POST', body })).toEqual([{ id: 3 }]);
});

test('answers a bound that cannot be compared with 400', async () => {
  const items = [{ at: '2026-01-01' }];
  expect(await answersOf({ items, since: { param: 'since', field: 'at' } }, '?since=yesterday')).toEqual([
    { error: { message: 'since: "yesterday" cannot be compared with a at such as 2026-01-01.' } },
  ]);
});

test('lets the list drift between two pages', async () => {
  const paging = { kind: 'offset', limit: 2 } as const;
  const insert = [{ id: 0 }];

  expect(await answersOf({ items: ids(4), paging, drift: { afterPages: 1, insert } }, '', '?offset=2')).toEqual([
    [{ id: 1 }, { id: 2 }],
    [{ id: 2 }, { id: 3 }],
  ]);
  expect(await answersOf({ items: ids(4), paging, drift: { afterPages: 1, remove: 1 } }, '', '?offset=2')).toEqual([
    [{ id: 1 }, { id: 2 }],
    [{ id: 4 }],
  ]);
});

test('serves a page twice and then the rest', async () => {
  const paging = { kind: 'pageNumber', pageSize: 2 } as const;
  const pages = ['?page=1', '?page=2', '?page=3', '?page=4'];

  expect(await answersOf({ items: ids(3), paging, duplicatePage: 1 }, ...pages)).toEqual([
    [{ id: 1 }, { id: 2 }],
    [{ id: 1 }, { id: 2 }],
    [{ id: 3 }],
    [],
  ]);
});

test.each<[string, CollectionOptions, RegExp]>([
  ['a value in an array', { items: [], paging: { kind: 'nextUrl', from: '$.next' } }, /no room for \$\.next/],
  ['a body around an array', { items: [], body: { meta: 1 } }, /no room for meta/],
  ['a path with an index', { items: [], recordsPath: '$.data[0]' }, /recordsPath: "\$\.data\[0\]" is not a path/],
  ['a path without a root', { items: [], recordsPath: 'data' }, /is not a path/],
  [
    'a place with a wildcard',
    { items: [], recordsPath: '$.data[*]', paging: { kind: 'nextUrl', from: '$.a[*]' } },
    /without wildcards/,
  ],
  ['pages of nothing', { items: [], paging: { kind: 'offset', limit: 0 } }, /a page of 0 records has no end/],
  ['an unknown kind', { items: [], paging: { kind: 'page' } as never }, /unknown kind "page"\. Known: none,/],
  [
    'a page twice after the last record',
    { items: [], paging: { kind: 'cursor', lastRecord: '$.id' }, duplicatePage: 1 },
    /would never end/,
  ],
])('refuses %s', async (_name, options, message) => {
  await using api = await mockApi();

  expect(() => api.collection('GET /items', options)).toThrow(TypeError);
  expect(() => api.collection('GET /items', options)).toThrow(message);
});
