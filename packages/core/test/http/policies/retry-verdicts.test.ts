import { expect, test } from '@jest/globals';
import { createClient, type HttpRequest, type RetryOptions, type Policy } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { quickClock } from '../quick.ts';

const setUp = async (options: RetryOptions = {}, authenticator?: Policy) => {
  const api = await mockApi();
  const clock = quickClock();
  const limits: Date[] = [];
  const read: number[] = [];
  const client = createClient({ retry: { clock, backoff: (attempt) => attempt, ...options }, authenticator });
  const send = (sender: HttpRequest['sender'] = {}) =>
    client({
      method: 'GET',
      url: `${api.url}/x`,
      headers: {},
      sender: {
        throttled: (until) => void limits.push(until),
        read: async ({ status }) => void read.push(status),
        ...sender,
      },
    });
  return { api, clock, send, limits, read, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
};

const NEVER_MIND = { verdict: 'ignore' } as const;

test.each([
  ['its status', { status: 404, ...NEVER_MIND }],
  ['one of its statuses', { status: [410, 404], ...NEVER_MIND }],
  ['a header that is there', { header: { name: 'X-Kind' }, ...NEVER_MIND }],
  ['the value of a header', { header: { name: 'x-kind', value: 'empty' }, ...NEVER_MIND }],
  ['a pattern of a header', { header: { name: 'x-kind', value: /^em/g }, ...NEVER_MIND }],
  ['a text in the body', { text: 'no rows', ...NEVER_MIND }],
  ['a pattern of the body', { text: /NO ROWS/i, ...NEVER_MIND }],
  ['a predicate', { when: ({ status }: { status: number }) => status === 404, ...NEVER_MIND }],
  ['all of these', { status: 404, header: { name: 'x-kind' }, text: 'no', when: () => true, ...NEVER_MIND }],
])('finds an answer by %s, and hands an ignored one on unread', async (_name, rule) => {
  await using it = await setUp({ rules: [rule] });
  it.api.reply(404, { error: 'no rows' }, { 'x-kind': 'empty' });

  expect((await it.send()).status).toBe(404);
  expect(it.read).toEqual([]);
  expect(it.api.requests).toHaveLength(1);
});

test.each([
  ['another status', { status: 410, ...NEVER_MIND }],
  ['a header that is not there', { header: { name: 'x-other' }, ...NEVER_MIND }],
  ['a part of a header', { header: { name: 'x-kind', value: 'emp' }, ...NEVER_MIND }],
  ['another text', { status: 404, text: 'no columns', ...NEVER_MIND }],
  ['a predicate that does not hold', { status: 404, when: () => false, ...NEVER_MIND }],
])('passes a rule by for %s', async (_name, rule) => {
  await using it = await setUp({ rules: [rule] });
  it.api.reply(404, { error: 'no rows' }, { 'x-kind': 'empty' });

  await expect(it.send()).rejects.toMatchObject({ status: 404, failureType: 'system_error' });
});

test('lets the first rule that matches decide, before the stream and the table', async () => {
  const rules = [
    { status: 503, text: 'for ever', verdict: 'fail', failureType: 'config_error', message: 'Choose another plan.' },
    { status: 503, verdict: 'ignore' },
  ] as const;
  await using it = await setUp({ rules });
  it.api.reply(503, 'gone for ever').reply(503, 'gone');

  await expect(it.send({ shouldRetry: () => true })).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/503 Service Unavailable: "gone for ever"\. Choose another plan\.$/),
  });
  expect((await it.send({ shouldRetry: () => true })).status).toBe(503);
});

test('has a 200 sent again when a rule says so, and names it transient in the end', async () => {
  await using it = await setUp({ attempts: 3, rules: [{ status: 200, text: 'try later', verdict: 'retry' }] });
  it.api.on('GET /x', { body: 'try later' });

  await expect(it.send()).rejects.toMatchObject({ status: 200, failureType: 'transient_error' });
  expect(it.api.requests).toHaveLength(3);
});

test('asks once for a new credential, at once, and then fails', async () => {
  const seen: (boolean | undefined)[] = [];
  const renewing: Policy = (next) => (request) => {
    seen.push(request.newCredential);
    const token = request.newCredential ? 'new' : 'old';
    return next({ ...request, headers: { ...request.headers, authorization: token } });
  };
  await using it = await setUp({ rules: [{ status: 401, verdict: 'refresh-token' }] }, renewing);
  it.api.reply(401).reply(200).reply(401).reply(401);

  expect((await it.send()).status).toBe(200);
  expect(it.api.requests.map(({ headers }) => headers['authorization'])).toEqual(['old', 'new']);
  await expect(it.send()).rejects.toMatchObject({ status: 401, failureType: 'config_error' });
  expect(seen).toEqual([undefined, true, undefined, true]);
  expect(it.clock.waits).toEqual([]);
});

