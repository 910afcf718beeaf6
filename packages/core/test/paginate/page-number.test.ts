import { expect, test } from '@jest/globals';
import { ConnectorError } from '@headwater/core';
import { pageNumber, type PageNumberOptions } from '../../src/paginate/page-number.ts';
import { answered } from './answered.ts';

const full = (more: object = {}) => answered({ recordCount: 10, ...more });

test('begins at start and sends the size where the API wants it', () => {
  expect(pageNumber().request(undefined)).toEqual({ params: { page: 1 } });
  const paginator = pageNumber({ param: 'p', start: 0, pageSize: 10, sizeParam: 'per_page' });
  expect(paginator.request(undefined)).toEqual({ params: { p: 0, per_page: 10 } });
  expect(paginator.next(full())).toBe(1);
  expect(paginator.request(1)).toEqual({ params: { p: 1, per_page: 10 } });
});

test('sends its parameters in a body path or a header', () => {
  const inBody = pageNumber({ param: '$.paging.page', pageSize: 5, sizeParam: '$.paging.size', in: 'body' });
  expect(inBody.request(3)).toEqual({ body: { paging: { page: 3, size: 5 } } });
  expect(pageNumber({ param: 'X-Page', in: 'header' }).request(3)).toEqual({ headers: { 'x-page': '3' } });
});

const size = { pageSize: 10 };

// prettier-ignore
test.each<[string, PageNumberOptions, object, number | undefined]>([
  ['a full page', size, {}, 2],
  ['a short page', size, { recordCount: 9 }, undefined],
  ['an empty page', {}, { recordCount: 0 }, undefined],
  ['any page of unknown size', {}, { recordCount: 1 }, 2],
  ['a short page that ends nothing', { ...size, shortPageEnds: false }, { recordCount: 9 }, 2],
  ['more in the body, on a short page', { ...size, hasMore: '$.more' }, { recordCount: 9, body: { more: true } }, 2],
  ['no more in the body, on a full page', { ...size, hasMore: '$.more' }, { body: { more: false } }, undefined],
  ['no more in a header', { hasMore: 'X-More' }, { headers: { 'x-more': 'False' } }, undefined],
  ['null where there would be more', { hasMore: '$.more' }, { body: { more: null } }, undefined],
  ['no word of more', { hasMore: '$.more' }, {}, 2],
  ['no word of more, on a short page', { ...size, hasMore: '$.more' }, { recordCount: 9 }, undefined],
  ['the total reached', { ...size, total: '$.meta.total' }, { body: { meta: { total: 10 } } }, undefined],
  ['the total not reached', { ...size, total: '$.meta.total' }, { body: { meta: { total: 11 } } }, 2],
  ['a short page before the total is reached', { ...size, total: '$.n' }, { recordCount: 5, body: { n: 11 } }, 2],
  ['the total in a header, as text', { ...size, total: 'X-Total-Count' }, { headers: { 'x-total-count': '10' } }, undefined],
  ['the total of a Content-Range', { ...size, total: 'Content-Range' }, { headers: { 'content-range': 'items 0-9/11' } }, 2],
  ['an unknown total of a Content-Range', { ...size, total: 'Content-Range' }, { headers: { 'content-range': 'items 0-9/*' } }, 2],
  ['the last of all pages', { totalPages: '$.pages' }, { body: { pages: 1 } }, undefined],
  ['one of many pages', { ...size, totalPages: '$.pages' }, { recordCount: 3, body: { pages: 2 } }, 2],
  ['the last page allowed', { maxPages: 4 }, { pageIndex: 3 }, undefined],
  ['the last but one page allowed', { maxPages: 4 }, { pageIndex: 2 }, 2],
])('after %s', (_name, options, page, next) => {
  expect(pageNumber(options).next(full(page))).toBe(next);
});

test('goes on to an empty page where pages are shorter than asked for', () => {
  const paginator = pageNumber({ pageSize: 100, total: '$.total' });
  const page = (token: number, recordCount: number) =>
    paginator.next(answered({ nextPageToken: token, recordCount, body: { total: 120 } }));

  expect([page(1, 50), page(2, 50), page(3, 20), page(4, 0)]).toEqual([2, 3, 4, undefined]);
});

test('says what the next pages will be, as far as they are certain', () => {
  const ahead = (options: PageNumberOptions, token: number, pageIndex: number, read: object = {}) =>
    pageNumber(options).predict?.({ token, pageIndex, read: full(read) });

  expect(ahead({}, 2, 2)).toBe(3);
  expect(ahead({ maxPages: 2 }, 2, 2)).toBeUndefined();
  expect(ahead({ ...size, total: '$.n' }, 2, 2, { body: { n: 21 } })).toBe(3);
  expect(ahead({ ...size, total: '$.n' }, 2, 2, { body: { n: 20 } })).toBeUndefined();
  expect(ahead({ totalPages: '$.n' }, 2, 2, { body: { n: 2 } })).toBeUndefined();
  expect(ahead({ ...size, maxDepth: 25 }, 2, 2)).toBeUndefined();
});

test.each<[string, () => unknown, RegExp]>([
  ['a total without a size', () => pageNumber({ total: '$.n' }), /total is of no use without pageSize/],
  ['a path of items', () => pageNumber({ hasMore: '$.a[*]' }), /pageNumber\.hasMore: "\$\.a\[\*\]" is not a path/],
  ['a path that is none', () => pageNumber({ hasMore: '$.a[0]' }), /pageNumber\.hasMore: "\$\.a\[0\]" is not a path/],
  ['a header that is none', () => pageNumber({ hasMore: 'a b' }), /nor the name of a header/],
  ['a start of half', () => pageNumber({ start: 0.5 }), /start: 0\.5 is not a whole number of at least 0/],
  ['no pages', () => pageNumber({ maxPages: 0 }), /maxPages: 0 is not/],
  [
    'a total that is no number',
    () => pageNumber({ ...size, total: '$.n' }).next(full({ body: { n: 'x' } })),
    /at \$\.n stands "x"/,
  ],
  ['a token of another', () => pageNumber().request('https://a.example/'), /is not a page token of this paginator/],
])('refuses %s', (_name, use, message) => {
  expect(use).toThrow(ConnectorError);
  expect(use).toThrow(message);
});
