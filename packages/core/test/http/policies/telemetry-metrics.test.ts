import { expect, test } from '@jest/globals';
import {
  HttpStream,
  createClient,
  movingWindow,
  rateBudget,
  type HttpOptions,
  type HttpRequest,
} from '@headwater/core';
import { collect, mockApi } from '@headwater/testing';
import { quick, quickClock } from '../quick.ts';
import { registerSdk } from '../sdk.ts';

const from = (stream: string, url: string): HttpRequest => ({ method: 'GET', url, headers: {}, sender: { stream } });

const clientOf = (options: HttpOptions = {}) => createClient({ retry: quick, circuitBreaker: false, ...options });

const series = (attributes: object) => JSON.stringify(attributes);

test('counts requests and bytes by stream and status', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200, 'four').reply(500, 'oh').reply(200, 'fifth');
  const send = clientOf();

  await send(from('a', `${api.url}/x?page=1`));
  await send(from('b', `${api.url}/x?page=2`));

  const [a, b] = ['a', 'b'].map((stream) =>
    series({ 'headwater.stream': stream, 'http.response.status_code': 200 }),
  ) as [string, string];
  const failed = series({ 'headwater.stream': 'b', 'http.response.status_code': 500, 'error.type': '500' });
  expect(await sdk.metric('headwater.http.requests')).toEqual({ [a]: 1, [b]: 1, [failed]: 1 });
  expect(await sdk.metric('headwater.http.bytes')).toEqual({ [a]: 4, [b]: 5, [failed]: 2 });
});

test('times each attempt by server, and never by URL', async () => {
  await using sdk = registerSdk({ traces: false });
  await using api = await mockApi();
  api.reply(200).reply(200);
  const send = clientOf();

  await send(from('a', `${api.url}/x?page=1`));
  await send(from('a', `${api.url}/y?page=2`));

  const { hostname, port } = new URL(api.url);
  expect(await sdk.metric('http.client.request.duration')).toEqual({
    [series({
      'http.request.method': 'GET',
      'server.address': hostname,
      'server.port': Number(port),
      'headwater.stream': 'a',
      'http.response.status_code': 200,
    })]: 2,
  });
  expect(api.requests.map(({ headers }) => headers['traceparent'])).toEqual([undefined, undefined]);
});

test('counts retries by what failed, and the waits before them', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(503).reply({ fault: { kind: 'reset' } });
  api.reply(429, undefined, { 'retry-after': 7 }).reply(200);

  await clientOf({ retry: { clock: quickClock(), backoff: (attempt) => attempt * 1000 } })(from('a', `${api.url}/x`));

  expect(await sdk.metric('headwater.http.retries')).toEqual({
    [series({ 'headwater.stream': 'a', 'http.response.status_code': 503, 'error.type': '503' })]: 1,
    [series({ 'headwater.stream': 'a', 'error.type': 'NetworkError' })]: 1,
    [series({ 'headwater.stream': 'a', 'http.response.status_code': 429, 'error.type': '429' })]: 1,
  });
  const [retry, limit] = ['retry', 'rate_limit'].map((reason) =>
    series({ 'headwater.stream': 'a', 'headwater.wait.reason': reason }),
  ) as [string, string];
  expect(await sdk.metric('headwater.http.waits')).toEqual({ [retry]: 2, [limit]: 1 });
  expect(await sdk.metric('headwater.http.wait.time')).toEqual({ [retry]: 3, [limit]: 7 });
  expect(Object.values(await sdk.metric('headwater.http.requests'))).toEqual([1, 1, 1, 1]);
});

test('counts a request sent again with a new credential', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(401).reply(200);

  await clientOf({ retry: { ...quick, rules: [{ status: 401, verdict: 'refresh-token' }] } })(
    from('a', `${api.url}/x`),
  );

  expect(Object.values(await sdk.metric('headwater.http.retries'))).toEqual([1]);
  expect(await sdk.metric('headwater.http.waits')).toEqual({});
  expect(sdk.spans().map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
});

test('counts the waits of the rate budget', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200).reply(200);
  let now = Date.UTC(2026, 0, 1);
  const clock = { now: () => now, sleep: async (milliseconds: number) => void (now += milliseconds) };
  const limits = [movingWindow({ limit: 1, windowMs: 5000 })];
  const send = clientOf({ rateBudget: rateBudget({ rules: [{ limits }], clock }) });

  await send(from('a', `${api.url}/x`));
  await send(from('a', `${api.url}/y`));

  const turn = series({ 'headwater.stream': 'a', 'headwater.wait.reason': 'rate_budget' });
  expect(await sdk.metric('headwater.http.waits')).toEqual({ [turn]: 1 });
  expect(await sdk.metric('headwater.http.wait.time')).toEqual({ [turn]: 5 });
});

test('counts cached answers, which are no requests', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200, { ok: true });
  const send = clientOf({ cache: {} });

  for (let time = 0; time < 3; time++) await send(from('a', `${api.url}/x`));

  const memory = { 'headwater.stream': 'a', 'http.response.status_code': 200, 'headwater.cache.source': 'memory' };
  expect(await sdk.metric('headwater.http.cache_hits')).toEqual({ [series(memory)]: 2 });
  expect(Object.values(await sdk.metric('headwater.http.requests'))).toEqual([1]);
  expect(sdk.spans()).toHaveLength(1);
});

class Pets extends HttpStream {
  override readonly name = 'pets';
  override readonly recordsPath = '$[*]';
  override readonly urlBase: string;

  constructor(urlBase: string) {
    super({ http: { retry: quick } });
    this.urlBase = urlBase;
  }

  path() {
    return 'pets';
  }
}

test('knows the stream and the slice that ask', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200, [{ id: 1 }]);

  await collect(new Pets(api.url), { slice: { kind: 'cat' } });

  expect(sdk.spans()[0]?.attributes).toMatchObject({ 'headwater.stream': 'pets', 'headwater.slice': '{"kind":"cat"}' });
  expect(await sdk.metric('headwater.http.requests')).toEqual({
    [series({ 'headwater.stream': 'pets', 'http.response.status_code': 200 })]: 1,
  });
});
