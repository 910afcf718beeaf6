import { expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { temporaryFolder } from '@headwater/testing';
import { replay, startWorker } from './worker.ts';

const KILLS = 200;
const AT_ONCE = 4;
const URLS = 32;

test('gives no wrong answer after 200 kills in mid-write', async () => {
  await using folder = await temporaryFolder();
  const directory = folder.path;
  const outputs: string[] = [];
  let kills = 0;
  const killInALoop = async () => {
    while (kills < KILLS) {
      const seed = 1_000_003 * ++kills;
      const worker = startWorker({ task: 'churn', directory, seed, urls: URLS, size: 200_000 });
      // With a clock in place of a count, a busy machine would kill them all before they have written anything.
      await worker.printed(1 + (seed % 23));
      worker.process.kill('SIGKILL');
      await worker.ended;
      outputs.push(worker.output());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, killInALoop));

  expect(outputs.filter((output) => !/^\.+$/.test(output))).toEqual([]);
  const drafts = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.tmp'));
  expect(drafts.length).toBeGreaterThan(0);
  const after = await replay({ directory, urls: URLS, seed: 1000 });
  expect(after).toMatchObject({ wrong: 0, calls: URLS - after.hits });
  expect(after.hits).toBeGreaterThan(URLS / 4);
}, 300_000);
