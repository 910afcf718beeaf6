import { expect, test } from '@jest/globals';
import { ConnectorError, type HttpRequest } from '@headwater/core';
import { rateBudget, type RateBudgetOptions } from '../../../src/http/policies/rate-budget.ts';
import { movingWindow, tokenBucket } from '../../../src/http/rate/limits.ts';
import { memoryRateStore } from '../../../src/http/rate/memory-store.ts';
import { answerTo, randomFrom, requestTo, senderOf, settled, traffic } from './rate-budget-setup.ts';

const many = (count: number, send: (index: number) => unknown): void => {
  for (let index = 0; index < count; index++) void send(index);
};

test('never sends more than the limit in any window', async () => {
  const limit = movingWindow({ limit: 20, windowMs: 1000 });
  const { clock, send, times } = traffic({ rules: [{ limits: [limit] }] });
  const random = randomFrom(7);
  let asked = 0;
  while (asked < 2000) {
    const burst = Math.min(2000 - asked, Math.floor(random() ** 3 * 60));
    asked += burst;
    many(burst, (index) => send(requestTo(`/${index}`)));
    await clock.advance(Math.floor(random() * 700));
  }
  await clock.advance(100_000);

  const sent = times();
  expect(sent).toHaveLength(2000);
  const spans = sent.slice(20).map((at, index) => at - sent[index]!);
  expect(Math.min(...spans)).toBe(1000);
});

test('lets a burst through and then keeps the pace', async () => {
  const { clock, send, times } = traffic({ rules: [{ limits: [tokenBucket({ capacity: 3, refillPerSecond: 2 })] }] });
  many(6, (index) => send(requestTo(`/${index}`)));
  await clock.advance(1200);
  expect(times()).toEqual([0, 0, 0, 500, 1000]);

  await clock.advance(60_000);
  many(5, (index) => send(requestTo(`/later/${index}`)));
  await clock.advance(400);
  expect(times().slice(5)).toEqual([1500, 61_200, 61_200, 61_200]);
});

test('never gives out more than a bucket refills', async () => {
  const { clock, send, sent } = traffic({
    rules: [
      { limits: [tokenBucket({ capacity: 5, refillPerSecond: 0.7 })], weight: ({ url }) => Number(url.slice(-1)) },
    ],
  });
  const random = randomFrom(11);
  for (let index = 0; index < 120; index++) {
    void send(requestTo(`/${Math.floor(random() * 6)}`));
    await clock.advance(Math.floor(random() * 2000));
  }
  await clock.advance(1_000_000);

  expect(sent).toHaveLength(120);
  for (const [first, { at: from }] of sent.entries()) {
    let weight = 0;
    for (const { at, request } of sent.slice(first)) {
      weight += Number(request.url.slice(-1));
      expect(weight).toBeLessThanOrEqual(5 + ((at - from) / 1000) * 0.7 + 0.001);
    }
  }
});

test('counts a request by its weight', async () => {
  const { clock, send, times } = traffic({
    rules: [
      { limits: [movingWindow({ limit: 10, windowMs: 1000 })], weight: ({ url }) => Number(url.split('/').at(-1)) },
    ],
  });
  for (const weight of [6, 4, 0, 5, 5, 10]) void send(requestTo(`/${weight}`));
  await clock.advance(5000);

  expect(times()).toEqual([0, 0, 0, 1000, 1000, 2000]);
});

test('keeps all limits of a rule', async () => {
  const { clock, send, times } = traffic({
    rules: [{ limits: [movingWindow({ limit: 2, windowMs: 100 }), movingWindow({ limit: 3, windowMs: 1000 })] }],
  });
  many(7, (index) => send(requestTo(`/${index}`)));
  await clock.advance(3000);

  expect(times()).toEqual([0, 0, 100, 1000, 1000, 1100, 2000]);
});

test('applies every rule that fits and takes nothing from one while another refuses', async () => {
  const { clock, send, sent } = traffic({
    rules: [
      { match: { url: '/search' }, limits: [movingWindow({ limit: 1, windowMs: 1000 })] },
      { limits: [movingWindow({ limit: 4, windowMs: 10_000 })] },
    ],
  });
  for (const path of ['/search/1', '/search/2', '/a', '/b', '/c']) void send(requestTo(path));
  await clock.advance(999);
  expect(sent.map(({ request }) => new URL(request.url).pathname)).toEqual(['/search/1', '/a', '/b', '/c']);

  await clock.advance(9000);
  expect(sent).toHaveLength(4);
  await clock.advance(1);
  expect(sent.at(-1)).toMatchObject({ at: 10_000, request: { url: 'https://api.example.com/search/2' } });
});