test('takes a 403 without any quota left for a rate limit', async () => {
  await using it = await setUp();
  it.api.reply(403, {}, { 'x-ratelimit-remaining': '0', 'retry-after': 3 }).reply(200).reply(403, {});

  expect((await it.send()).status).toBe(200);
  expect(it.clock.waits).toEqual([3000]);
  await expect(it.send()).rejects.toMatchObject({ failureType: 'config_error' });
});

test.each([
  ['ratelimit-reset', '20', 20_000],
  ['x-ratelimit-reset', '2.5', 2500],
  ['x-rate-limit-reset', '40', 40_000],
  ['x-ratelimit-reset', String(Date.parse('2030-01-01T00:00:30Z') / 1000), 31_000],
  ['x-ratelimit-reset', String(Date.parse('2030-01-01T00:00:30Z')), 30_000],
  ['x-ratelimit-reset', String(Date.parse('2029-12-31T00:00:00Z')), 1],
])('waits as %s: %s says, by the clock of the API', async (name, value, wait) => {
  await using it = await setUp();
  it.api.reply(429, {}, { [name]: value, date: 'Tue, 01 Jan 2030 00:00:00 GMT' }).reply(200);

  await it.send();

  expect(it.clock.waits).toEqual([wait]);
  expect(it.limits).toHaveLength(1);
});

test('does not take the reset of a quota for a wait when there is no rate limit', async () => {
  await using it = await setUp();
  it.api.reply(503, {}, { 'x-ratelimit-reset': 20 }).reply(200);

  await it.send();

  expect(it.clock.waits).toEqual([1]);
});

test.each([
  [{ name: 'X-Retry-In' }, '4', 4000],
  [{ name: 'x-retry-in', unit: 'milliseconds' }, '250', 250],
  [{ name: 'x-retry-in', pattern: /in (\d+) seconds/g }, 'again in 8 seconds', 8000],
  [{ name: 'x-retry-in', unit: 'epoch-seconds' }, String(Date.parse('2030-01-01T00:01:00Z') / 1000), 60_000],
  [{ name: 'x-retry-in', unit: 'epoch-milliseconds' }, String(Date.parse('2030-01-01T00:00:01Z')), 1000],
  [{ name: 'x-retry-in' }, 'a while', 7000],
  [{ name: 'x-retry-in', pattern: /after (\d+)/ }, '4', 7000],
  [{ name: 'x-other' }, '4', 7000],
] as const)('reads the wait from a header of the API by %j: %s', async (header, value, wait) => {
  await using it = await setUp({ waitHeaders: [header] });
  const headers = { 'x-retry-in': value, 'retry-after': 7, date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
  it.api.reply(503, {}, headers).reply(200);

  await it.send();

  expect(it.clock.waits).toEqual([wait]);
});

test('names a wait header whose pattern captures nothing', async () => {
  await using it = await setUp({ waitHeaders: [{ name: 'x-retry-in', pattern: /\d+/ }] });
  it.api.reply(503, {}, { 'x-retry-in': 4 });

  await expect(it.send()).rejects.toThrow('The pattern /\\d+/ of the wait header "x-retry-in" has no group.');
});

test('does not count attempts for waits of a rate limit, but their time', async () => {
  await using it = await setUp({ attempts: 2, rateLimitTime: 60_000 });
  it.api.on('GET /x', { status: 429, headers: { 'retry-after': 6 } });

  await expect(it.send()).rejects.toMatchObject({
    code: 'HEADWATER_RATE_LIMIT',
    message: expect.stringContaining('limited this one request for 60 s in all (retry.rateLimitTime)'),
  });
  expect(it.clock.waits).toEqual(Array.from({ length: 10 }, () => 6000));
  expect(it.limits).toHaveLength(10);
});

test('ends a rate limit that always asks for no wait at all', async () => {
  await using it = await setUp({ attempts: 3 });
  it.api.on('GET /x', { status: 429, headers: { 'retry-after': 0 } });

  await expect(it.send()).rejects.toMatchObject({ code: 'HEADWATER_RATE_LIMIT' });
  expect(it.api.requests).toHaveLength(3);
});

test('begins no attempt after the total time', async () => {
  let now = 0;
  const clock = {
    now: () => now,
    async sleep(milliseconds: number) {
      now += milliseconds;
    },
  };
  await using it = await setUp({ attempts: 100, totalTime: 50_000, backoff: () => 20_000, clock });
  it.api.reply(429, {}, { 'retry-after': 300 }).reply(500).reply(500).reply(500);

  await expect(it.send()).rejects.toThrow(/was answered 3 times with 500/);
  expect(it.api.requests).toHaveLength(4);
});
