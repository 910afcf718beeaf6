import { expect, test } from '@jest/globals';
import {
  cursor,
  HttpStream,
  linkHeader,
  nextUrl,
  offset,
  pageNumber,
  type HttpOptions,
  type Paginator,
} from '@headwater/core';

import { collect } from '../../src/collect.ts';
import { mockApi } from '../../src/mock-api.ts';
import type { Paging } from '../../src/mock/paging.ts';
import { ids } from './ids.ts';

class Items extends HttpStream {
  override readonly urlBase: string;
  override readonly recordsPath = '$.data[*]';
  override readonly paginator: Paginator;
  override readonly method: 'GET' | 'POST';

  constructor(urlBase: string, paginator: Paginator, method: 'GET' | 'POST' = 'GET', http: HttpOptions = {}) {
    super({ http });
    this.urlBase = urlBase;
    this.paginator = paginator;
    this.method = method;
  }

  path() {
    return 'items';
  }
}

const size = { pageSize: 3 };
const stripe = { lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' } as const;

const CONVENTIONS: readonly [name: string, paginator: Paginator, paging: Paging][] = [
  [
    'page numbers until a short page',
    pageNumber({ ...size, sizeParam: 'n' }),
    { kind: 'pageNumber', ...size, sizeParam: 'n' },
  ],
  ['page numbers until an empty page', pageNumber(), { kind: 'pageNumber', ...size }],
  ['a number of pages', pageNumber({ totalPages: '$.pages' }), { kind: 'pageNumber', ...size, totalPages: '$.pages' }],
  ['a total in a header', offset({ limit: 3, total: 'X-Total' }), { kind: 'offset', limit: 3, total: 'X-Total' }],
  [
    'a Content-Range',
    offset({ limit: 3, total: 'Content-Range' }),
    { kind: 'offset', limit: 3, total: 'Content-Range' },
  ],
  ['offsets from 1', offset({ limit: 3, start: 1 }), { kind: 'offset', limit: 3, start: 1 }],
  [
    'pages smaller than asked for',
    offset({ limit: 9, total: '$.all' }),
    { kind: 'offset', limit: 9, total: '$.all', maxPageSize: 2 },
  ],
  ['a cursor', cursor({ from: '$.next' }), { kind: 'cursor', from: '$.next', ...size }],
  [
    'a cursor in a header',
    cursor({ from: 'X-Next', in: 'header' }),
    { kind: 'cursor', from: 'X-Next', in: 'header', ...size },
  ],
  ['the last record', cursor(stripe), { kind: 'cursor', ...stripe, ...size }],
  ['the next URL', nextUrl({ from: '$.links.next' }), { kind: 'nextUrl', from: '$.links.next', ...size }],
  ['the Link header', linkHeader(), { kind: 'linkHeader', ...size }],
];

test.each(CONVENTIONS)('is read to the end by %s', async (_name, paginator, paging) => {
  for (const count of [0, 2, 3, 10]) {
    await using api = await mockApi();
    api.collection('GET /items', { items: ids(count), paging, recordsPath: '$.data[*]' });

    expect(await collect(new Items(api.url, paginator))).toEqual(ids(count));
  }
});

test('is read by a cursor in the body of a POST', async () => {
  await using api = await mockApi();
  const place = { from: '$.next', in: 'body', param: '$.page.after' } as const;
  api.collection('POST /items', {
    items: ids(7),
    paging: { kind: 'cursor', ...place, ...size },
    recordsPath: '$.data[*]',
  });

  expect(await collect(new Items(api.url, cursor(place), 'POST'))).toEqual(ids(7));
  expect(api.requests).toHaveLength(3);
});

test('gives every record once through a storm', async () => {
  await using api = await mockApi({ seed: 7 });
  const paging = { kind: 'pageNumber', pageSize: 2, total: '$.total' } as const;
  api.collection('GET /items', { items: ids(60), paging, recordsPath: '$.data[*]' });
  api.fault({ rate: 0.4, inARow: 3 }, { status: 503 }, { fault: { kind: 'reset' } }, { fault: { kind: 'truncate' } });
  const retry = { clock: { now: () => Date.now(), sleep: async () => {} } };

  const stream = new Items(api.url, pageNumber({ pageSize: 2, total: '$.total' }), 'GET', { retry });

  expect(await collect(stream)).toEqual(ids(60));
  expect(api.requests.length).toBeGreaterThan(35);
});

test('shows what a drifting list does to offsets, and not to cursors', async () => {
  const read = async (paginator: Paginator, paging: Paging) => {
    await using api = await mockApi();
    const drift = { afterPages: 1, remove: 1 };
    api.collection('GET /items', { items: ids(7), paging, recordsPath: '$.data[*]', drift });
    return (await collect(new Items(api.url, paginator))).map(({ id }) => id);
  };

  expect(await read(offset({ limit: 3 }), { kind: 'offset', limit: 3 })).toEqual([1, 2, 3, 5, 6, 7]);
  expect(await read(cursor({ from: '$.next' }), { kind: 'cursor', from: '$.next', ...size })).toEqual([
    1, 2, 3, 4, 5, 6, 7,
  ]);
});
