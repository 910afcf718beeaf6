import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import {
  BodyError,
  HttpStatusError,
  NetworkError,
  RateLimitError,
  TimeoutError,
  createClient,
  type Clock,
  type HttpOptions,
  type HttpRequest,
} from '@headwater/core';
import { mockApi, type MockApi } from '@headwater/testing';
import { realClock } from '../../../src/http/clock.ts';
import { quickClock } from '../quick.ts';

const get = (url: string, sender: HttpRequest['sender'] = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  sender,
});

const clientOf = (options: HttpOptions = {}) => {
  const clock = quickClock();
  return {
    clock,
    send: createClient({ ...options, retry: { clock, backoff: (attempt) => attempt, ...options.retry } }),
  };
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test.each([408, 429, 500, 502, 503, 504, 599])('sends again after a %i', async (status) => {
  await using api = await mockApi();
  api.reply(status).reply(200, { ok: true });
  const { send, clock } = clientOf();

  const response = await send(get(`${api.url}/x`));

  expect(textOf(response.bytes)).toBe('{"ok":true}');
  expect(api.requests).toHaveLength(2);
  expect(clock.waits).toEqual([1]);
});

test.each([
  [400, 'system_error'],
  [401, 'config_error'],
  [403, 'config_error'],
  [404, 'system_error'],
  [409, 'system_error'],
  [418, 'system_error'],
  [422, 'system_error'],
  [304, 'system_error'],
] as const)('fails at once on a %i, as a %s', async (status, failureType) => {
  await using api = await mockApi();
  api.reply(status, { error: { message: 'no such luck' } });
  const { send, clock } = clientOf();

  const error = await send(get(`${api.url}/x?page=2`)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(HttpStatusError);
  expect(error).toMatchObject({ status, failureType });
  expect(String(error)).toContain(`GET ${api.url}/x?page=2 was answered with ${status}`);
  if (status !== 304) expect(String(error)).toContain('"no such luck"');
  expect(api.requests).toHaveLength(1);
  expect(clock.waits).toEqual([]);
});

test('gives up after five attempts and says so', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 503, body: 'under repair' });
  const { send, clock } = clientOf();

  await expect(send(get(`${api.url}/x`))).rejects.toThrow(
    /was answered 5 times with 503 Service Unavailable: "under repair"/,
  );
  expect(api.requests).toHaveLength(5);
  expect(clock.waits).toEqual([1, 2, 3, 4]);
});

test('ends a rate limit that never lifts as a RateLimitError', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 429 });
  const { send } = clientOf({ retry: { attempts: 2 } });

  await expect(send(get(`${api.url}/x`))).rejects.toThrow(RateLimitError);
  expect(api.requests).toHaveLength(2);
});

test('waits as many seconds as Retry-After says and reports until when', async () => {
  await using api = await mockApi();
  api.reply(429, undefined, { 'retry-after': 7 }).reply(200);
  const { send, clock } = clientOf();
  const until: Date[] = [];
  const before = Date.now();

  await send(get(`${api.url}/x`, { throttled: (date) => until.push(date) }));

  expect(clock.waits).toEqual([7000]);
  expect(until).toHaveLength(1);
  expect(until[0]!.getTime()).toBeGreaterThanOrEqual(before + 7000);
});

test('waits until the date Retry-After says, by the clock of the API', async () => {
  await using api = await mockApi();
  // An API whose clock is a day ahead: only the difference of its own two dates counts.
  const tomorrow = Date.now() + 86_400_000;
  const date = new Date(tomorrow).toUTCString();
  const later = new Date(Date.parse(date) + 90_000).toUTCString();
  api.reply(503, undefined, { 'retry-after': later, date }).reply(200);
  const { send, clock } = clientOf();

  await send(get(`${api.url}/x`));

  expect(clock.waits).toEqual([90_000]);
});

test.each(['soon', '-5', '1 hour', ''])('falls back to backoff when Retry-After is "%s"', async (value) => {
  await using api = await mockApi();
  api.reply(503, undefined, { 'retry-after': value }).reply(200);
  const { send, clock } = clientOf();

  await send(get(`${api.url}/x`));

  expect(clock.waits).toEqual([1]);
});

test('refuses to wait longer than maxWait', async () => {
  await using api = await mockApi();
  api.reply(429, undefined, { 'retry-after': 3600 });
  const { send, clock } = clientOf();

  await expect(send(get(`${api.url}/x`))).rejects.toThrow(/asks to wait 3600 s, longer than the 600 s allowed/);
  expect(clock.waits).toEqual([]);
});

test('lets the sender decide about an answer and the wait', async () => {
  await using api = await mockApi();
  api.reply(200, { status: 'pending' }).reply(404).reply(200, { status: 'ready' });
  const { send, clock } = clientOf();
  let answers = 0;

  const response = await send(
    get(`${api.url}/x`, { shouldRetry: () => ++answers < 3, backoffTime: (_response, attempt) => attempt * 100 }),
  );

  expect(textOf(response.bytes)).toContain('ready');
  expect(clock.waits).toEqual([100, 200]);
});

test('fails at once when the sender will not have a 503 sent again', async () => {
  await using api = await mockApi();
  api.reply(503);
  const { send } = clientOf();

  await expect(send(get(`${api.url}/x`, { shouldRetry: () => false }))).rejects.toThrow(HttpStatusError);
  expect(api.requests).toHaveLength(1);
});

