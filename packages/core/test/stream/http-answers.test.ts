import { expect, test } from '@jest/globals';
import { CircuitOpenError, circuitBreaker, type HttpOptions } from '@headwater/core';
import { collect, mockApi, temporaryFolder } from '@headwater/testing';
import { quick, quickClock } from '../http/quick.ts';
import { Items } from './items.ts';

const optionsOf = ({ url }: { url: string }, http: HttpOptions = {}) => ({
  config: { base_url: url },
  http: { retry: quick, ...http },
});

test.each([204, 205])('takes a %i for a page without records', async (status) => {
  await using api = await mockApi();
  api.on('GET /items', { status });

  expect(await collect(new Items(optionsOf(api)))).toEqual([]);
  expect(api.requests).toHaveLength(1);
});

test('takes an answer that a rule ignores for the last page, without records', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }], next: 'p2' } }, { status: 404, body: 'no such page' });
  const retry = { ...quick, rules: [{ status: 404, verdict: 'ignore' }] } as const;

  expect(await collect(new Items(optionsOf(api, { retry })))).toEqual([{ id: 1 }]);
  expect(api.requests).toHaveLength(2);
});

test('waits when a 403 says that no request is left', async () => {
  await using api = await mockApi();
  const spent = { 'x-ratelimit-remaining': 0, 'retry-after': 9 };
  api.on('GET /items', { status: 403, headers: spent }, { body: { items: [{ id: 1 }] } });
  const clock = quickClock();

  expect(await collect(new Items(optionsOf(api, { retry: { clock } })))).toEqual([{ id: 1 }]);
  expect(clock.waits).toEqual([9000]);
});

test('finds records by any JSONPath, with their numbers exact', async () => {
  await using api = await mockApi();
  const body = '{"items":[{"id":9007199254740993,"on":true},{"id":2,"on":false},{"id":3,"on":true}]}';
  api.on('GET /items', { body, headers: { 'content-type': 'application/json' } });
  class Filtered extends Items {
    override readonly recordsPath = '$.items[?@.on == true]';
  }

  expect(await collect(new Filtered(optionsOf(api)))).toEqual([
    { id: 9007199254740993n, on: true },
    { id: 3, on: true },
  ]);
});

test('names the column of a malformed records path', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: {} });
  class Malformed extends Items {
    override readonly recordsPath = '$.items[?@.on ==]';
  }

  await expect(collect(new Malformed(optionsOf(api)))).rejects.toMatchObject({
    code: 'HEADWATER_CONNECTOR',
    message: expect.stringMatching(/column \d+/),
  });
});

test('answers from a directory what another stream has asked', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }] } });
  class Cached extends Items {
    override readonly useCache = true;
  }
  const read = (directory: string) => collect(new Cached(optionsOf(api, { cache: { directory } })));

  expect(await read(folder.path)).toEqual(await read(folder.path));
  expect(api.requests).toHaveLength(1);
});

test('asks an API that keeps failing no more, for any stream that shares the breaker', async () => {
  await using api = await mockApi();
  api.on('GET /items', { status: 503 });
  const options = optionsOf(api, { circuitBreaker: circuitBreaker({ failures: 7 }) });

  await expect(collect(new Items(options))).rejects.toThrow(/answered 5 times with 503/);
  await expect(collect(new Items(options))).rejects.toThrow(CircuitOpenError);
  await expect(collect(new Items(options))).rejects.toThrow(/failed 7 times in a row/);
  expect(api.requests).toHaveLength(7);
});
