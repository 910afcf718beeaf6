import { expect, test } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createClient, memoryRateStore, rateBudget, type HttpOptions, type RateStore } from '@headwater/core';
import { mockApi, type MockApi } from '@headwater/testing';
import { quick } from './quick.ts';

/** The waits of some requests sent at once, as a tool hears of them that knows only the name of the channel. */
const waitsOf = async (api: MockApi, options: HttpOptions, requests = 1): Promise<unknown[]> => {
  const waits: unknown[] = [];
  const hear = (wait: unknown) => void waits.push(wait);
  const send = createClient({ retry: quick, ...options });
  const request = { method: 'GET', url: api.url, headers: {}, sender: { stream: 'orders', slice: { shop: 7 } } };
  subscribe('headwater:wait', hear);
  try {
    await Promise.all(Array.from({ length: requests }, () => send(request)));
  } finally {
    unsubscribe('headwater:wait', hear);
  }
  return waits;
};

const atNoon = () => ({ now: () => Date.UTC(2026, 0, 1, 12), sleep: async () => {} });

test('tells how long a request waits after a failure, and until when', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200, []);

  const waits = await waitsOf(api, { retry: { clock: atNoon(), backoff: () => 1500 } });

  const until = Date.UTC(2026, 0, 1, 12, 0, 1, 500);
  expect(waits).toEqual([{ stream: 'orders', slice: { shop: 7 }, reason: 'retry', milliseconds: 1500, until }]);
});

test('tells a wait that the API asked for as a rate limit', async () => {
  await using api = await mockApi();
  api.reply(429, {}, { 'retry-after': '3' }).reply(200, []);

  const waits = await waitsOf(api, { retry: { clock: atNoon() } });

  expect(waits).toMatchObject([{ reason: 'rate_limit', milliseconds: 3000 }]);
});

test('tells how long a request has waited for its turn in the rate budget', async () => {
  await using api = await mockApi();
  api.on('GET /', () => ({ body: [] }));

  const waits = await waitsOf(api, { rateBudget: rateBudget({ rules: [{ concurrency: 1 }] }) }, 2);

  expect(waits).toMatchObject([{ stream: 'orders', reason: 'rate_budget' }]);
});

test('tells nothing of a request that is sent at once, however long the store takes', async () => {
  await using api = await mockApi();
  api.reply(200, []);
  const memory = memoryRateStore();
  const clock = { ...atNoon(), late: 0, now: () => Date.UTC(2026, 0, 1, 12) + clock.late };
  const take: RateStore['take'] = (...claims) => {
    clock.late += 50;
    return memory.take(...claims);
  };
  const store: RateStore = { ...memory, take };

  expect(await waitsOf(api, { rateBudget: rateBudget({ store, clock }) })).toEqual([]);
  expect(clock.late).toBe(50);
});
