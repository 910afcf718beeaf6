import { expect, test } from '@jest/globals';
import { createHook } from 'node:async_hooks';
import { BodyError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { compose } from '../../../src/http/compose.ts';
import { watchdog } from '../../../src/http/policies/watchdog.ts';
import { gotWire } from '../../../src/http/wire.ts';
import { keptLog } from '../log.ts';

const get = (url: string, sender?: HttpRequest['sender'], signal?: AbortSignal): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  ...(sender && { sender }),
  ...(signal && { signal }),
});

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** Watches the timers that `start` starts: those that are not stopped yet. */
const timersOf = (start: () => void) => {
  const timers = new Set<number>();
  let starting = true;
  const hook = createHook({
    init: (id, type) => void (starting && type === 'Timeout' && timers.add(id)),
    destroy: (id) => void timers.delete(id),
  }).enable();
  start();
  starting = false;
  return { timers, [Symbol.dispose]: () => void hook.disable() };
};

test('says again and again which request waits and since when', async () => {
  await using api = await mockApi();
  api.on('GET /x', { fault: { kind: 'stall' } });
  const send = compose([watchdog({ after: 20, every: 20 })], gotWire());
  const log = keptLog();
  const stop = new AbortController();
  const sent = send(get(`${api.url}/x?page=2`, { label: 'stream "issues", slice {"repo":"a"}', log }, stop.signal));
  await until(() => log.lines.length >= 3);
  stop.abort(new Error('enough'));
  await expect(sent).rejects.toThrow('enough');

  const said =
    /^info: GET (\S+) \(stream "issues", slice \{"repo":"a"\}\) has been waiting for (\d+(?:\.\d)?) s, since (\S+Z)\.$/;
  const parts = log.lines.map((line) => said.exec(line)?.slice(1) ?? line);
  expect(parts.map(([url]) => url)).toEqual(log.lines.map(() => `${api.url}/x?page=2`));
  expect(new Set(parts.map(([, , since]) => since)).size).toBe(1);
});

test('counts the wait by its clock, in full seconds', async () => {
  let at = Date.parse('2026-03-01T00:00:00Z');
  let looks = 0;
  const clock = { now: () => (looks++, at), sleep: async () => {} };
  const anotherLook = (since = looks) => until(() => looks > since);
  const send = compose([watchdog({ after: 20, every: 40_000, clock })], () => new Promise(() => {}));
  const log = keptLog();
  void send(get('https://api.example.com/x', { log }));
  await anotherLook();
  expect(log.lines).toEqual([]);
  at += 30_400;
  await until(() => log.lines.length === 1);
  at += 39_999;
  await anotherLook();
  expect(log.lines).toHaveLength(1);
  at += 1;
  await until(() => log.lines.length === 2);

  expect(log.lines).toEqual([
    'info: GET https://api.example.com/x has been waiting for 30 s, since 2026-03-01T00:00:00.000Z.',
    'info: GET https://api.example.com/x has been waiting for 70 s, since 2026-03-01T00:00:00.000Z.',
  ]);
});

test('forgets a request that was answered and one that failed', async () => {
  await using api = await mockApi();
  api.on('GET /ok', { body: 'fine' });
  api.on('GET /bad', { body: 'x', fault: { kind: 'malformed-gzip' } });
  api.on('GET /hung', { fault: { kind: 'stall' } });
  let at = 0;
  const clock = { now: () => at, sleep: async () => {} };
  const send = compose([watchdog({ after: 20, every: 20, clock })], gotWire());
  const log = keptLog();
  const stop = new AbortController();
  const hung = send(get(`${api.url}/hung`, { log }, stop.signal));
  await send(get(`${api.url}/ok`, { log }));
  await expect(send(get(`${api.url}/bad`, { log }))).rejects.toThrow(BodyError);

  at += 1000;
  await until(() => log.lines.length > 0);
  stop.abort(new Error('enough'));
  await expect(hung).rejects.toThrow('enough');

  expect(log.lines).toEqual([`info: GET ${api.url}/hung has been waiting for 1 s, since 1970-01-01T00:00:00.000Z.`]);
});

test('has one timer for all requests, which keeps no process alive and stops after them', async () => {
  const keepingAlive = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  let looks = 0;
  const clock = { now: () => ++looks * 1000, sleep: async () => {} };
  const answers: (() => void)[] = [];
  const send = compose(
    [watchdog({ after: 20, every: 1_000_000, clock })],
    (request) =>
      new Promise((resolve) => {
        answers.push(() => resolve({ request, status: 200, headers: {}, url: request.url, bytes: new Uint8Array() }));
      }),
  );
  const seen: number[] = [];
  const log = { ...keptLog(), info: () => void seen.push(looks) };

  const before = keepingAlive();
  const sent: Promise<unknown>[] = [];
  using watched = timersOf(() => {
    for (let i = 0; i < 50; i++) sent.push(send(get(`https://api.example.com/${i}`, { log })));
  });
  const during = keepingAlive();
  expect(watched.timers.size).toBe(1);
  await until(() => seen.length > 0);
  // The clock was read once for each request, and once to look at all of them.
  expect(seen).toEqual(Array.from({ length: 50 }, () => 51));

  for (const answer of answers) answer();
  await Promise.all(sent);
  await until(() => watched.timers.size === 0);

  const next = send(get('https://api.example.com/next', { log }));
  await until(() => seen.length === 51);
  answers.at(-1)!();
  expect(await next).toMatchObject({ status: 200 });
  expect(during).toBe(before);
});

test('watches nothing where nobody listens', async () => {
  await using api = await mockApi();
  api.reply(200, 'fine');
  const send = compose([watchdog()], gotWire());

  expect(await send(get(`${api.url}/x`))).toMatchObject({ status: 200 });
});
