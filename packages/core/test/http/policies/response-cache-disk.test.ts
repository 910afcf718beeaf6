import { expect, test } from '@jest/globals';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { registerSecret, type Logger } from '@headwater/core';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { responseCache } from '../../../src/http/policies/response-cache.ts';
import { gotWire } from '../../../src/http/wire.ts';
import { cacheOn, countingApi, everythingIn, get, textOf } from './response-cache-setup.ts';

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

/** Resolves when nothing of this process works on files: what goes on in the background has ended. */
const noFilesInUse = async (): Promise<void> => {
  do await new Promise((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq')));
};

test('evicts from the disk in the background', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /page/:id', { body: 'x' });
  const { send } = cacheOn(folder.path, { diskBytes: 40_960 });
  const files = async () => (await readdir(folder.path, { recursive: true })).filter((name) => name.length > 60).length;
  for (let id = 0; id < 40; id++) await send(get(api, `/page/${id}`));

  // A sweep comes with a store: one that comes after the last sweep meets all that were stored meanwhile.
  await noFilesInUse();
  await send(get(api, '/page/last'));
  await noFilesInUse();

  expect(await files()).toBeLessThanOrEqual(10);
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