test.each([
  ['a reset before the headers', { kind: 'reset' }],
  ['a reset in the body', { kind: 'reset', afterBytes: 5 }],
  ['a body cut off half-way', { kind: 'truncate' }],
  ['broken gzip', { kind: 'malformed-gzip' }],
] as const)('sends again after %s', async (_name, fault) => {
  await using api = await mockApi();
  api.reply({ body: { some: 'long enough body' }, fault }).reply(200, { ok: true });
  const { send } = clientOf();

  const response = await send(get(`${api.url}/x`));

  expect(textOf(response.bytes)).toBe('{"ok":true}');
  expect(api.requests).toHaveLength(2);
});

test('sends again when reading the body finds it malformed', async () => {
  await using api = await mockApi();
  api.reply(200, '[1, 2').reply(200, '[1, 2]');
  const { send } = clientOf();
  const read = async ({ bytes }: { bytes: Uint8Array }) => {
    try {
      JSON.parse(textOf(bytes));
    } catch (cause) {
      throw new BodyError('malformed.', { cause });
    }
  };

  const response = await send(get(`${api.url}/x`, { read }));

  expect(textOf(response.bytes)).toBe('[1, 2]');
});

test('does not send again what the connector itself got wrong', async () => {
  await using api = await mockApi();
  api.reply(200, []);
  const { send } = clientOf();
  const read = async () => {
    throw new TypeError('my own mistake');
  };

  await expect(send(get(`${api.url}/x`, { read }))).rejects.toThrow('my own mistake');
  expect(api.requests).toHaveLength(1);
});

test.each([
  ['headers', { kind: 'stall' }, { headers: 60 }, /connected, but no answer after 0.06 s/],
  ['body', { kind: 'stall', afterBytes: 3 }, { idle: 60 }, /the body stopped coming for 0.06 s/],
  ['whole', { kind: 'drip', bytes: 1, every: 20 }, { total: 120 }, /not finished after 0.12 s/],
] as const)('ends a request whose %s never comes', async (_name, fault, timeouts, message) => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'a body that takes its time to arrive', fault });
  const { send } = clientOf({ timeouts, retry: { attempts: 2 } });

  const error = await send(get(`${api.url}/x`, { label: 'stream "a", slice {"b":1}' })).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ failureType: 'transient_error', message: expect.stringMatching(message) });
  expect(String(error)).toContain(`GET ${api.url}/x (stream "a", slice {"b":1})`);
  expect(api.requests).toHaveLength(2);
});

test('says that the server refuses the connection, as a transient error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { send, clock } = clientOf();

  const error = await send(get(`http://127.0.0.1:${port}/x`)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({
    failureType: 'transient_error',
    message: expect.stringContaining('refuses the connection'),
  });
  expect(clock.waits).toHaveLength(4);
});

test('says that the host name is unknown, as a transient error', async () => {
  const { send } = clientOf({ retry: { attempts: 1 } });

  await expect(send(get('http://no-such-host.invalid/x'))).rejects.toMatchObject({
    failureType: 'transient_error',
    message: expect.stringContaining('host name cannot be resolved'),
  });
});

test('refuses a body larger than allowed', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'x'.repeat(5000) });
  api.on('GET /bomb', { body: gzipSync('x'.repeat(100_000)), headers: { 'content-encoding': 'gzip' } });
  const { send } = clientOf({ maxBodyBytes: 1000 });

  await expect(send(get(`${api.url}/x`))).rejects.toThrow(/larger than 1000 bytes/);
  await expect(send(get(`${api.url}/bomb`))).rejects.toThrow(/larger than 1000 bytes/);
  expect(api.requests).toHaveLength(2);
});

test('stops waiting as soon as the sync is aborted', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 503, headers: { 'retry-after': 100 } });
  const stop = new AbortController();
  const sleep: Clock['sleep'] = (milliseconds, signal) => {
    setImmediate(() => stop.abort(new Error('enough')));
    return realClock.sleep(milliseconds, signal);
  };
  const send = createClient({ retry: { clock: { ...realClock, sleep } } });

  await expect(send({ ...get(`${api.url}/x`), signal: stop.signal })).rejects.toThrow('enough');
  expect(api.requests).toHaveLength(1);
});

test('ends the request under way when the sync is aborted', async () => {
  await using api = await mockApi();
  api.on('GET /x', { fault: { kind: 'stall' } });
  const send = createClient({});
  const stop = new AbortController();
  const sent = send({ ...get(`${api.url}/x`), signal: stop.signal });
  while (api.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));

  await expect(sent).rejects.toThrow('enough');
});

test('takes credentials along a redirect within the origin and leaves them behind outside of it', async () => {
  await using home: MockApi = await mockApi();
  await using away: MockApi = await mockApi();
  home.on('GET /a', { status: 302, headers: { location: '/b' } });
  home.on('GET /b', { status: 302, headers: { location: `${away.url}/c` } });
  away.on('GET /c', { body: 'arrived' });
  const { send } = clientOf();

  const response = await send({
    ...get(`${home.url}/a`),
    headers: { 'x-api-key': 'secret', authorization: 'Bearer secret', accept: 'text/plain' },
  });

  expect(textOf(response.bytes)).toBe('arrived');
  expect(response.url).toBe(`${away.url}/c`);
  expect(home.requests[1]!.headers).toMatchObject({ 'x-api-key': 'secret', authorization: 'Bearer secret' });
  expect(away.requests[0]!.headers).toMatchObject({ accept: 'text/plain' });
  expect(JSON.stringify(away.requests[0]!.headers)).not.toContain('secret');
});
