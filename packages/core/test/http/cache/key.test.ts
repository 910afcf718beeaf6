import { expect, test } from '@jest/globals';
import type { HttpHeaders, HttpRequest } from '@headwater/core';
import { cacheKey, NOISE_HEADERS } from '../../../src/http/cache/key.ts';

const SECRET = Buffer.alloc(32, 7);
const REQUEST: HttpRequest = {
  method: 'GET',
  url: 'https://api.test/items?b=2&a=1&a=0',
  headers: { accept: 'application/json', authorization: 'Bearer token' },
};

const keyWith = (change: Partial<HttpRequest>): string => cacheKey({ ...REQUEST, ...change }, SECRET);

test.each<[string, Partial<HttpRequest>]>([
  ['the order of the query', { url: 'https://api.test/items?a=1&a=0&b=2' }],
  ['a fragment', { url: 'https://api.test/items?b=2&a=1&a=0#top' }],
  ['the order of headers', { headers: { authorization: 'Bearer token', accept: 'application/json' } }],
  ['the case of the method', { method: 'get' }],
  ['an empty body', { body: '' }],
])('is the same key whatever %s', (_name, change) => {
  expect(keyWith(change)).toBe(keyWith({}));
});

test.each<[string, Partial<HttpRequest>]>([
  ['method', { method: 'HEAD' }],
  ['path', { url: 'https://api.test/item?b=2&a=1&a=0' }],
  ['origin', { url: 'http://api.test/items?b=2&a=1&a=0' }],
  ['query value', { url: 'https://api.test/items?b=2&a=1&a=00' }],
  ['order of values of one name', { url: 'https://api.test/items?b=2&a=0&a=1' }],
  ['border between query parameters', { url: 'https://api.test/items?b=2&a=1%26a=0' }],
  ['body', { body: 'x' }],
  ['credential', { headers: { ...REQUEST.headers, authorization: 'Bearer other' } }],
  ['API key', { headers: { ...REQUEST.headers, 'x-api-key': 'k' } }],
  ['language', { headers: { ...REQUEST.headers, 'accept-language': 'de' } }],
])('is another key for another %s', (_name, change) => {
  expect(keyWith(change)).not.toBe(keyWith({}));
});

test('goes by who asks, not by the credential of today', () => {
  const keyOf = (who: string, headers: HttpHeaders): string => {
    const sent = { ...REQUEST, url: `${REQUEST.url}&signature=x`, headers: { ...REQUEST.headers, ...headers } };
    return cacheKey({ ...sent, credential: { identity: who, bare: REQUEST } }, SECRET);
  };

  expect(keyOf('alice', { authorization: 'Bearer 1' })).toBe(keyOf('alice', { authorization: 'Bearer 2' }));
  expect(keyOf('alice', {})).not.toBe(keyOf('bob', {}));
  expect(keyOf('alice', {})).not.toBe(keyWith({}));
  expect(keyOf('alice', { cookie: 'session=1' })).not.toBe(keyOf('alice', { cookie: 'session=2' }));
});

test('keeps a plus sign and a space apart', () => {
  expect(keyWith({ url: 'https://api.test/?q=a+b' })).not.toBe(keyWith({ url: 'https://api.test/?q=a%20b' }));
});

test('tells a string body and the same bytes as one', () => {
  expect(keyWith({ body: 'ü' })).toBe(keyWith({ body: new TextEncoder().encode('ü') }));
});

test.each([...NOISE_HEADERS])('leaves out %s', (name) => {
  expect(keyWith({ headers: { ...REQUEST.headers, [name]: 'x' } })).toBe(keyWith({}));
});

test('is another key with another secret', () => {
  expect(cacheKey(REQUEST, Buffer.alloc(32, 8))).not.toBe(keyWith({}));
  expect(keyWith({})).toMatch(/^[0-9a-f]{64}$/);
});
