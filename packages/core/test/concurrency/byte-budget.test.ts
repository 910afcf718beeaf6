import { expect, test } from '@jest/globals';
import { ByteBudget, type Share } from '../../src/concurrency/byte-budget.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const MEBIBYTE = 1024 * 1024;

/** A budget whose guess is one mebibyte, with nothing held. */
const learnt = async (limit: number): Promise<ByteBudget> => {
  const budget = new ByteBudget(limit);
  const share = await budget.take();
  share.settle(MEBIBYTE);
  share.free();
  return budget;
};

test('holds no more than the limit of pages as large as those before', async () => {
  const budget = await learnt(4 * MEBIBYTE);
  const shares: Share[] = [];
  const all = Array.from({ length: 10 }, async () => shares.push(await budget.take()));
  await turn();
  expect(shares).toHaveLength(4);

  for (let freed = 0; freed < 10; freed++) {
    shares[freed]!.settle(MEBIBYTE);
    shares[freed]!.free();
    await turn();
    expect(shares).toHaveLength(Math.min(10, freed + 5));
  }
  await Promise.all(all);
});

test('counts what a page really takes', async () => {
  const budget = new ByteBudget(4 * MEBIBYTE);
  const large = await budget.take();
  large.settle(5 * MEBIBYTE);
  let hasRoom = false;
  const waiting = budget.take().then((share) => {
    hasRoom = true;
    return share;
  });
  await turn();
  expect(hasRoom).toBe(false);

  large.free();
  large.free();
  const share = await waiting;
  share.free();
  (await budget.take()).free();
});

test('lets a page larger than the whole budget through alone', async () => {
  const budget = await learnt(1000);
  const share = await budget.take();
  let hasRoom = false;
  void budget.take().then(() => (hasRoom = true));
  await turn();
  expect(hasRoom).toBe(false);

  share.free();
  await turn();
  expect(hasRoom).toBe(true);
});

test('lets a waiter go when its signal aborts', async () => {
  const budget = await learnt(MEBIBYTE);
  const share = await budget.take();
  const leaving = new AbortController();
  const first = budget.take(leaving.signal);
  const second = budget.take();
  leaving.abort(new Error('enough'));

  await expect(first).rejects.toThrow('enough');
  share.free();
  (await second).free();
});
