import { expect, test } from '@jest/globals';

import { mockApi, type MockApi } from '../../src/mock-api.ts';
import type { Paging } from '../../src/mock/paging.ts';
import { ids, jsonOf } from './ids.ts';

const serve = async (paging: Paging, count = 5): Promise<MockApi> =>
  (await mockApi()).collection('GET /items', { items: ids(count), paging, recordsPath: '$.data[*]' });

const messageOf = async (url: string): Promise<unknown> => {
  const response = await fetch(url);
  return [response.status, ((await response.json()) as { error?: { message: string } }).error?.message];
};

test('serves by page number', async () => {
  const places = { total: 'X-Total', totalPages: '$.pages', hasMore: '$.more' };
  await using api = await serve({ kind: 'pageNumber', pageSize: 2, sizeParam: 'size', start: 0, ...places });

  const first = await fetch(`${api.url}/items`);
  expect(first.headers.get('x-total')).toBe('5');
  expect(await first.json()).toEqual({ data: [{ id: 1 }, { id: 2 }], pages: 3, more: true });
  expect(await jsonOf(`${api.url}/items?page=1&size=3`)).toEqual({
    data: [{ id: 4 }, { id: 5 }],
    pages: 2,
    more: false,
  });
  expect(await jsonOf(`${api.url}/items?page=9`)).toEqual({ data: [], pages: 3, more: false });
});

test('serves by offset', async () => {
  await using api = await serve({ kind: 'offset', limit: 2, total: 'Content-Range', maxPageSize: 3, maxDepth: 6 });

  const first = await fetch(`${api.url}/items?offset=1`);
  expect(first.headers.get('content-range')).toBe('items 1-2/5');
  expect(await first.json()).toEqual({ data: [{ id: 2 }, { id: 3 }] });
  expect(await jsonOf(`${api.url}/items?limit=100`)).toEqual({ data: ids(3) });
  const beyond = await fetch(`${api.url}/items?offset=5&limit=1`);
  expect([beyond.headers.get('content-range'), await beyond.json()]).toEqual(['items */5', { data: [] }]);
  expect(await messageOf(`${api.url}/items?offset=5`)).toEqual([
    400,
    'The page reaches 7 records deep. At most 6 can be read.',
  ]);
});

test('serves by a cursor that leads on to the end', async () => {
  await using api = await serve({
    kind: 'cursor',
    from: '$.paging.next',
    hasMore: '$.more',
    param: 'after',
    pageSize: 3,
  });

  const first = (await jsonOf(`${api.url}/items`)) as { paging: { next: string } };
  expect(first).toEqual({ data: ids(3), paging: { next: expect.any(String) }, more: true });
  expect(await jsonOf(`${api.url}/items?after=${first.paging.next}`)).toEqual({
    data: [{ id: 4 }, { id: 5 }],
    paging: { next: null },
    more: false,
  });
});

test('puts a cursor into a header, and leaves it out at the end', async () => {
  await using api = await serve({ kind: 'cursor', from: 'X-Next', in: 'header', param: 'X-After', pageSize: 3 });

  const first = await fetch(`${api.url}/items`);
  const next = await fetch(`${api.url}/items`, { headers: { 'x-after': first.headers.get('x-next') ?? '' } });

  expect(await next.json()).toEqual({ data: [{ id: 4 }, { id: 5 }] });
  expect(next.headers.has('x-next')).toBe(false);
});

test('goes on behind the same record after the list has changed', async () => {
  const all = ids(6);
  let items = all;
  await using api = await mockApi();
  const paging = { kind: 'cursor', from: '$.next', pageSize: 2 } as const;
  api.collection('GET /items', { items: () => items, paging, recordsPath: '$.data[*]' });
  const { next } = (await jsonOf(`${api.url}/items`)) as { next: string };
  const then = async () =>
    ((await jsonOf(`${api.url}/items?cursor=${next}`)) as { data: { id: number }[] }).data[0]?.id;

  expect(await then()).toBe(3);
  items = [{ id: 0 }, ...all];
  expect(await then()).toBe(3);
  items = all.filter(({ id }) => id !== 2);
  expect(await then()).toBe(3);
});

