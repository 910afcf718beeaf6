import { expect, test } from '@jest/globals';
import type { HttpRequest } from '@headwater/core';
import { movingWindow, tokenBucket } from '../../../src/http/rate/limits.ts';
import { memoryRateStore } from '../../../src/http/rate/memory-store.ts';
import type { RateStore } from '../../../src/http/rate/store.ts';
import { answerTo, randomFrom, requestTo, senderOf, settled, traffic, type Sent } from './rate-budget-setup.ts';

const onePerSecond = [tokenBucket({ capacity: 1, refillPerSecond: 1 })];

const from = (stream: string, path: string): HttpRequest => requestTo(path, { sender: senderOf(stream) });

const pathsOf = (sent: readonly Sent[]): string[] => sent.map(({ request }) => new URL(request.url).pathname);

test('serves a new stream within two grants of a thousand waiting', async () => {
  const { clock, send, sent } = traffic({ rules: [{ limits: onePerSecond }] });
  for (let index = 0; index < 1000; index++) void send(from('a', `/a/${index}`));
  await clock.advance(5000);
  expect(sent).toHaveLength(6);
  void send(from('b', '/b/0'));
  await clock.advance(2000);

  expect(pathsOf(sent).slice(6)).toContain('/b/0');
});

test('serves streams in turn and each in its order', async () => {
  const { clock, send, sent } = traffic({ rules: [{ limits: onePerSecond }] });
  for (const stream of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) {
    void send(from(stream, `/${stream}`));
  }
  await clock.advance(10_000);

  expect(pathsOf(sent)).toEqual(['/a', '/b', '/c', '/a', '/b', '/a', '/a']);
});

test('takes the slices of a stream for one stream', async () => {
  const { clock, send, sent } = traffic({ rules: [{ limits: onePerSecond }] });
  const slice = (stream: string, number: number) =>
    requestTo(`/${stream}/${number}`, { sender: { label: `stream "${stream}", slice {"n":${number}}` } });
  for (const number of [1, 2, 3]) void send(slice('a', number));
  void send(slice('b', 1));
  await clock.advance(10_000);

  expect(pathsOf(sent)).toEqual(['/a/1', '/b/1', '/a/2', '/a/3']);
});

test('keeps the order of a stream across rules that have room', async () => {
  const { clock, send, sent } = traffic({
    rules: [{ match: { url: '/x' }, limits: [movingWindow({ limit: 9, windowMs: 1000 })] }, { concurrency: 9 }],
  });
  const paths = ['/x1', '/y1', '/y2', '/x2', '/y3', '/x3'];
  for (const path of paths) void send(from('a', path));
  await clock.advance(0);

  expect(pathsOf(sent)).toEqual(paths);
});

test('does not let light requests overtake a heavy one for ever', async () => {
  const weight = ({ url }: HttpRequest) => (url.endsWith('heavy') ? 10 : 1);
  const { clock, send, sent } = traffic({
    rules: [{ limits: [tokenBucket({ capacity: 10, refillPerSecond: 1 })], weight }],
  });
  for (let index = 0; index < 50; index++) void send(from('light', '/light'));
  await clock.advance(0);
  void send(from('heavy', '/heavy'));
  await clock.advance(12_000);

  expect(pathsOf(sent)).toContain('/heavy');
});

test('does not make one rule wait for another', async () => {
  const { clock, send, sent } = traffic({
    rules: [
      { match: { url: '/slow' }, limits: [movingWindow({ limit: 1, windowMs: 3_600_000 })] },
      { match: { url: '/fast' }, limits: [movingWindow({ limit: 100, windowMs: 1000 })] },
    ],
  });
  for (let index = 0; index < 10; index++) void send(from('a', '/slow'));
  for (let index = 0; index < 10; index++) void send(from('a', '/fast'));
  await clock.advance(0);

  expect(pathsOf(sent)).toEqual(['/slow', ...Array.from({ length: 10 }, () => '/fast')]);
});

test('sleeps once however many wait', async () => {
  const { clock, send } = traffic({ rules: [{ limits: onePerSecond }] });
  for (let index = 0; index < 100; index++) void send(from(`s${index % 7}`, '/x'));
  await clock.advance(3500);
  expect(clock.sleeping).toBe(1);

  await clock.advance(200_000);
  expect(clock.sleeping).toBe(0);
});

test('lets go of an aborted request at once and spends nothing on it', async () => {
  const { clock, send, sent } = traffic({ rules: [{ limits: onePerSecond }] });
  const stop = new AbortController();
  await send(from('a', '/1'));
  const aborted = send({ ...from('a', '/2'), signal: stop.signal });
  void send(from('a', '/3'));
  await clock.advance(500);
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');

  await clock.advance(500);
  expect(pathsOf(sent)).toEqual(['/1', '/3']);
  expect(clock.sleeping).toBe(0);
});

test('leaves no timer behind when all who wait are aborted', async () => {
  const { clock, send, sent } = traffic({ rules: [{ limits: onePerSecond }] });
  const stop = new AbortController();
  await send(from('a', '/first'));
  const waiting = Array.from({ length: 500 }, () => send({ ...from('a', '/x'), signal: stop.signal }).catch(String));
  await clock.advance(500);
  stop.abort('enough');

  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['enough']));
  await settled();
  expect(clock.sleeping).toBe(0);
  expect(sent).toHaveLength(1);
});

