import { expect, test } from '@jest/globals';
import {
  ConfigError,
  MultipleTokenAuthenticator,
  RateLimitError,
  type HttpRequest,
  type Sender,
} from '@headwater/core';
import { mockApi, type Reply } from '@headwater/testing';
import { redact } from '../../src/output/redact.ts';
import { keptLog } from '../http/log.ts';
import { clientWith, get, handClock } from './setup.ts';

const NAMES = ['token-aaa', 'token-bbb', 'token-ccc'] as const;

interface Quota {
  left: number;
  /** Milliseconds since the epoch. */
  reset: number;
}

/** An API where each token has a quota of its own, told in the usual headers; `hourly` says what is new after a reset. */
const quotaApi = async (quotas: Readonly<Record<string, Quota | 'refused'>>, clock = handClock()) => {
  const api = await mockApi();
  const used: string[] = [];
  api.on('GET /a', ({ headers }): Reply => {
    const token = (headers.authorization ?? '').slice('Bearer '.length);
    used.push(token);
    const quota = quotas[token];
    if (quota === undefined || quota === 'refused') return { status: 401, body: { message: 'bad credentials' } };
    if (clock.now() >= quota.reset) Object.assign(quota, { left: 2, reset: clock.now() + 3_600_000 });
    const spent = quota.left === 0;
    if (!spent) quota.left--;
    return {
      status: spent ? 403 : 200,
      headers: {
        date: new Date(clock.now()).toUTCString(),
        'x-ratelimit-remaining': quota.left,
        'x-ratelimit-reset': Math.ceil(quota.reset / 1000),
      },
      body: token,
    };
  });
  const told: Date[] = [];
  const log = keptLog();
  const sender = (): Sender => ({ log, throttled: (until) => void told.push(until) });
  const ask = (): HttpRequest => get(`${api.url}/a`, { sender: sender() });
  const tokens = Object.keys(quotas);
  const send = clientWith(new MultipleTokenAuthenticator({ tokens, clock }), { retry: { clock, attempts: 2 } });
  return { clock, used, told, lines: log.lines, ask, send, api, [Symbol.asyncDispose]: () => api.close() };
};

const full = (left: number, hours = 1): Quota => ({ left, reset: Date.UTC(2026, 0, 1, hours) });

test('takes turns while nothing is known of any quota', async () => {
  await using api = await mockApi();
  api.on('GET /a', ({ headers }) => ({ body: headers.authorization }));
  const send = clientWith(new MultipleTokenAuthenticator(NAMES));

  for (let count = 0; count < 6; count++) await send(get(`${api.url}/a`));

  const sent = api.requests.map(({ headers }) => headers.authorization);
  expect(sent).toEqual([...NAMES, ...NAMES].map((token) => `Bearer ${token}`));
});

test('takes the token with most left', async () => {
  await using api = await quotaApi({ 'token-aaa': full(3), 'token-bbb': full(9), 'token-ccc': full(5) });

  for (let count = 0; count < 3; count++) await api.send(api.ask());
  const learnt = api.used.length;
  for (let count = 0; count < 10; count++) await api.send(api.ask());

  // Each is asked once before its quota is known, then 8, 4 and 2 are left.
  const later = api.used.slice(learnt);
  expect(later.slice(0, 4)).toEqual(['token-bbb', 'token-bbb', 'token-bbb', 'token-bbb']);
  expect(later.filter((token) => token === 'token-aaa').length).toBeLessThanOrEqual(1);
  expect(api.clock.waits).toEqual([]);
});

test('counts requests under way against what is left', async () => {
  await using api = await quotaApi({ 'token-aaa': full(4), 'token-bbb': full(4) });
  await api.send(api.ask());
  await api.send(api.ask());

  await Promise.all(Array.from({ length: 6 }, () => api.send(api.ask())));

  expect(api.used).toHaveLength(8);
  expect(api.used.filter((token) => token === 'token-aaa')).toHaveLength(4);
});

test('sends a limited request again with another token at once', async () => {
  await using api = await quotaApi({ 'token-aaa': full(0), 'token-bbb': full(5) });

  await api.send(api.ask());
  await api.send(api.ask());

  expect(api.used).toEqual(['token-aaa', 'token-bbb', 'token-bbb']);
  expect(api.clock.waits).toEqual([]);
});

test('waits for the earliest reset only when all are spent, and says so', async () => {
  await using api = await quotaApi({ 'token-aaa': full(1, 3), 'token-bbb': full(1, 1), 'token-ccc': full(1, 2) });
  for (let count = 0; count < 3; count++) await api.send(api.ask());
  expect(api.clock.waits).toEqual([]);

  await api.send(api.ask());

  expect(api.clock.waits).toEqual([3_600_000]);
  expect(api.told).toEqual([new Date(Date.UTC(2026, 0, 1, 1))]);
  expect(api.used).toEqual(['token-aaa', 'token-bbb', 'token-ccc', 'token-bbb']);
  expect(api.lines.join()).toContain('the quotas of all 3 tokens are spent until 2026-01-01T01:00:00.000Z');
});

