import { expect, test } from '@jest/globals';
import { stat, utimes } from 'node:fs/promises';
import { temporaryFolder } from '@headwater/testing';
import { CacheDisk } from '../../../src/http/cache/disk.ts';
import { markUsed, readWhole } from '../../../src/http/cache/read-file.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 1);
const KEY = 'ab'.repeat(32);
const LIMITS = { maxBytes: 1e9, maxAge: 24 * HOUR, now: NOW };

const times = async (path: string) => {
  const { atimeMs, mtimeMs } = await stat(path);
  return { used: atimeMs, stored: mtimeMs };
};

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
};

test.each([0, 1, 100_000])('reads a file of %i bytes whole', async (size) => {
  await using folder = await temporaryFolder();
  const text = Array.from({ length: size }, (_, index) => index % 10).join('');
  const path = await folder.write('file', text);

  expect((await readWhole(path)).content.toString()).toBe(text);
});

test('rejects as opening and reading do', async () => {
  await using folder = await temporaryFolder();

  await expect(readWhole(`${folder.path}/none`)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readWhole(folder.path)).rejects.toMatchObject({ code: 'EISDIR' });
});

test('marks what it reads from the disk as used now and stored when it was', async () => {
  await using folder = await temporaryFolder();
  const disk = await CacheDisk.open(folder.path, () => {});
  const path = `${folder.path}/${KEY.slice(0, 2)}/${KEY}`;
  await disk.write(KEY, { status: 200, headers: {}, storedAt: NOW - HOUR, bytes: Buffer.from('{}') }, LIMITS, () => {});
  await utimes(path, (NOW - HOUR) / 1000, (NOW - HOUR) / 1000);

  expect((await disk.read(KEY, NOW))?.bytes.toString()).toBe('{}');

  await until(async () => (await times(path)).used === NOW);
  expect(await times(path)).toEqual({ used: NOW, stored: NOW - HOUR });
});

test('does not mark again what was used within a minute', async () => {
  await using folder = await temporaryFolder();
  const [recent, older] = [await folder.write('recent', 'a'), await folder.write('older', 'b')];
  for (const path of [recent, older]) await utimes(path, NOW / 1000, NOW / 1000);

  markUsed(recent, { content: Buffer.alloc(0), usedAt: NOW - 58_000 }, NOW + 1000, NOW);
  markUsed(older, { content: Buffer.alloc(0), usedAt: NOW - 60_000 }, NOW + 1000, NOW);

  await until(async () => (await times(older)).used === NOW + 1000);
  expect((await times(recent)).used).toBe(NOW);
});
