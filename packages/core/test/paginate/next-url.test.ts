import { expect, test } from '@jest/globals';
import { ConnectorError } from '@headwater/core';
import { nextUrl } from '../../src/paginate/next-url.ts';
import { answered } from './answered.ts';

const url = 'https://a.example/v1/items?page=1';

test.each([
  ['https://a.example/v1/items?page=2', 'https://a.example/v1/items?page=2'],
  ['?page=2', 'https://a.example/v1/items?page=2'],
  ['/v1/items?c=a%2Fb', 'https://a.example/v1/items?c=a%2Fb'],
  [{ href: '/v1/x' }, 'https://a.example/v1/x'],
  [null, undefined],
  ['', undefined],
  [undefined, undefined],
])('finds %j in the body', (next, found) => {
  expect(nextUrl({ from: '$.links.next' }).next(answered({ url, body: { links: { next } } }))).toBe(found);
});

test('reads a quoted name and a header', () => {
  const body = { '@odata.nextLink': 'https://a.example/2' };

  expect(nextUrl({ from: "$['@odata.nextLink']" }).next(answered({ body }))).toBe('https://a.example/2');
  expect(nextUrl({ from: 'X-Next' }).next(answered({ headers: { 'x-next': '/3' } }))).toBe('https://a.example/3');
});

test('asks for the URL as it is', () => {
  expect(nextUrl({ from: '$.next' }).request('https://a.example/2?a=b+c')).toEqual({
    url: 'https://a.example/2?a=b+c',
  });
  expect(nextUrl({ from: '$.next' }).request(undefined)).toEqual({});
});

test('stops when there is no more, and at maxPages', () => {
  const paginator = nextUrl({ from: '$.next', hasMore: '$.more', maxPages: 2 });
  const page = (more: boolean, pageIndex: number) => answered({ pageIndex, body: { next: '/2', more } });

  expect(paginator.next(page(true, 0))).toBe('https://a.example/2');
  expect(paginator.next(page(false, 0))).toBeUndefined();
  expect(paginator.next(page(true, 1))).toBeUndefined();
});

test.each([
  [5, /at \$\.next of .* stands a value of type number/],
  ['http://', /which is no URL/],
])('refuses %p for a URL', (next, message) => {
  const use = () => nextUrl({ from: '$.next' }).next(answered({ body: { next } }));
  expect(use).toThrow(ConnectorError);
  expect(use).toThrow(message);
});