test('has no more requests under way than allowed', async () => {
  const open: (() => void)[] = [];
  const { send, sent } = traffic({ rules: [{ concurrency: 3 }] }, async (request) => {
    await new Promise<void>((resolve) => open.push(resolve));
    if (request.url.endsWith('4')) throw new Error('lost');
    return answerTo(request);
  });
  const results = Array.from({ length: 10 }, (_, index) => send(requestTo(`/${index}`)).catch(String));
  let served = 0;
  while (served < 10) {
    await settled();
    expect(open.length).toBe(Math.min(3, 10 - served));
    open.splice(served % open.length, 1)[0]!();
    served += 1;
  }

  expect(sent).toHaveLength(10);
  expect((await Promise.all(results))[4]).toBe('Error: lost');
});

test('forgets a lease that nobody ended', async () => {
  const never = new Promise<never>(() => {});
  const { clock, send, times } = traffic({ rules: [{ concurrency: 1 }], lease: 60_000 }, () => never);
  many(2, (index) => send(requestTo(`/${index}`)));
  await clock.advance(59_999);
  expect(times()).toEqual([0]);

  await clock.advance(1);
  expect(times()).toEqual([0, 60_000]);
});

test('counts each key apart', async () => {
  const { clock, send, sent } = traffic({
    rules: [{ limits: [movingWindow({ limit: 1, windowMs: 1000 })], key: ({ headers }) => headers['x-tenant'] ?? '' }],
  });
  for (const tenant of ['a', 'a', 'b', 'a', 'c']) void send(requestTo('/x', { headers: { 'x-tenant': tenant } }));
  await clock.advance(2500);

  expect(sent.map(({ at, request }) => [request.headers['x-tenant'], at])).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', 0],
    ['a', 1000],
    ['a', 2000],
  ]);
});

test('forgets no counter that is in use among thousands', async () => {
  const store = memoryRateStore();
  const limits = [movingWindow({ limit: 1, windowMs: 10_000 })];
  const all = { key: 'all', weight: 1, limits: [movingWindow({ limit: 5000, windowMs: 10_000 })] };
  const take = (index: number, now: number) => store.take([{ key: `tenant ${index}`, weight: 1, limits }, all], now);
  for (let index = 0; index < 5000; index++) expect(await take(index, 1000 + index)).toMatchObject({ ok: true });

  for (let index = 0; index < 5000; index++) {
    expect(await store.take([{ key: `tenant ${index}`, weight: 1, limits }], 7000)).toMatchObject({ ok: false });
  }
  expect(await take(5000, 7000)).toEqual({ ok: false, retryAt: 11_000, keys: ['all'], reason: 'limit' });
  expect(await take(0, 11_000)).toMatchObject({ ok: true });
});

test('opens a window to the millisecond', async () => {
  const store = memoryRateStore();
  const claims = [{ key: 'a', weight: 1, limits: [movingWindow({ limit: 1, windowMs: 1000 })] }];
  await store.take(claims, 5000);

  expect(await store.take(claims, 5999)).toEqual({ ok: false, retryAt: 6000, keys: ['a'], reason: 'limit' });
  expect(await store.take(claims, 6000)).toMatchObject({ ok: true });
});

test('shares the counters of one store between policies', async () => {
  const store = memoryRateStore();
  const limits = [movingWindow({ limit: 1, windowMs: 1000 })];
  const one = traffic({ rules: [{ limits }], store });
  const other = traffic({ rules: [{ limits }], store });
  await one.send(requestTo('/1'));
  void other.send(requestTo('/2'));
  await other.clock.advance(999);
  expect(other.sent).toHaveLength(0);
  await other.clock.advance(1);
  expect(other.sent).toHaveLength(1);
});

test('sends what no rule fits without counting it', async () => {
  const { send, sent } = traffic({
    rules: [{ match: { method: 'post' }, limits: [movingWindow({ limit: 1, windowMs: 1000 })] }],
  });
  await Promise.all(Array.from({ length: 50 }, () => send(requestTo('/x'))));

  expect(sent).toHaveLength(50);
});

