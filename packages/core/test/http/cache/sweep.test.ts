import { expect, test } from '@jest/globals';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@headwater/testing';
import { sweep } from '../../../src/http/cache/sweep.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-06-01T00:00:00Z');

const nameOf = (index: number, shard = 'ab'): string => `${shard}/${shard}${index.toString(16).padStart(62, '0')}`;

/** A file stored and last used so many hours ago. */
const place = async (folder: TemporaryFolder, name: string, stored: number, used = stored, size = 4096) => {
  const path = await folder.write(name, Buffer.alloc(size));
  await utimes(path, (NOW - used * HOUR) / 1000, (NOW - stored * HOUR) / 1000);
};

const filesIn = async (folder: TemporaryFolder): Promise<string[]> => {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.path.length + 1))
    .toSorted();
};

test('removes what was longest not used until the rest fits', async () => {
  await using folder = await temporaryFolder();
  for (let index = 0; index < 10; index++) await place(folder, nameOf(index, index % 2 ? 'ab' : 'cd'), 10, 10 - index);
  await place(folder, nameOf(0, 'cd'), 10, 0.5);

  const left = await sweep(folder.path, { maxBytes: 5 * 4096, maxAge: 24 * HOUR, now: NOW });

  expect(left).toBe(4 * 4096);
  expect(await filesIn(folder)).toEqual([nameOf(7), nameOf(9), nameOf(0, 'cd'), nameOf(8, 'cd')]);
});

test('removes what is too old even when it was just used', async () => {
  await using folder = await temporaryFolder();
  await place(folder, nameOf(1), 24, 0);
  await place(folder, nameOf(2), 23.9, 23.9);

  const left = await sweep(folder.path, { maxBytes: 2 ** 30, maxAge: 24 * HOUR, now: NOW });

  expect(left).toBe(4096);
  expect(await filesIn(folder)).toEqual([nameOf(2)]);
});

test('removes drafts that nobody finished for an hour', async () => {
  await using folder = await temporaryFolder();
  await place(folder, `${nameOf(1)}.4711-a1b2.tmp`, 1.1);
  await place(folder, `${nameOf(2)}.4711-a1b2.tmp`, 0.9);

  await sweep(folder.path, { maxBytes: 0, maxAge: 24 * HOUR, now: NOW });

  expect(await filesIn(folder)).toEqual([`${nameOf(2)}.4711-a1b2.tmp`]);
});

test('leaves alone what is not of the cache', async () => {
  await using folder = await temporaryFolder();
  const foreign = ['key', 'ab/notes.txt', 'notes/of-mine.txt', 'ABCD/file', 'zz/file'].toSorted();
  for (const name of foreign) await place(folder, name, 1000);

  await sweep(folder.path, { maxBytes: 0, maxAge: HOUR, now: NOW });

  expect(await filesIn(folder)).toEqual(foreign);
});

test('counts whole blocks of the disk', async () => {
  await using folder = await temporaryFolder();
  await place(folder, nameOf(1), 1, 1, 10);
  await place(folder, nameOf(2), 1, 1, 4097);

  expect(await sweep(folder.path, { maxBytes: 2 ** 30, maxAge: 24 * HOUR, now: NOW })).toBe(3 * 4096);
});

test('finds nothing to do where there is no directory', async () => {
  expect(await sweep('/no/such/directory', { maxBytes: 0, maxAge: 1, now: NOW })).toBe(0);
});
