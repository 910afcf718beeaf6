import { expect, test } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyError, ConnectorError, registerSecret, type HttpRequest, type Logger, type Sender } from '@headwater/core';
import { mockApi, temporaryFolder, type MockApi } from '@headwater/testing';
import { responseCache, type CacheHit, type ResponseCacheOptions } from '../../../src/http/policies/response-cache.ts';
import type { Send } from '../../../src/http/types.ts';
import { gotWire } from '../../../src/http/wire.ts';

let stores = 0;

/** A cache as another process would open it on the directory: with a memory of its own. */
const cacheOn = (directory: string, options: ResponseCacheOptions = {}, wire: Send = gotWire()) => {
  const hits: CacheHit['from'][] = [];
  const memoryBytes = 2 ** 20 + ++stores;
  const policy = responseCache({ directory, memoryBytes, onHit: ({ from }) => hits.push(from), ...options });
  return { hits, send: policy(wire) };
};

const get = (api: MockApi, path = '/x', rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `${api.url}${path}`,
  headers: {},
  ...rest,
});

const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

/** All that is in a directory, names and contents, as one text. */
const everythingIn = async (directory: string): Promise<string> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [...files, ...contents].join('\n');
};

/** Answers with how many requests there were, so that an answer tells which request it belongs to. */
const countingApi = async (): Promise<MockApi> => {
  const api = await mockApi();
  for (const method of ['GET', 'HEAD', 'POST']) api.on(`${method} /x`, () => ({ body: { n: api.requests.length } }));
  return api;
};

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

test('takes the directory from the environment', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  process.env['HEADWATER_CACHE_DIR'] = join(folder.path, 'new', 'place');
  try {
    await responseCache()(gotWire())(get(api));
  } finally {
    delete process.env['HEADWATER_CACHE_DIR'];
  }

  expect(
    await cacheOn(join(folder.path, 'new', 'place'))
      .send(get(api))
      .then(textOf),
  ).toBe('{"n":1}');
});

test('keeps its directory for its user alone', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const directory = join(folder.path, 'cache');
  await cacheOn(directory).send(get(api));

  const modes = await Promise.all(
    ['', ...(await readdir(directory, { recursive: true }))].map(async (name) => {
      const status = await stat(join(directory, name));
      return [status.isDirectory(), status.mode & 0o777];
    }),
  );
  expect(modes).toHaveLength(4);
  for (const [isDirectory, mode] of modes) expect(mode).toBe(isDirectory ? 0o700 : 0o600);
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

test('keeps cookies and secrets out, and what needs a secret off the disk', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  registerSecret('session-key-4711');
  api.on('GET /x', {
    body: 'x',
    headers: { 'set-cookie': 'id=cookie-of-ours', 'x-session': 'session-key-4711', etag: '"e"' },
  });
  api.on('GET /next', { body: 'y', headers: { link: '<https://api.test/?key=session-key-4711&page=2>; rel="next"' } });
  const { send, hits } = cacheOn(folder.path);
  const replayed = async (path: string) => (await send(get(api, path)), await send(get(api, path)));

  expect((await replayed('/x')).headers).toMatchObject({ etag: '"e"' });
  expect(Object.keys((await send(get(api))).headers)).not.toEqual(expect.arrayContaining(['x-session']));
  expect((await replayed('/next')).headers['link']).toContain('session-key-4711');
  const other = cacheOn(folder.path);
  expect(Object.keys((await other.send(get(api))).headers)).not.toContain('set-cookie');
  await other.send(get(api, '/next'));

  expect(hits).toEqual(['memory', 'memory', 'memory']);
  expect(other.hits).toEqual(['disk']);
  const everything = await everythingIn(folder.path);
  expect(everything).toContain('etag');
  for (const secret of ['cookie-of-ours', 'session-key-4711']) expect(everything).not.toContain(secret);
});

test('remembers where a redirect led to, without a secret in its query', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  registerSecret('signed-with-0815');
  api.on('GET /x', { status: 302, headers: { location: '/moved?page=1' } });
  api.on('GET /signed', { status: 302, headers: { location: '/moved?signature=signed-with-0815' } });
  api.on('GET /moved', { body: 'here' });
  for (const path of ['/x', '/signed']) await cacheOn(folder.path).send(get(api, path));
  const { send, hits } = cacheOn(folder.path);

  expect((await send(get(api))).url).toBe(`${api.url}/moved?page=1`);
  expect((await send(get(api, '/signed'))).url).toBe(`${api.url}/moved`);
  expect(hits).toEqual(['disk', 'disk']);
  expect(await everythingIn(folder.path)).not.toContain('signed-with-0815');
});

test('makes one call for identical requests at the same time', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const { send, hits } = cacheOn(folder.path);
  const requests = Array.from({ length: 50 }, (_, index) =>
    get(api, '/x', { headers: { 'x-request-id': `${index}` } }),
  );

  const answers = await Promise.all(requests.map((request) => send(request)));

  expect(api.requests).toHaveLength(1);
  expect(answers.map(textOf)).toEqual(requests.map(() => '{"n":1}'));
  expect(answers.map(({ request }) => request)).toEqual(requests);
  expect(hits).toEqual(Array.from({ length: 49 }, () => 'shared'));
});

