import { expect, test } from '@jest/globals';
import { createClient, type Clock, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from '../../../src/http/compose.ts';
import { rateBudget } from '../../../src/http/policies/rate-budget.ts';
import { movingWindow } from '../../../src/http/rate/limits.ts';

/** Real time, twenty times as fast. */
const fastClock = (): Clock => {
  const start = Date.now();
  const started = performance.now();
  return {
    now: () => start + (performance.now() - started) * 20,
    sleep: (milliseconds, signal) => sleep(milliseconds / 20, undefined, signal && { signal }),
  };
};

test('reads a real API that counts, without ever meeting its 429', async () => {
  const clock = fastClock();
  await using api = await mockApi();
  // Ten answers, then a pause: it does not depend on how fast this machine is.
  let [left, resets, refused] = [10, 0, 0];
  api.on('GET /items/:id', () => {
    if (left === 0 && clock.now() < resets) {
      refused += 1;
      return { status: 429 };
    }
    left = left === 0 ? 9 : left - 1;
    if (left === 0) resets = clock.now() + 5000;
    return { headers: { 'x-ratelimit-remaining': left, 'x-ratelimit-reset': left === 0 ? 5 : 0 }, body: { ok: true } };
  });
  const budget = rateBudget({ rules: [{ concurrency: 1 }], clock });
  const send = compose([budget], createClient({ retry: { attempts: 1 } }));
  const told: string[] = [];
  const request = (stream: string, id: number): HttpRequest => ({
    method: 'GET',
    url: `${api.url}/items/${id}`,
    headers: {},
    sender: { label: `stream "${stream}", slice {}`, throttled: () => told.push(stream) },
  });
  const answers = await Promise.all(
    ['a', 'b', 'c'].flatMap((stream) => Array.from({ length: 15 }, (_, id) => send(request(stream, id)))),
  );

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 45 }, () => 200));
  expect(api.requests).toHaveLength(45);
  expect(refused).toBe(0);
  expect(new Set(told)).toEqual(new Set(['a', 'b', 'c']));
});

test('keeps to a window as the server sees it', async () => {
  const clock = fastClock();
  await using api = await mockApi();
  api.on('GET /x', { body: 'ok' });
  const sent: number[] = [];
  const client = createClient({});
  const send = rateBudget({ rules: [{ limits: [movingWindow({ limit: 5, windowMs: 2000 })] }], clock })((request) => {
    sent.push(clock.now());
    return client(request);
  });
  await Promise.all(Array.from({ length: 20 }, () => send({ method: 'GET', url: `${api.url}/x`, headers: {} })));

  expect(api.requests).toHaveLength(20);
  // The note is taken a moment after the grant, so two notes may lie closer together than their grants by that moment.
  expect(sent.at(-1)! - sent[0]!).toBeGreaterThan(5000);
});
