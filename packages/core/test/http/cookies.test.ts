import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import type { HttpRequest } from '@headwater/core';
import { compose } from '../../src/http/compose.ts';
import { cookieJar, type CookieJarOptions } from '../../src/http/policies/cookies.ts';
import { gotWire } from '../../src/http/wire.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const clientOf = (options?: CookieJarOptions) => compose([cookieJar(options)], gotWire());

test('sends back the cookies that an answer set', async () => {
  await using api = await mockApi();
  const expires = new Date(Date.now() + 86_400_000).toUTCString();
  api.on('GET /login', { headers: { 'set-cookie': [`a=1; Expires=${expires}`, 'b=2; Path=/'] } });
  api.on('GET /data', { body: [] });
  const send = clientOf();

  await send(get(`${api.url}/login`));
  await send(get(`${api.url}/data`));

  expect(api.requests[0]!.headers).not.toHaveProperty('cookie');
  expect(api.requests[1]!.headers.cookie).toBe('a=1; b=2');
});

test('keeps each cookie to its path and forgets it when told', async () => {
  await using api = await mockApi();
  api.on('GET /login', { headers: { 'set-cookie': ['a=1; Path=/admin', 'b=2; Path=/'] } });
  api.on('GET /logout', { headers: { 'set-cookie': 'b=; Path=/; Max-Age=0' } });
  api.on('GET /data', { body: [] });
  const send = clientOf();

  await send(get(`${api.url}/login`));
  await send(get(`${api.url}/data`));
  await send(get(`${api.url}/logout`));
  await send(get(`${api.url}/data`));

  expect(api.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, 'b=2', 'b=2', undefined]);
});

test('brings the cookie of a login along its redirect', async () => {
  await using api = await mockApi();
  api.on('POST /login', { status: 302, headers: { location: '/home', 'set-cookie': 'session=new' } });
  api.on('GET /home', { body: 'welcome' });
  const send = clientOf({ initial: [{ url: api.url, cookie: 'session=old' }] });

  await send({ method: 'POST', url: `${api.url}/login`, headers: {}, body: 'user=me' });

  expect(api.requests.map(({ headers }) => headers.cookie)).toEqual(['session=old', 'session=new']);
  expect(api.unexpected).toEqual([]);
});

test('takes no cookie to another host, and none that a host sets for another', async () => {
  await using home = await mockApi();
  await using away = await mockApi();
  // Cookies know no ports, so the two need two names.
  const there = away.url.replace('127.0.0.1', 'localhost');
  home.on('GET /a', {
    status: 302,
    headers: { location: `${there}/b`, 'set-cookie': ['mine=1', 'yours=2; Domain=localhost'] },
  });
  away.on('GET /b', { body: 'arrived' });
  const send = clientOf();

  await send(get(`${home.url}/a`));
  await send(get(`${there}/b`));

  expect(away.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

test('leaves a request alone that has cookies of its own', async () => {
  await using api = await mockApi();
  api.on('GET /data', { headers: { 'set-cookie': 'a=1' } });
  const send = clientOf();

  await send({ ...get(`${api.url}/data`), headers: { cookie: 'own=1' } });
  await send(get(`${api.url}/data`));

  expect(api.requests.map(({ headers }) => headers.cookie)).toEqual(['own=1', undefined]);
});

test('shares a jar between the clients of one policy', async () => {
  await using api = await mockApi();
  api.on('GET /data', { headers: { 'set-cookie': 'a=1' } });
  const jar = cookieJar();

  await compose([jar], gotWire())(get(`${api.url}/data`));
  await compose([jar], gotWire())(get(`${api.url}/data`));
  await clientOf()(get(`${api.url}/data`));

  expect(api.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, 'a=1', undefined]);
});

test('ignores a cookie it cannot read', async () => {
  await using api = await mockApi();
  api.on('GET /data', { headers: { 'set-cookie': ['', ';;;', 'ok=1'] } });
  const send = clientOf();

  await send(get(`${api.url}/data`));
  await send(get(`${api.url}/data`));

  expect(api.requests[1]!.headers.cookie).toBe('ok=1');
});
