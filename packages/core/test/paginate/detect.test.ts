import { expect, test } from '@jest/globals';
import { detectPaginator } from '../../src/paginate/detect.ts';

const detect = (body: unknown, query = '', headers: Record<string, string> = {}) =>
  detectPaginator({ url: `https://a.example/items${query}`, headers, body });

const items = [{ id: 1, next: 'no', page: 5 }];

// prettier-ignore
test.each<[string, unknown, string?, Record<string, string>?]>([
  ['linkHeader()', [], '', { link: '<https://a.example/2>; rel="next"' }],
  ["nextUrl({ from: '$.next' })", { next: 'https://a.example/2', items }],
  ["nextUrl({ from: '$.next' })", { count: 1, next: null, previous: null, results: items }],
  ["nextUrl({ from: '$.next_url' })", { next_url: '/items?page=2' }],
  ["nextUrl({ from: '$.links.next' })", { data: items, links: { self: '/1', next: '?page[number]=2' } }],
  ["nextUrl({ from: '$._links.next.href' })", { _links: { next: { href: '/2' } } }],
  ['nextUrl({ from: "$[\'@odata.nextLink\']" })', { value: items, '@odata.nextLink': 'https://a.example/2' }],
  ["cursor({ from: '$.paging.cursors.after', param: 'after' })", { data: items, paging: { cursors: { before: 'a', after: 'b' } } }],
  ["cursor({ from: '$.next_cursor' })", { items, next_cursor: 'c' }],
  ["cursor({ from: '$.next_cursor' })", { items, next_cursor: null }],
  ["cursor({ from: '$.response_metadata.next_cursor' })", { ok: true, response_metadata: { next_cursor: '' } }],
  ["cursor({ from: '$.nextPageToken', param: 'pageToken' })", { items, nextPageToken: 't' }],
  ["cursor({ from: '$.next_page_token', param: 'page_token' })", { items, next_page_token: 't' }],
  ["cursor({ from: '$.nextPageToken', param: 'PageToken' })", { nextPageToken: 't' }, '?PageToken='],
  ["cursor({ from: '$.next_page', param: 'page' })", { items, next_page: 2 }],
  ["cursor({ from: '$.next_cursor', hasMore: '$.has_more' })", { items, next_cursor: 'c', has_more: true }],
  ["cursor({ from: 'x-next-page', param: 'page' })", items, '', { 'x-next-page': '2' }],
  ["cursor({ lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' })", { object: 'list', data: items, has_more: true }],
  ["pageNumber({ pageSize: 50, totalPages: '$.meta.total_pages' })", { items, meta: { page: 1, per_page: 50, total_pages: 3 } }],
  ["pageNumber({ start: 0, pageSize: 20, totalPages: '$.page.totalPages' })", { page: { number: 0, size: 20, totalPages: 3 } }],
  ["pageNumber({ param: 'p', pageSize: 10, sizeParam: 'per_page', total: 'x-total-count' })", items, '?p=1&per_page=10', { 'x-total-count': '90' }],
  ["pageNumber({ pageSize: 10, sizeParam: 'per_page' })", items, '?page=1&per_page=10'],
  ["pageNumber({ hasMore: '$.has_more' })", { items, has_more: true }],
  ["offset({ limit: 20, total: '$.total' })", { items, offset: 0, limit: 20, total: 55 }],
  ["offset({ param: 'startAt', limit: 50, limitParam: 'maxResults', total: '$.total' })", { startAt: 0, maxResults: 50, total: 70, issues: items }],
  ["offset({ param: '$skip', limit: 5, limitParam: '$top' })", { value: items }, '?$skip=0&$top=5'],
])('proposes %s', (...[code, body, query, headers]) => {
  const detected = detect(body, query, headers);
  expect(detected?.code).toBe(code);
  expect(detected?.because).toMatch(/\w.*\.$/);
});

test.each<[string, unknown]>([
  ['a plain list', items],
  ['an object', { id: 1, name: 'x' }],
  ['text', 'next'],
  ['nothing', undefined],
  ['a total alone', { items, total: 5 }],
  ['a next of another sort', { next: null, id: 5 }],
])('proposes nothing for %s', (_name, body) => {
  expect(detect(body)).toBeUndefined();
});

test('tells the kind and options apart from the code', () => {
  expect(detect({ next_cursor: 'c' })).toEqual({
    kind: 'cursor',
    options: { from: '$.next_cursor' },
    code: "cursor({ from: '$.next_cursor' })",
    because: 'The body has what leads to the next page at $.next_cursor. Check that it is sent back as "cursor".',
  });
});
