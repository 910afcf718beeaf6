import { expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { temporaryFolder } from '@headwater/testing';
import { replay, startWorker } from './worker.ts';

test('serves eight processes on one directory', async () => {
  await using folder = await temporaryFolder();
  const directory = folder.path;
  const task = { directory, urls: 150, size: 8000 };

  const results = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => replay({ ...task, seed })));

  expect(results.map(({ wrong }) => wrong)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await replay({ ...task, seed: 9 })).toEqual({ calls: 0, hits: 150, wrong: 0 });
}, 300_000);

test('serves eight processes that evict what the others store', async () => {
  await using folder = await temporaryFolder();
  const task = { directory: folder.path, urls: 150, size: 8000, diskBytes: 200_000 };

  const results = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => replay({ ...task, seed })));

  expect(results.map(({ calls, hits, wrong }) => [calls + hits, wrong])).toEqual(results.map(() => [150, 0]));
  expect((await replay({ ...task, seed: 9 })).calls).toBeGreaterThan(0);
}, 300_000);

test.each([
  ['it returns', 'return', 0],
  ['process.exit', 'exit', 7],
  ['an uncaught error', 'throw', 1],
] as const)('removes its private directory when the process ends by %s', async (_name, how, code) => {
  await using folder = await temporaryFolder();
  const worker = startWorker({ task: 'leave', urls: 3, how }, { TMPDIR: folder.path });

  expect(await worker.ended).toBe(code);
  const during = JSON.parse(worker.output()) as string[];
  expect(during.filter((name) => /^headwater-cache-\w+\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name))).toHaveLength(3);
  expect(await readdir(folder.path)).toEqual([]);
});

test('moves what memory has no room for to its private directory', async () => {
  await using folder = await temporaryFolder();
  const task = { task: 'overflow', urls: 40, size: 20_000, memoryBytes: 100_000 } as const;
  const worker = startWorker(task, { TMPDIR: folder.path });

  expect(await worker.ended).toBe(0);
  expect(JSON.parse(worker.output())).toEqual({ calls: 40, hits: 40, wrong: 0 });
});

test('makes no private directory while memory has room', async () => {
  await using folder = await temporaryFolder();
  const worker = startWorker({ task: 'leave', urls: 10, memoryBytes: 2 ** 20, how: 'return' }, { TMPDIR: folder.path });

  expect(await worker.ended).toBe(0);
  expect(worker.output()).toBe('[]');
});

test('answers where no private directory can be made', async () => {
  await using folder = await temporaryFolder();
  const task = { task: 'overflow', urls: 10, size: 20_000, memoryBytes: 50_000 } as const;
  const worker = startWorker(task, { TMPDIR: `${folder.path}/not-there` });

  expect(await worker.ended).toBe(0);
  expect(JSON.parse(worker.output())).toMatchObject({ wrong: 0 });
});
