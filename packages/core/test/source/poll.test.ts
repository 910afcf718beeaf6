import { expect, test } from '@jest/globals';
import { poll } from '../../src/source/poll.ts';

const endless = new AbortController().signal;

test('reads once without an interval', async () => {
  let reads = 0;
  await poll({ name: 's' }, endless, async () => void reads++);

  expect(reads).toBe(1);
});

test('reads as often as it is told, never twice at once', async () => {
  let reads = 0;
  let under = 0;
  await poll({ name: 's', pollInterval: { every: 1, times: 4 } }, endless, async () => {
    expect(++under).toBe(1);
    reads++;
    await new Promise((resolve) => setImmediate(resolve));
    under--;
  });

  expect(reads).toBe(4);
});

test('begins no read after its duration', async () => {
  const began: number[] = [];
  const start = performance.now();
  await poll({ name: 's', pollInterval: { every: 10, duration: 55 } }, endless, async () => {
    began.push(performance.now() - start);
  });

  expect(began.length).toBeGreaterThan(0);
  // A sleep may end late, so the last read may begin a little after; none begins an interval later.
  expect(began.length).toBeLessThanOrEqual(6);
});

test('goes on until the signal, and ends a wait at once', async () => {
  const leaving = new AbortController();
  let reads = 0;
  const polling = poll({ name: 's', pollInterval: 3_600_000 }, leaving.signal, async () => void reads++);
  leaving.abort(new Error('enough'));

  await expect(polling).rejects.toThrow('enough');
  expect(reads).toBe(1);
});

test('ends with the failure of a read', async () => {
  const polling = poll({ name: 's', pollInterval: 1 }, endless, async () => {
    throw new Error('the API is gone');
  });

  await expect(polling).rejects.toThrow('the API is gone');
});

test.each([0, -1, Number.NaN])('refuses an interval of %s', async (every) => {
  const polling = poll({ name: 'orders', pollInterval: every }, endless, async () => {});

  await expect(polling).rejects.toThrow(/stream "orders": every is/);
});
