import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputFileError } from '@headwater/core';
import { temporaryFolder } from '@headwater/testing';
import { withFileLock } from '../../src/auth/file-lock.ts';

/** The lock of a holder that does not exist any more, or that lives where it cannot be asked. */
const lockOf = async (path: string, change: object = {}): Promise<string> => {
  let text = '';
  await withFileLock(path, async () => {
    text = await readFile(path, 'utf8');
  });
  return JSON.stringify({ ...(JSON.parse(text) as object), ...change });
};

test('gives the lock to one at a time, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');
  let inside = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 10 }, () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
      }),
    ),
  );

  expect(most).toBe(1);
  expect(await readdir(folder.path)).toEqual([]);
});

test('gives the lock back when the work fails', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');

  await expect(
    withFileLock(path, async () => {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      throw new Error('So be it.');
    }),
  ).rejects.toThrow('So be it.');

  expect(await readdir(folder.path)).toEqual([]);
});

test('takes the lock of a dead process of this machine, however many want it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await folder.write('x.lock', await lockOf(path, { pid: child.pid }));
  let inside = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 10 }, () =>
      withFileLock(
        path,
        async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
        },
        { staleAfter: 3_600_000 },
      ),
    ),
  );

  expect(most).toBe(1);
});

test.each([
  ['of another machine', { host: 'elsewhere' }],
  ['that says nothing', undefined],
])('takes a lock %s that shows no sign of life', async (_name, change) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');
  await folder.write('x.lock', change ? await lockOf(path, change) : '');

  expect(await withFileLock(path, async () => 'mine', { staleAfter: 100 })).toBe('mine');
});

test('waits for a holder that lives, though it takes longer than the time without a sign of life', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');
  const order: string[] = [];
  let release = (): void => {};
  let began = (): void => {};
  const beginning = new Promise<void>((resolve) => (began = resolve));
  const first = withFileLock(path, async () => {
    began();
    await new Promise<void>((resolve) => (release = resolve));
    order.push('first');
  });
  await beginning;
  const touched = async () => (await stat(path)).mtimeMs;
  const before = await touched();
  const second = withFileLock(path, async () => void order.push('second'), { staleAfter: 5000 });
  // Two heartbeats.
  let [seen, beats] = [before, 0];
  while (beats < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = await touched();
    if (now !== seen) [seen, beats] = [now, beats + 1];
  }
  release();
  await Promise.all([first, second]);

  expect(order).toEqual(['first', 'second']);
});

test('says who holds the lock when patience runs out', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x.lock');
  await withFileLock(path, async () => {
    const work = withFileLock(path, async () => {}, { patience: 50 });
    await expect(work).rejects.toThrow(InputFileError);
    await expect(work).rejects.toThrow(`by process ${process.pid} on `);
  });
});