test.each<[string, NonNullable<RateBudgetOptions['rules']>[number]['match'] & {}, boolean]>([
  ['a method in another case', { method: 'get' }, true],
  ['one of several methods', { method: ['POST', 'GET'] }, true],
  ['another method', { method: ['POST', 'PUT'] }, false],
  ['the beginning of the address', { url: 'https://api.example.com/v3/' }, true],
  ['another host', { url: 'https://other.example.com/v3/' }, false],
  ['the beginning of the path', { url: '/v3/search?q' }, true],
  ['another path', { url: '/search' }, false],
  ['an expression', { url: /\/v\d\/search\b/ }, true],
  ['an expression that does not fit', { url: /\/v\d\/find/ }, false],
  ['a pattern object', { url: { test: (url: string) => url.endsWith('q=1') } }, true],
  ['a header', { headers: { 'X-Tier': 'gold' } }, true],
  ['a header by expression', { headers: { 'x-tier': /^g/ } }, true],
  ['another header value', { headers: { 'x-tier': 'silver' } }, false],
  ['a header that is not there', { headers: { 'x-none': /^/ } }, false],
  ['all at once', { method: 'GET', url: '/v3', headers: { 'x-tier': 'silver' } }, false],
])('matches by %s', async (_name, match, fits) => {
  const { clock, send, sent } = traffic({ rules: [{ match, limits: [movingWindow({ limit: 1, windowMs: 1000 })] }] });
  many(2, () => send(requestTo('/v3/search?q=1', { headers: { 'x-tier': 'gold' } })));
  await clock.advance(0);

  expect(sent).toHaveLength(fits ? 1 : 2);
});

test('finds a sticky expression at every call', async () => {
  const match = { url: /search/g };
  const { clock, send, sent } = traffic({ rules: [{ match, limits: [movingWindow({ limit: 1, windowMs: 1000 })] }] });
  many(3, () => send(requestTo('/search')));
  await clock.advance(0);

  expect(sent).toHaveLength(1);
});

test.each([
  ['a capacity of 0', () => tokenBucket({ capacity: 0, refillPerSecond: 1 }), /tokenBucket: capacity is 0\./],
  ['no refill', () => tokenBucket({ capacity: 1, refillPerSecond: Number.NaN }), /refillPerSecond is NaN/],
  ['a negative limit', () => movingWindow({ limit: -1, windowMs: 1 }), /movingWindow: limit is -1/],
  ['an endless window', () => movingWindow({ limit: 1, windowMs: Infinity }), /windowMs is Infinity/],
  [
    'a limit made by hand',
    () => rateBudget({ rules: [{}, { limits: [{ kind: 'token-bucket', capacity: 1, refillPerSecond: 0 }] }] }),
    /rateBudget\.rules\[1\]\.limits\[0\]: refillPerSecond is 0/,
  ],
  ['half a request at once', () => rateBudget({ rules: [{ concurrency: 0.5 }] }), /rules\[0\]\.concurrency is 0\.5/],
  ['two rules of a name', () => rateBudget({ rules: [{ name: '2' }, {}] }), /rules\[1\]\.name: "2" is taken/],
  ['a negative wait', () => rateBudget({ maxWait: -1 }), /maxWait is -1/],
])('refuses %s when the policy is made', (_name, make, message) => {
  expect(make).toThrow(ConnectorError);
  expect(make).toThrow(message);
});

test.each([
  [
    'bucket',
    tokenBucket({ capacity: 10, refillPerSecond: 1 }),
    /has weight 20, more than a tokenBucket with capacity 10/,
  ],
  ['window', movingWindow({ limit: 5, windowMs: 1000 }), /has weight 20, more than a movingWindow with limit 5/],
])('refuses a request heavier than the %s', async (_name, limit, message) => {
  const weight = ({ url }: HttpRequest) => (url.endsWith('heavy') ? 20 : 1);
  const { send, sent } = traffic({ rules: [{ limits: [limit], weight }] });
  await send(requestTo('/light'));
  const failed = send(requestTo('/heavy', { sender: senderOf('issues') }));

  await expect(failed).rejects.toThrow(ConnectorError);
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.toThrow('GET https://api.example.com/heavy (stream "issues", slice {"n":1})');
  expect(sent).toHaveLength(1);
});

test('refuses a weight that is no number', async () => {
  const { send } = traffic({ rules: [{ weight: () => Number.NaN }] });

  await expect(send(requestTo('/x'))).rejects.toThrow(/rules\[0\]\.weight of GET .* is NaN/);
});

test('goes on after a clock that is set back', async () => {
  const store = memoryRateStore();
  const claims = [
    {
      key: 'a',
      weight: 1,
      limits: [movingWindow({ limit: 1, windowMs: 1000 }), tokenBucket({ capacity: 1, refillPerSecond: 1 })],
    },
  ];
  await store.take(claims, 1_000_000);

  expect(await store.take(claims, 500_000)).toMatchObject({ ok: false, retryAt: 501_000 });
  expect(await store.take(claims, 501_000)).toMatchObject({ ok: true });
});
