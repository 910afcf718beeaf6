import { expect, test } from '@jest/globals';
import { createClient } from '@headwater/core';

import { mockApi } from '../../src/mock-api.ts';
import { withLatency } from '../../src/mock/latency.ts';
import type { ReceivedRequest } from '../../src/loopback-server.ts';

const HOUR = 3_600_000;

test('waits before every answer', async () => {
  await using fast = await mockApi({ latency: [1, 5] });
  await using slow = await mockApi({ latency: 60_000 });
  fast.on('GET /', { body: 'fast' });
  slow.on('GET /', { body: 'slow' });
  const late = fetch(slow.url).then(
    () => 'slow',
    () => 'never',
  );
  while (slow.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));

  const soon = fetch(fast.url).then((response) => response.text());

  expect(await Promise.race([late, soon])).toBe('fast');
});

test('draws waits between the bounds, the same for a seed, beside the own delay', async () => {
  const waits = async (seed: number) => {
    const handler = withLatency([10, 50], seed, () => ({ delay: 100 }));
    const delays: (number | undefined)[] = [];
    for (let index = 0; index < 50; index++) delays.push((await handler({} as ReceivedRequest)).delay);
    return delays.map(Number);
  };
  const first = await waits(1);

  expect(await waits(1)).toEqual(first);
  expect(await waits(2)).not.toEqual(first);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(110);
  expect(Math.max(...first)).toBeLessThanOrEqual(150);
  expect(new Set(first).size).toBeGreaterThan(40);
});

test('refuses a latency that cannot be', async () => {
  await expect(mockApi({ latency: [50, 10] })).rejects.toThrow(/latency: \[50,10\]/);
  await expect(mockApi({ latency: -1 })).rejects.toThrow(TypeError);
});

test('tells the time of a clock that is off', async () => {
  await using api = await mockApi({ clockSkew: -HOUR });
  const at = new Date('2026-01-01T12:00:00Z');
  api.reply(429, undefined, { 'Retry-After': at }).reply(429, undefined, { 'retry-after': 5, Date: 'never' });

  const first = await fetch(api.url);
  expect(first.headers.get('retry-after')).toBe('Thu, 01 Jan 2026 11:00:00 GMT');
  expect(Math.abs(Date.parse(first.headers.get('date') ?? '') + HOUR - Date.now())).toBeLessThan(HOUR / 2);
  const second = await fetch(api.url);
  expect([second.headers.get('retry-after'), second.headers.get('date')]).toEqual(['5', 'never']);
});

test('asks a client for the same wait whatever its clock says', async () => {
  for (const clockSkew of [0, HOUR, -HOUR]) {
    await using api = await mockApi({ clockSkew });
    api.on('GET /', () => ({ status: 503, headers: { 'retry-after': new Date(Date.now() + 20_000) } }), { body: 'ok' });
    const waits: number[] = [];
    const clock = { now: () => Date.now(), sleep: async (milliseconds: number) => void waits.push(milliseconds) };

    await createClient({ retry: { clock } })({ method: 'GET', url: api.url, headers: {}, sender: {} });

    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(15_000);
    expect(waits[0]).toBeLessThan(25_000);
  }
});