test('does not send what was aborted before it came', async () => {
  const { send, sent } = traffic({ rules: [{ limits: onePerSecond }] });

  await expect(send({ ...from('a', '/x'), signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  expect(sent).toHaveLength(0);
  await send(from('a', '/y'));
  expect(sent).toHaveLength(1);
});

/** A store that takes its time, as one over a network does. */
const slow = (store: RateStore, random: () => number): RateStore => {
  const pause = async () => {
    for (let turns = Math.floor(random() * 3); turns > 0; turns--)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    async take(claims, now) {
      await pause();
      const taken = await store.take(claims, now);
      await pause();
      return taken;
    },
    async hold(key, until, now) {
      await pause();
      await store.hold(key, until, now);
    },
    async drain(claim, now, only) {
      await pause();
      await store.drain(claim, now, only);
    },
    async release(claims, lease, unused) {
      await pause();
      await store.release(claims, lease, unused);
      await pause();
    },
  };
};

test('gives back what an abort took while the store answered', async () => {
  const store = slow(memoryRateStore(), () => 0.99);
  const limits = [movingWindow({ limit: 1, windowMs: 1_000_000 })];
  const { send, sent } = traffic({ rules: [{ limits }], store });
  const stop = new AbortController();
  const aborted = send({ ...from('a', '/1'), signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await send(from('a', '/2'));

  expect(pathsOf(sent)).toEqual(['/2']);
});

test('hears of a release that comes while the store answers', async () => {
  const inner = memoryRateStore();
  let answer = () => {};
  const store: RateStore = {
    ...inner,
    async take(claims, now) {
      const taken = await inner.take(claims, now);
      if (!taken.ok) await new Promise<void>((resolve) => (answer = resolve));
      return taken;
    },
  };
  let end = () => {};
  const { send, sent } = traffic({ rules: [{ concurrency: 1 }], store }, async (request) => {
    if (request.url.endsWith('1')) await new Promise<void>((resolve) => (end = resolve));
    return answerTo(request);
  });
  const first = send(from('a', '/1'));
  await settled();
  const second = send(from('a', '/2'));
  await settled();
  end();
  await first;
  await settled();
  answer();
  await second;

  expect(pathsOf(sent)).toEqual(['/1', '/2']);
});

test('fails only the request whose turn the store could not take', async () => {
  const inner = memoryRateStore();
  let calls = 0;
  const store: RateStore = {
    ...inner,
    take: async (claims, now) => {
      calls += 1;
      if (calls === 2) throw new Error('the store is away');
      return inner.take(claims, now);
    },
  };
  const { send } = traffic({ rules: [{ concurrency: 5 }], store });
  const results = await Promise.allSettled([1, 2, 3].map((number) => send(from('a', `/${number}`))));

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.each(seeds)('loses nobody who waits, whatever the order of events (seed %i)', async (seed) => {
  const random = randomFrom(seed * 7919);
  const open = new Set<() => void>();
  let [underWay, most] = [0, 0];
  const { clock, send } = traffic(
    {
      rules: [
        { match: { url: '/x' }, limits: [movingWindow({ limit: 4, windowMs: 300 })], concurrency: 2 },
        {
          limits: [tokenBucket({ capacity: 6, refillPerSecond: 20 })],
          concurrency: 3,
          weight: () => Math.floor(random() * 4),
        },
      ],
      store: seed % 2 === 0 ? memoryRateStore() : slow(memoryRateStore(), random),
    },
    async (request) => {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => open.add(resolve));
      underWay -= 1;
      const draw = random();
      if (draw < 0.1) throw new Error('lost');
      if (draw < 0.2) return answerTo(request, { status: 429, headers: draw < 0.15 ? { 'retry-after': '2' } : {} });
      return answerTo(request);
    },
  );
  const outcomes: string[] = [];
  let asked = 0;
  const stops: AbortController[] = [];
  for (let step = 0; outcomes.length < 60 && step < 5000; step++) {
    const draw = random();
    if (draw < 0.4 && asked < 60) {
      const stop = new AbortController();
      stops.push(stop);
      const path = `/${'xy'[asked % 2]}`;
      send({ ...from(`s${asked % 5}`, path), signal: stop.signal }).then(
        () => outcomes.push('sent'),
        (error: unknown) => outcomes.push(String(error)),
      );
      asked += 1;
    } else if (draw < 0.45 && asked < 60) {
      stops[Math.floor(random() * stops.length)]?.abort('aborted');
    } else if (draw < 0.8 && open.size > 0) {
      const ready = [...open][Math.floor(random() * open.size)]!;
      open.delete(ready);
      ready();
    } else {
      await clock.advance(Math.floor(random() * 200));
    }
  }

  expect(outcomes).toHaveLength(60);
  expect(most).toBeLessThanOrEqual(3);
  expect(new Set(outcomes)).toEqual(
    new Set(['sent', 'aborted', 'Error: lost'].filter((one) => outcomes.includes(one))),
  );
  for (let turn = 0; turn < 10; turn++) await settled();
  expect(clock.sleeping).toBe(0);
});