/** An API that answers its requests when the test says so; the signal of each ends it. */
const heldWire = () => {
  const calls: { readonly answer: () => void }[] = [];
  const wire: Send = (request) =>
    new Promise((resolve, reject) => {
      request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error));
      const bytes = Buffer.from(`answer ${calls.length + 1}`);
      calls.push({ answer: () => resolve({ request, status: 200, headers: {}, url: request.url, bytes }) });
    });
  const until = async (count: number) => {
    while (calls.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { wire, calls, until };
};

const request = (signal?: AbortSignal): HttpRequest => ({
  method: 'GET',
  url: 'http://api.test/x',
  headers: {},
  ...(signal && { signal }),
});

test('lets a follower take over when the one who asks is aborted', async () => {
  await using folder = await temporaryFolder();
  const { wire, calls, until } = heldWire();
  const { send } = cacheOn(folder.path, {}, wire);
  const stop = new AbortController();
  const leader = send(request(stop.signal));
  await until(1);
  const followers = [send(request()), send(request(new AbortController().signal)), send(request())];
  stop.abort(new Error('enough'));
  await expect(leader).rejects.toThrow('enough');
  await until(2);
  calls[1]?.answer();

  expect((await Promise.all(followers)).map(textOf)).toEqual(['answer 2', 'answer 2', 'answer 2']);
  expect(calls).toHaveLength(2);
});

test('ends an aborted follower at once and no other', async () => {
  await using folder = await temporaryFolder();
  const { wire, calls, until } = heldWire();
  const { send } = cacheOn(folder.path, {}, wire);
  const stop = new AbortController();
  const leader = send(request());
  await until(1);
  const follower = send(request(stop.signal));
  const other = send(request());
  stop.abort(new Error('enough'));

  await expect(follower).rejects.toThrow('enough');
  calls[0]?.answer();
  expect([await leader, await other].map(textOf)).toEqual(['answer 1', 'answer 1']);
});

test('gives a failure to all who wait for it, and asks again after', async () => {
  await using folder = await temporaryFolder();
  let calls = 0;
  const { send } = cacheOn(folder.path, {}, async (sent) => {
    if (++calls === 1) throw new BodyError('broken.');
    return { request: sent, status: 200, headers: {}, url: sent.url, bytes: Buffer.from('whole') };
  });

  const outcomes = await Promise.allSettled([send(request()), send(request()), send(request())]);

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(calls).toBe(1);
  expect(await send(request()).then(textOf)).toBe('whole');
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

test('moves what memory has no room for to the disk', async () => {
  await using api = await mockApi();
  api.on('GET /page/:id', ({ params }) => ({ body: `page ${params['id']} `.repeat(300) }));
  await using folder = await temporaryFolder();
  const { send, hits } = cacheOn(folder.path, { memoryBytes: 10_000 });
  const readAll = () => Promise.all(Array.from({ length: 20 }, (_, id) => send(get(api, `/page/${id}`))));

  const first = await readAll();
  const second = await readAll();

  expect(second.map(textOf)).toEqual(first.map(textOf));
  expect(api.requests).toHaveLength(20);
  expect(hits).toContain('disk');
});

test('evicts from the disk in the background', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /page/:id', { body: 'x' });
  const { send } = cacheOn(folder.path, { diskBytes: 40_960 });
  for (let id = 0; id < 40; id++) await send(get(api, `/page/${id}`));

  const files = async () => (await readdir(folder.path, { recursive: true })).filter((name) => name.length > 60).length;
  // A sweep comes with a store; a pause lets it end before the next answer is added.
  while ((await files()) > 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send(get(api, `/page/${Math.random()}`));
  }
  expect(await files()).toBeGreaterThan(0);
});

test('warns once of a directory it cannot use, and answers all the same', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  const directory = await folder.write('a-file', 'not a directory');
  const warnings: string[] = [];
  const nothing = () => {};
  const log: Logger = {
    debug: nothing,
    info: nothing,
    warn: (text) => warnings.push(text),
    error: nothing,
    fatal: nothing,
  };
  const { send, hits } = cacheOn(directory);
  for (const path of ['/x', '/x', '/x?a', '/x?b']) await send(get(api, path, { sender: { log } }));

  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`The response cache cannot be written in ${directory} (EEXIST`);
  expect(hits).toEqual(['memory']);
});

test('replaces a damaged file, and a damaged key', async () => {
  await using folder = await temporaryFolder();
  await using api = await countingApi();
  await cacheOn(folder.path).send(get(api));
  const [name = ''] = (await readdir(folder.path, { recursive: true })).filter((file) => file.length > 60);
  await folder.write(name, 'HWRC, but not one');

  expect(await cacheOn(folder.path).send(get(api)).then(textOf)).toBe('{"n":2}');
  expect(await cacheOn(folder.path).send(get(api)).then(textOf)).toBe('{"n":2}');
  await folder.write('key', 'short');
  expect(await cacheOn(folder.path).send(get(api)).then(textOf)).toBe('{"n":3}');
  expect(await cacheOn(folder.path).send(get(api)).then(textOf)).toBe('{"n":3}');
});

test.each([
  [{ maxAge: -1 }, 'responseCache.maxAge: -1 is not an amount. Give a whole number from 0.'],
  [{ memoryBytes: 0.5 }, 'responseCache.memoryBytes: 0.5 is not an amount. Give a whole number from 0.'],
  [{ diskBytes: Number.NaN }, 'responseCache.diskBytes: NaN is not an amount. Give a whole number from 0.'],
])('refuses %j', (options, message) => {
  expect(() => responseCache(options)).toThrow(new ConnectorError(message));
});
