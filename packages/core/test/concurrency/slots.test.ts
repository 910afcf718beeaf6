import { expect, test } from '@jest/globals';
import { Slots } from '../../src/concurrency/slots.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('lets no more in than there are slots, and the others in the order they came', async () => {
  const slots = new Slots(2);
  const inside: number[] = [];
  const entered: number[] = [];
  const all = Array.from({ length: 20 }, async (_, index) => {
    await slots.take();
    entered.push(index);
    inside.push(index);
    expect(inside.length).toBeLessThanOrEqual(2);
    await turn();
    inside.splice(inside.indexOf(index), 1);
    slots.release();
  });
  await Promise.all(all);

  expect(entered).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('lets a waiter go when its signal aborts, and keeps its place for the others', async () => {
  const slots = new Slots(1);
  await slots.take();
  const leaving = new AbortController();
  const first = slots.take(leaving.signal);
  const second = slots.take();
  leaving.abort(new Error('enough'));

  await expect(first).rejects.toThrow('enough');
  slots.release();
  await second;
  await expect(slots.take(leaving.signal)).rejects.toThrow('enough');
  slots.release();
  await slots.take();
});
