import { expect, test } from '@jest/globals';
import { ConnectorError } from '../../src/errors.ts';
import { joinUrl, withQuery } from '../../src/http/url.ts';

test.each([
  ['https://a.example/v1', 'items', 'https://a.example/v1/items'],
  ['https://a.example/v1/', 'items', 'https://a.example/v1/items'],
  ['https://a.example/v1', '/items', 'https://a.example/v1/items'],
  ['https://a.example/v1/', '/items/', 'https://a.example/v1/items/'],
  ['https://a.example', 'items', 'https://a.example/items'],
  ['https://a.example/v1', '', 'https://a.example/v1'],
  ['https://a.example/v1?key=1', 'items?page=2', 'https://a.example/v1/items?key=1&page=2'],
  ['https://a.example/v1', 'https://b.example/x?cursor=a%2Fb', 'https://b.example/x?cursor=a%2Fb'],
  ['https://a.example/v1', 'a%2Fb', 'https://a.example/v1/a%2Fb'],
])('joins %s and %s', (base, path, url) => {
  expect(joinUrl(base, path).href).toBe(url);
});

test('repeats the key of an array, leaves out null, and writes booleans and numbers as text', () => {
  const url = withQuery('https://a.example/', {
    tags: ['a', 'b', null],
    none: null,
    missing: undefined,
    page: 2,
    big: 9007199254740993n,
    open: false,
    text: 'a b&c',
    empty: '',
  });

  expect(url).toBe('https://a.example/?tags=a&tags=b&page=2&big=9007199254740993&open=false&text=a+b%26c&empty=');
});

test('replaces a parameter that the URL has already', () => {
  expect(withQuery('https://a.example/?page=1&x=y', { page: 2 })).toBe('https://a.example/?x=y&page=2');
  expect(withQuery('https://a.example/?page=1', { page: null })).toBe('https://a.example/');
});

test('names a value that cannot stand in a query', () => {
  const wrong = { filter: { a: 1 } } as never;

  expect(() => withQuery('https://a.example/', wrong)).toThrow(/the value of "filter" is an object/);
});

test.each(['a.example/v1', '', 'ftp://a.example', '/v1'])('refuses "%s" as a base', (base) => {
  expect(() => joinUrl(base, 'items')).toThrow(ConnectorError);
});
