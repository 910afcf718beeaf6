import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { ConnectorError, type Sender } from '@headwater/core';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { responseCache } from '../../../src/http/policies/response-cache.ts';
import type { Send } from '../../../src/http/types.ts';
import { cacheOn, countingApi, everythingIn, get, textOf } from './response-cache-setup.ts';

test('answers from memory, and from the disk in another process', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', { body: { n: 1 }, headers: { link: '<https://api.test/2>; rel="next"' } });
  const first = cacheOn(folder.path);
  const second = cacheOn(folder.path);

  const answers = [
    await first.send(get(api)),
    await first.send(get(api)),
    await second.send(get(api)),
    await second.send(get(api)),
  ];

  expect(api.requests).toHaveLength(1);
  expect(first.hits).toEqual(['memory']);
  expect(second.hits).toEqual(['disk', 'memory']);
  for (const { status, headers, url, bytes } of answers) {
    expect([status, headers['link'], url, textOf({ bytes })]).toEqual([
      200,
      '<https://api.test/2>; rel="next"',
      `${api.url}/x`,
      '{"n":1}',
    ]);
  }
});

test('shares one store among policies of one directory', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const memoryBytes = 2 ** 20;
  const first = cacheOn(folder.path, { memoryBytes });
  const second = cacheOn(join(folder.path, 'x', '..'), { memoryBytes });

  await first.send(get(api));
  await second.send(get(api));

  expect(second.hits).toEqual(['memory']);
});

test('never shares an answer between two credentials, nor tells them', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  const ofWhom = { 'Bearer alices-own-token': 'for alice', 'Bearer bobs-own-token': 'for bob' };
  api.on('GET /x', ({ headers }) => ({ body: ofWhom[headers['authorization'] as keyof typeof ofWhom] }));
  const caches = [cacheOn(folder.path), cacheOn(folder.path)];

  for (const { send } of [...caches, ...caches]) {
    for (const [authorization, body] of Object.entries(ofWhom)) {
      expect(await send(get(api, '/x', { headers: { authorization } })).then(textOf)).toBe(body);
    }
  }

  expect(api.requests).toHaveLength(2);
  const everything = await everythingIn(folder.path);
  expect(everything).toContain('for alice');
  for (const part of ['alices-own-token', 'bobs-own-token', 'authorization', 'Bearer', api.url]) {
    expect(everything).not.toContain(part);
    expect(everything).not.toContain(Buffer.from(part).toString('base64'));
  }
});

test('answers alike whatever the trace and what it is told to ignore', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const { send, hits } = cacheOn(folder.path, { ignoreHeaders: ['X-Call-Id'] });
  for (const id of ['1', '2', '3']) {
    await send(get(api, `/x?a=1&id=7`, { headers: { traceparent: id, 'x-zato-cid': id, 'x-call-id': id } }));
  }
  await send(get(api, '/x?id=7&a=1'));

  expect(hits).toEqual(['memory', 'memory', 'memory']);
  expect(api.requests).toHaveLength(1);
});

test.each([300, 304, 400, 401, 404, 429, 500, 503])('never stores a %i', async (status) => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', { status }, { body: 'right' });
  const { send, hits } = cacheOn(folder.path);

  expect((await send(get(api))).status).toBe(status);
  expect(await send(get(api)).then(textOf)).toBe('right');
  expect(await send(get(api)).then(textOf)).toBe('right');
  expect(hits).toEqual(['memory']);
});

test('leaves a POST alone unless the stream says that it changes nothing', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const post = (body: string) => get(api, '/x', { method: 'POST', body });
  const { send } = cacheOn(folder.path);
  const searching = cacheOn(folder.path, { methods: ['post'] });

  expect(await send(post('q')).then(textOf)).toBe('{"n":1}');
  expect(await send(post('q')).then(textOf)).toBe('{"n":2}');
  expect(await searching.send(post('q')).then(textOf)).toBe('{"n":3}');
  expect(await searching.send(post('other')).then(textOf)).toBe('{"n":4}');
  expect(await searching.send(post('q')).then(textOf)).toBe('{"n":3}');
});

test('obeys no-store only when told to', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', () => ({ body: String(api.requests.length), headers: { 'cache-control': 'private, No-Store' } }));
  api.on('GET /free', () => ({ body: String(api.requests.length) }));
  const { send } = cacheOn(folder.path);
  const obedient = cacheOn(folder.path, { obeyNoStore: true }).send;
  const ask = (by: Send, path: string, headers = {}) => by(get(api, path, { headers })).then(textOf);

  expect([await ask(obedient, '/x'), await ask(obedient, '/x')]).toEqual(['1', '2']);
  expect([await ask(send, '/x'), await ask(send, '/x')]).toEqual(['3', '3']);
  const headers = { 'cache-control': 'no-store' };
  expect([await ask(obedient, '/free', headers), await ask(obedient, '/free', headers)]).toEqual(['4', '5']);
  expect([await ask(obedient, '/free'), await ask(obedient, '/free')]).toEqual(['6', '6']);
});

test('uses no answer longer than maxAge', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  let now = Date.now();
  const clock = { now: () => now, sleep: async () => {} };
  const hour = cacheOn(folder.path, { maxAge: 3_600_000, clock });
  await hour.send(get(api));
  now += 3_599_999;
  await hour.send(get(api));
  now += 1;
  expect(await cacheOn(folder.path, { clock }).send(get(api)).then(textOf)).toBe('{"n":1}');
  expect(await cacheOn(folder.path, { maxAge: 3_600_000, clock }).send(get(api)).then(textOf)).toBe('{"n":2}');
  now -= 7_200_000;
  expect(await hour.send(get(api)).then(textOf)).toBe('{"n":3}');

  expect(hour.hits).toEqual(['memory']);
});

test('asks the API again when the sender did not like what it was given', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  await cacheOn(folder.path).send(get(api));
  const { send, hits } = cacheOn(folder.path);
  const sender: Sender = {};

  expect(await send(get(api, '/x', { sender })).then(textOf)).toBe('{"n":1}');
  expect(await send(get(api, '/x', { sender })).then(textOf)).toBe('{"n":2}');
  expect(await send(get(api, '/x', { sender: {} })).then(textOf)).toBe('{"n":2}');
  expect(await cacheOn(folder.path).send(get(api)).then(textOf)).toBe('{"n":2}');
  expect(hits).toEqual(['disk', 'memory']);
});

test.each([
  [{ maxAge: -1 }, 'responseCache.maxAge: -1 is not an amount. Give a whole number from 0.'],
  [{ memoryBytes: 0.5 }, 'responseCache.memoryBytes: 0.5 is not an amount. Give a whole number from 0.'],
  [{ diskBytes: Number.NaN }, 'responseCache.diskBytes: NaN is not an amount. Give a whole number from 0.'],
])('refuses %j', (options, message) => {
  expect(() => responseCache(options)).toThrow(new ConnectorError(message));
});