test('serves what comes after the last record', async () => {
  const stripe = { kind: 'cursor', lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' } as const;
  await using api = await serve({ ...stripe, sizeParam: 'limit', pageSize: 2 });

  expect(await jsonOf(`${api.url}/items?starting_after=3`)).toEqual({ data: [{ id: 4 }, { id: 5 }], has_more: false });
  expect(await jsonOf(`${api.url}/items?limit=4`)).toEqual({ data: ids(4), has_more: true });
  expect(await messageOf(`${api.url}/items?starting_after=99`)).toEqual([
    400,
    'starting_after: "99" is not a cursor that this API gave out.',
  ]);
});

test('leads on by a URL with all parameters of the request', async () => {
  await using api = await serve({ kind: 'nextUrl', from: "$['@next']", pageSize: 2 });

  const first = (await jsonOf(`${api.url}/items?state=a%20b`)) as Record<string, string>;
  expect(first['@next']).toBe(`${api.url}/items?state=a+b&page=2`);
  expect(await jsonOf(`${api.url}/items?page=3`)).toEqual({ data: [{ id: 5 }], '@next': null });
});

test('leads on by a Link header of the origin it is told', async () => {
  await using api = await serve({ kind: 'linkHeader', pageSize: 2, origin: 'https://api.example.com' });

  const link = async (page: number) => (await fetch(`${api.url}/items?page=${page}`)).headers.get('link');
  const to = (page: number, relation: string) => `<https://api.example.com/items?page=${page}>; rel="${relation}"`;
  expect(await link(1)).toBe([to(1, 'first'), to(2, 'next'), to(3, 'last')].join(', '));
  expect(await link(3)).toBe([to(1, 'first'), to(2, 'prev'), to(3, 'last')].join(', '));
});

test('takes a position out of a JSON body or a form', async () => {
  await using api = await mockApi();
  const paging = { kind: 'offset', limit: 2, in: 'body', param: '$.page.from' } as const;
  api.collection('POST /items', { items: ids(3), paging });
  api.collection('POST /form', { items: ids(3), paging: { kind: 'pageNumber', in: 'body', pageSize: 2 } });

  const json = { method: 'POST', body: JSON.stringify({ page: { from: 2 } }) };
  expect(await jsonOf(`${api.url}/items`, json)).toEqual([{ id: 3 }]);
  const form = { method: 'POST', body: new URLSearchParams({ page: '2' }) };
  expect(await jsonOf(`${api.url}/form`, form)).toEqual([{ id: 3 }]);
});

test.each<[Paging, string, string]>([
  [{ kind: 'pageNumber' }, 'page=0', 'page: "0" is not a whole number from 1 on.'],
  [{ kind: 'pageNumber', sizeParam: 'size' }, 'size=0', 'size: "0" is not a whole number from 1 on.'],
  [{ kind: 'offset', limit: 2 }, 'offset=-1', 'offset: "-1" is not a whole number from 0 on.'],
  [{ kind: 'offset', limit: 2 }, 'limit=many', 'limit: "many" is not a whole number from 1 on.'],
  [{ kind: 'cursor', from: '$.next' }, 'cursor=made-up', 'cursor: "made-up" is not a cursor that this API gave out.'],
  [{ kind: 'linkHeader' }, 'page=1.5', 'page: "1.5" is not a whole number from 1 on.'],
  [{ kind: 'nextUrl', from: '$.next', param: 'p' }, 'p=', 'p: "" is not a whole number from 1 on.'],
])('answers a parameter that makes no sense with 400', async (paging, query, message) => {
  await using api = await serve(paging);

  expect(await messageOf(`${api.url}/items?${query}`)).toEqual([400, message]);
});
