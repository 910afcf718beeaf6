import { expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { createClient, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { Oauth2Authenticator } from '../../src/auth/oauth2-authenticator.ts';
import { quick } from '../http/quick.ts';
import { virtualClock } from './virtual-clock.ts';

const LIFETIME_MS = 3_600_000;

/** An API and a token endpoint by one clock: refresh tokens can be used once, access tokens until they expire. */
const rotatingApi = async () => {
  const clock = virtualClock();
  const api = await mockApi();
  const ends = new Map([['Bearer access-0', clock.now() + LIFETIME_MS]]);
  const counts = { refreshes: 0, burnt: 0, refused: 0 };
  let valid = 'refresh-0';
  api.on('POST /token', ({ body }) => {
    if (new URLSearchParams(body).get('refresh_token') !== valid) {
      counts.burnt++;
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    const number = ++counts.refreshes;
    valid = `refresh-${number}`;
    ends.set(`Bearer access-${number}`, clock.now() + LIFETIME_MS);
    const answer = { access_token: `access-${number}`, refresh_token: valid, expires_in: LIFETIME_MS / 1000 };
    return { body: answer, delay: 5 };
  });
  api.on('GET /x', ({ headers }) => {
    const ok = clock.now() < (ends.get(headers.authorization ?? '') ?? 0);
    if (!ok) counts.refused++;
    return { status: ok ? 200 : 401 };
  });
  const authenticator = new Oauth2Authenticator({
    tokenUrl: `${api.url}/token`,
    refreshToken: 'refresh-0',
    accessToken: 'access-0',
    expiresAt: new Date(clock.now() + LIFETIME_MS),
    clock,
    http: { retry: quick },
  });
  const send = createClient({ retry: quick, authenticator });
  const get = (): HttpRequest => ({ method: 'GET', url: `${api.url}/x`, headers: {}, sender: {} });
  const revokeAll = () => ends.clear();
  return { clock, counts, get, send, revokeAll, [Symbol.asyncDispose]: () => api.close() };
};

test('refreshes once for each of twenty expiries while a hundred slices read on', async () => {
  await using api = await rotatingApi();
  const pages = Array.from({ length: 100 }, () => 0);
  const expired = new EventEmitter().setMaxListeners(200);
  let expiries = 0;
  const slice = async (number: number) => {
    while (pages[number]! <= 20) {
      // At most one page ahead of the slowest: nobody sees two tokens expire within one request.
      while (pages[number]! > expiries + 1) await once(expired, 'next');
      await api.send(api.get());
      pages[number]!++;
      if (expiries < 20 && Math.min(...pages) > expiries) {
        expiries++;
        api.clock.advance(LIFETIME_MS);
        expired.emit('next');
      }
    }
  };

  await Promise.all(pages.map((_page, number) => slice(number)));

  expect(expiries).toBe(20);
  expect(api.counts).toMatchObject({ refreshes: 20, burnt: 0 });
}, 300_000);

test('refreshes once when a hundred requests are answered with 401', async () => {
  await using api = await rotatingApi();
  for (let round = 0; round < 2; round++) {
    api.revokeAll();
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.send(api.get())));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  }

  expect(api.counts).toMatchObject({ refreshes: 2, burnt: 0 });
  expect(api.counts.refused).toBeGreaterThan(2);
});

test('keeps the new tokens though the request that wanted them was ended', async () => {
  await using api = await rotatingApi();
  api.clock.advance(LIFETIME_MS);
  const ended = new AbortController();
  const first = api.send({ ...api.get(), signal: ended.signal });
  const second = api.send(api.get());
  ended.abort(new Error('No longer wanted.'));

  await expect(first).rejects.toThrow('No longer wanted.');
  expect((await second).status).toBe(200);
  expect(api.counts).toEqual({ refreshes: 1, burnt: 0, refused: 0 });
});

test('gets a new token where a rule of the stream says that it was refused', async () => {
  await using api = await rotatingApi();
  await using odd = await mockApi();
  odd.on('GET /x', ({ headers }) =>
    headers.authorization === 'Bearer access-1' ? { status: 403, body: 'token expired' } : { body: {} },
  );
  const { url } = api.get();
  const rules = [{ status: 403, text: 'token expired', verdict: 'refresh-token' }] as const;
  const authenticator = new Oauth2Authenticator({
    tokenUrl: url.replace('/x', '/token'),
    refreshToken: 'refresh-0',
    http: { retry: quick },
  });
  const send = createClient({ retry: { ...quick, rules }, authenticator });

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => send({ method: 'GET', url: `${odd.url}/x`, headers: {}, sender: {} })),
  );

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(api.counts).toMatchObject({ refreshes: 2, burnt: 0 });
});
