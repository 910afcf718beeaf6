import { expect, test } from '@jest/globals';
import { ConfigError, DigestAuthenticator, HttpStatusError } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { challengeIn } from '../../src/auth/digest-challenge.ts';
import { clientWith, get, sentBy } from './setup.ts';
import { digestServer, type DigestServerOptions } from './digest-server.ts';

const USER = { username: 'Mufasa', password: 'Circle of Life' };

const guarded = async (options?: DigestServerOptions) => {
  const api = await mockApi();
  const server = digestServer(options);
  for (const route of ['GET /a', 'GET /b', 'POST /a']) api.on(route, (request) => server.answer(request));
  return { api, counts: server.counts, [Symbol.asyncDispose]: () => api.close() };
};

test('computes what the RFC computed', () => {
  // RFC 2069 with its published correction: without a quality of protection nothing in it is random.
  const challenge = challengeIn(
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  );

  const user = { username: 'Mufasa', password: 'CircleOfLife' };
  const answer = challenge!.answer(user, { method: 'GET', uri: '/dir/index.html', body: '' });

  expect(answer).toContain('response="1949323746fe6a43ef61f9606e7febea"');
});

test.each([
  ['MD5', 'auth'],
  ['MD5', ''],
  ['MD5', 'auth-int, auth'],
  ['MD5', 'auth-int'],
  ['MD5-sess', 'auth'],
  ['MD5-sess', ''],
  ['SHA-256', 'auth'],
  ['SHA-256', 'auth-int'],
  ['SHA-256-sess', 'auth'],
  ['SHA-512-256', 'auth'],
])('is let in by %s with the quality "%s"', async (algorithm, qop) => {
  await using server = await guarded({ algorithm, qop });
  const send = clientWith(new DigestAuthenticator(USER));

  await send(get(`${server.api.url}/a?q=1&z=x%20y`.replace('%20', '+')));
  await send(get(`${server.api.url}/b`));
  await send(get(`${server.api.url}/a`, { method: 'POST', body: 'a body' }));

  // One challenge, and one nonce for all three.
  expect(server.api.requests).toHaveLength(4);
  expect(server.counts).toEqual(new Map([['nonce-1', 3]]));
});

test('writes a name beyond ASCII, and one that is to be hashed', async () => {
  for (const extra of ['', ', userhash=true, charset=UTF-8']) {
    await using server = await guarded({ username: 'Jäsøn (Doe)', algorithm: 'SHA-256', extra });
    const send = clientWith(new DigestAuthenticator({ ...USER, username: 'Jäsøn (Doe)' }));

    expect((await send(get(`${server.api.url}/a`))).status).toBe(200);
  }
});

test.each([true, false])('takes a new nonce when the old one is used up, stale told: %s', async (tellsStale) => {
  await using server = await guarded({ uses: 2, tellsStale });
  const send = clientWith(new DigestAuthenticator(USER));

  for (let count = 0; count < 5; count++) await send(get(`${server.api.url}/a`));

  expect(server.counts).toEqual(
    new Map([
      ['nonce-1', 2],
      ['nonce-2', 2],
      ['nonce-3', 1],
    ]),
  );
  expect(server.api.requests).toHaveLength(5 + 3);
});

test('goes on with the nonce an answer names', async () => {
  await using server = await guarded({ nextNonce: true, uses: 1 });
  const send = clientWith(new DigestAuthenticator(USER));

  for (let count = 0; count < 3; count++) await send(get(`${server.api.url}/a`));

  expect(server.api.requests).toHaveLength(1 + 3);
});

test('is let in with requests side by side', async () => {
  await using server = await guarded();
  const send = clientWith(new DigestAuthenticator(USER));

  const answers = await Promise.all(Array.from({ length: 20 }, () => send(get(`${server.api.url}/a`))));

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
});

test('fails on a wrong password after one answer to the challenge', async () => {
  await using server = await guarded();
  const send = clientWith(new DigestAuthenticator({ ...USER, password: 'wrong one' }));

  const failed = await send(get(`${server.api.url}/a`)).catch((error: unknown) => error);

  expect(failed).toBeInstanceOf(HttpStatusError);
  expect(failed).toMatchObject({ status: 401, failureType: 'config_error' });
  expect(server.api.requests).toHaveLength(2);
});

test('fails on a challenge it cannot answer without sending again', async () => {
  await using api = await mockApi();
  api.on('GET /a', { status: 401, headers: { 'www-authenticate': 'Digest realm="r", nonce="n", algorithm=SHA-999' } });

  await expect(clientWith(new DigestAuthenticator(USER))(get(`${api.url}/a`))).rejects.toThrow(/401/);
  expect(api.requests).toHaveLength(1);
});

test('sends nothing but the request where the API asks for nothing', async () => {
  const sent = await sentBy(new DigestAuthenticator(USER), get('http://a.test/x'));

  expect(sent.headers).toEqual({});
  expect(() => new DigestAuthenticator({ ...USER, password: '' }).authenticate(() => Promise.reject())).toThrow(
    ConfigError,
  );
});
