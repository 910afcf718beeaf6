import { expect, test } from '@jest/globals';
import { RateLimitError, type HttpHeaders } from '@headwater/core';
import { silentLogger } from '../../../src/output/logger.ts';
import { movingWindow, tokenBucket } from '../../../src/http/rate/limits.ts';
import { memoryRateStore } from '../../../src/http/rate/memory-store.ts';
import type { RateBudgetOptions } from '../../../src/http/policies/rate-budget.ts';
import { answerTo, requestTo, senderOf, traffic } from './rate-budget-setup.ts';

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1000;

/** A budget in front of an API whose first answer is the given one and all others are plain. */
const afterAnswer = (headers: HttpHeaders, status = 200, options: RateBudgetOptions = {}) => {
  let answers = 0;
  return traffic(options, (request) => answerTo(request, answers++ === 0 ? { status, headers } : {}));
};

const waitAfter = async (headers: HttpHeaders, status = 200, options: RateBudgetOptions = {}): Promise<number> => {
  const { clock, send, times } = afterAnswer(headers, status, options);
  await send(requestTo('/1'));
  void send(requestTo('/2'));
  await clock.advance(600_000);
  return times()[1] ?? Number.NaN;
};

test.each<[string, HttpHeaders, number]>([
  ['the list form', { ratelimit: '"default";r=0;t=30' }, 30_000],
  ['the list form with two quotas, one spent', { ratelimit: '"a, b";r=5;t=9, "day";r=0;t=40' }, 40_000],
  ['the list form with a token for a name', { ratelimit: 'burst;r=0;t=3' }, 3000],
  ['the window where the list has no t', { ratelimit: '"m";r=0', 'ratelimit-policy': '"m";q=10;w=60' }, 60_000],
  ['the list form with some left', { ratelimit: '"default";r=1;t=30' }, 0],
  ['the dictionary form', { ratelimit: 'limit=100, remaining=0, reset=50' }, 50_000],
  ['the three headers', { 'ratelimit-limit': '5', 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }, 7000],
  ['X-RateLimit with a delta', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' }, 12_000],
  ['X-RateLimit in seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${SECONDS + 20}` }, 20_000],
  ['X-RateLimit in milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW + 1500}` }, 1500],
  ['X-RateLimit with a fraction', { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': `${SECONDS + 2}.25` }, 2250],
  ['X-RateLimit with an ISO date', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-01-01T00:01Z' }, 60_000],
  ['X-RateLimit-Reset-After', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5' }, 1500],
  ['X-Rate-Limit', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': `${SECONDS + 4}` }, 4000],
  ['an HTTP date', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': new Date(NOW + 5000).toUTCString() }, 5000],
  ['headers sent twice', { 'x-ratelimit-remaining': '7, 0', 'x-ratelimit-reset': '3, 8' }, 8000],
  ['less than nothing left', { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '3' }, 3000],
  ['Retry-After beside nothing left', { 'x-ratelimit-remaining': '0', 'retry-after': '6' }, 6000],
  ['one left', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '12' }, 0],
  ['a reset in the past', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${SECONDS - 20}` }, 0],
  ['no reset', { 'x-ratelimit-remaining': '0' }, 0],
  ['a remaining that is no number', { 'x-ratelimit-remaining': 'none', 'x-ratelimit-reset': '12' }, 0],
  ['a reset that is no time', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, 0],
  ['the list form with a quote that is not closed', { ratelimit: '"default;r=0;t=30' }, 30_000],
  ['quotes and signs without sense', { ratelimit: '";;=,"=;r=,t' }, 0],
  ['an empty header', { ratelimit: '', 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '' }, 0],
  ['Retry-After alone', { 'retry-after': '6' }, 0],
])('reads %s', async (_name, headers, wait) => {
  expect(await waitAfter(headers)).toBe(wait);
});

test.each<[string, HttpHeaders, number]>([
  ['Retry-After', { 'retry-after': '6' }, 6000],
  ['a reset without a remaining', { 'x-ratelimit-reset': '9' }, 9000],
  ['the longest of what it says', { 'retry-after': '2', ratelimit: '"day";r=0;t=11' }, 11_000],
  ['no reset of a quota with some left', { 'x-ratelimit-remaining': '4', 'x-ratelimit-reset': '9' }, 0],
])('holds after a 429 for %s', async (_name, headers, wait) => {
  expect(await waitAfter(headers, 429)).toBe(wait);
});

test.each([-86_400_000, 86_400_000])('takes the clock of the API to be off by %i ms', async (skew) => {
  const date = new Date(NOW + skew).toUTCString();
  const reset = String((NOW + skew) / 1000 + 45);

  expect(await waitAfter({ date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })).toBe(45_000);
  expect(await waitAfter({ date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '45' })).toBe(45_000);
});

test('reads headers of other names in their unit', async () => {
  const headers = { 'x-left': '0', 'x-fresh': '2500' };

  expect(await waitAfter(headers)).toBe(0);
  const quotaHeaders = [{ remaining: 'X-Left', reset: 'X-Fresh', unit: 'milliseconds' }] as const;
  expect(await waitAfter(headers, 200, { quotaHeaders })).toBe(2500);
});

test('holds nothing when told not to learn', async () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' };

  expect(await waitAfter(headers, 429, { learn: false })).toBe(0);
  expect(await waitAfter(headers, 429, { rules: [{ learn: false }] })).toBe(0);
});

test('uses up the bucket after a 429 that says nothing', async () => {
  const limits = [tokenBucket({ capacity: 100, refillPerSecond: 0.5 })];

  expect(await waitAfter({}, 503, { rules: [{ limits }] })).toBe(0);
  expect(await waitAfter({}, 429, { rules: [{ limits }] })).toBe(2000);
});

test('closes the window after a 429 until its oldest request leaves it', async () => {
  let status = 200;
  const { clock, send, times } = traffic(
    { rules: [{ limits: [movingWindow({ limit: 50, windowMs: 60_000 })] }] },
    (request) => answerTo(request, { status }),
  );
  await send(requestTo('/1'));
  await clock.advance(10_000);
  status = 429;
  await send(requestTo('/2'));
  void send(requestTo('/3'));
  await clock.advance(100_000);

  expect(times()).toEqual([0, 10_000, 60_000]);
});

test('opens the window when the 429 says, not when it is empty', async () => {
  const limits = [movingWindow({ limit: 50, windowMs: 3_600_000 })];

  expect(await waitAfter({ 'retry-after': '30' }, 429, { rules: [{ limits }] })).toBe(30_000);
});

test('holds the first rule that fits and leaves the wider ones open', async () => {
  const { clock, send, sent } = afterAnswer({ ratelimit: '"search";r=0;t=60' }, 200, {
    rules: [{ match: { url: '/search' } }, {}],
  });
  await send(requestTo('/search/1'));
  void send(requestTo('/search/2'));
  void send(requestTo('/other'));
  await clock.advance(59_999);
  expect(sent.map(({ request }) => new URL(request.url).pathname)).toEqual(['/search/1', '/other']);

  await clock.advance(1);
  expect(sent).toHaveLength(3);
});

test('holds every rule that is told to learn', async () => {
  const { clock, send, sent } = afterAnswer({ ratelimit: '"all";r=0;t=60' }, 200, {
    rules: [{ match: { url: '/search' } }, { learn: true }],
  });
  await send(requestTo('/search/1'));
  void send(requestTo('/other'));
  await clock.advance(59_999);

  expect(sent).toHaveLength(1);
});

test('holds only the key that spent its quota', async () => {
  const { clock, send, sent } = afterAnswer({ ratelimit: '"all";r=0;t=60' }, 200, {
    rules: [{ key: ({ headers }) => headers['x-tenant'] ?? '' }],
  });
  await send(requestTo('/1', { headers: { 'x-tenant': 'a' } }));
  void send(requestTo('/2', { headers: { 'x-tenant': 'a' } }));
  void send(requestTo('/3', { headers: { 'x-tenant': 'b' } }));
  await clock.advance(1000);

  expect(sent.map(({ request }) => new URL(request.url).pathname)).toEqual(['/1', '/3']);
});

test('never shortens a hold by a later answer', async () => {
  const answers = ['60', '5'];
  const { clock, send, times } = traffic({}, (request) =>
    answerTo(request, { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': answers.shift() ?? '0' } }),
  );
  await Promise.all([send(requestTo('/1')), send(requestTo('/2'))]);
  void send(requestTo('/3'));
  await clock.advance(60_000);

  expect(times()).toEqual([0, 0, 60_000]);
});

test('fails with the request and the reset when the hold is longer than maxWait', async () => {
  const { clock, send, sent } = afterAnswer({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' });
  await send(requestTo('/1'));
  const failed = send(requestTo('/2', { sender: senderOf('issues') }));

  await expect(failed).rejects.toThrow(RateLimitError);
  await expect(failed).rejects.toThrow(
    'GET https://api.example.com/2 (stream "issues", slice {"n":1}): the API says its quota is spent until ' +
      '2026-01-01T01:00:00.000Z, in 3600 s, longer than the 600 s allowed (rateBudget.maxWait, rule 1).',
  );
  expect(sent).toHaveLength(1);
  expect(clock.sleeping).toBe(0);

  await clock.advance(3_000_000);
  void send(requestTo('/3'));
  await clock.advance(600_000);
  expect(sent.at(-1)).toMatchObject({ at: 3_600_000, request: { url: 'https://api.example.com/3' } });
});

test('fails all who wait already when a hold is too long for them', async () => {
  let answer = () => {};
  const { send, sent } = traffic({ rules: [{ concurrency: 1 }], maxWait: 1000 }, async (request) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return answerTo(request, { status: 429, headers: { 'retry-after': '2' } });
  });
  const first = send(requestTo('/1'));
  const waiting = [2, 3, 4].map((number) => send(requestTo(`/${number}`)));
  const outcomes = Promise.allSettled(waiting);
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  answer();
  await first;

  expect((await outcomes).map((one) => one.status === 'rejected' && one.reason instanceof RateLimitError)).toEqual([
    true,
    true,
    true,
  ]);
});

test('tells each stream once until when it is held', async () => {
  const { clock, send } = afterAnswer({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' });
  const told: string[] = [];
  const senderFor = (stream: string) =>
    senderOf(stream, {
      log: { ...silentLogger, info: (line) => told.push(line) },
      throttled: (until) => told.push(`${stream} ${until.toISOString()}`),
    });
  await send(requestTo('/1'));
  for (const stream of ['a', 'a', 'b', 'a']) void send(requestTo('/x', { sender: senderFor(stream) }));
  await clock.advance(29_000);
  void send(requestTo('/x', { sender: senderFor('b') }));
  await clock.advance(2000);

  expect(told.filter((line) => !line.startsWith('GET'))).toEqual([
    'a 2026-01-01T00:00:30.000Z',
    'b 2026-01-01T00:00:30.000Z',
  ]);
  expect(told[0]).toBe(
    'GET https://api.example.com/x (stream "a", slice {"n":1}) waits until 2026-01-01T00:00:30.000Z: ' +
      'the API says its quota is spent (rule 1).',
  );
});

test('logs long pacing once and does not call it throttling', async () => {
  const { clock, send } = traffic({
    rules: [{ name: 'search', limits: [movingWindow({ limit: 1, windowMs: 4000 })] }],
  });
  const told: string[] = [];
  const sender = senderOf('a', {
    log: { ...silentLogger, info: (line) => told.push(line) },
    throttled: () => told.push('throttled'),
  });
  for (let number = 1; number <= 9; number++) void send(requestTo(`/${number}`, { sender }));
  await clock.advance(60_000);

  expect(told).toEqual([
    'GET https://api.example.com/4 (stream "a", slice {"n":1}) waits 12 s for its turn in the rate budget ' +
      '(rule search, 6 waiting).',
  ]);
});

test('keeps an answer whose quota the store could not note', async () => {
  const warnings: string[] = [];
  const broken = async () => {
    throw new Error('away');
  };
  const { send } = afterAnswer({ 'retry-after': '3' }, 429, {
    rules: [{ concurrency: 1 }],
    store: { ...memoryRateStore(), hold: broken, drain: broken, release: broken },
  });
  const sender = senderOf('a', { log: { ...silentLogger, warn: (line) => warnings.push(line) } });

  expect(await send(requestTo('/1', { sender }))).toMatchObject({ status: 429 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([
    expect.stringContaining('did not take note of a spent quota: Error: away'),
    expect.stringContaining('did not end a lease: Error: away'),
  ]);
});