test('waits when the answers say that all are spent', async () => {
  await using api = await quotaApi({ 'token-aaa': full(0), 'token-bbb': full(0) });

  await api.send(api.ask());

  expect(api.used).toEqual(['token-aaa', 'token-bbb', 'token-aaa']);
  expect(api.clock.waits).toEqual([3_600_000]);
});

test('stops waiting when the request is given up', async () => {
  await using api = await quotaApi({ 'token-aaa': full(0) });
  const send = clientWith(new MultipleTokenAuthenticator(['token-aaa']), { retry: { attempts: 1 } });
  const giveUp = new AbortController();
  const throttled = (): void => giveUp.abort(new Error('not needed any more'));
  const soon = Math.ceil(Date.now() / 1000) + 600;
  api.api.on('GET /a', { status: 429, headers: { 'x-ratelimit-remaining': 0, 'x-ratelimit-reset': soon } });

  const sending = send(get(`${api.api.url}/a`, { signal: giveUp.signal, sender: { throttled } }));

  await expect(sending).rejects.toThrow('not needed any more');
});

test('fails at once for a reset that is too far away', async () => {
  await using api = await quotaApi({ 'token-aaa': full(0, 2) });

  const failed = await api.send(api.ask()).catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(RateLimitError);
  expect(String(failed)).toMatch(/spent until 2026-01-01T02:00:00.000Z, longer than the 3600 s allowed \(maxWait\)/);
  expect(api.clock.waits).toEqual([]);
});

test('lets a token rest that is limited without a word of until when', async () => {
  await using api = await mockApi();
  api.reply(429).reply(200).reply(200).reply(200);
  const clock = handClock();
  const send = clientWith(new MultipleTokenAuthenticator({ tokens: NAMES.slice(0, 2), clock }), { retry: { clock } });

  for (let count = 0; count < 2; count++) await send(get(`${api.url}/a`));
  clock.time += 60_000;
  await send(get(`${api.url}/a`));

  const sent = api.requests.map(({ headers }) => headers.authorization?.slice(-3));
  expect(sent).toEqual(['aaa', 'bbb', 'bbb', 'aaa']);
});

test('drops a refused token with one warning and goes on', async () => {
  await using api = await quotaApi({ 'token-aaa': 'refused', 'token-bbb': full(9), 'token-ccc': 'refused' });

  for (let count = 0; count < 4; count++) await api.send(api.ask());

  expect(api.used).toEqual(['token-aaa', 'token-bbb', 'token-ccc', 'token-bbb', 'token-bbb', 'token-bbb']);
  const warnings = api.lines.filter((line) => line.startsWith('warn'));
  expect(warnings.map((line) => /refuses token \d of 3.* (\d left)/.exec(line)?.[1])).toEqual(['2 left', '1 left']);
  expect(warnings.join()).not.toContain('token-aaa');
});

test('blames the config when no token is left, for every request', async () => {
  await using api = await quotaApi({ 'token-aaa': 'refused', 'token-bbb': 'refused' });

  const first = await api.send(api.ask()).catch((error: unknown) => error);
  const second = await api.send(api.ask()).catch((error: unknown) => error);

  expect(first).toMatchObject({ code: 'HEADWATER_HTTP_STATUS', status: 401, failureType: 'config_error' });
  expect(String(first)).toContain(
    'refuses all 2 tokens, the last one with 401 Unauthorized: "bad credentials". Give valid',
  );
  expect(second).toMatchObject({ failureType: 'config_error' });
  expect(api.used).toHaveLength(2);
});

test('drops the token of a request that a rule calls refused', async () => {
  await using api = await mockApi();
  api.on('GET /a', { status: 418 }, { status: 200 });
  const authenticator = new MultipleTokenAuthenticator(NAMES.slice(0, 2));
  const send = clientWith(authenticator, { retry: { rules: [{ status: 418, verdict: 'refresh-token' }] } });

  for (let count = 0; count < 3; count++) await send(get(`${api.url}/a`));

  expect(api.requests.map(({ headers }) => headers.authorization?.slice(-3))).toEqual(['aaa', 'bbb', 'bbb', 'bbb']);
});

test('needs tokens, and hides them', () => {
  const start = (tokens: readonly string[]) => () =>
    new MultipleTokenAuthenticator(tokens).authenticate(() => Promise.reject());

  expect(start([])).toThrow(ConfigError);
  expect(start(['a-hidden-token', ''])).toThrow(/Token 2 of MultipleTokenAuthenticator is empty/);
  expect(redact('a-hidden-token')).toBe('****');
});
