import { expect, test } from '@jest/globals';
import {
  AwsAuthenticator,
  DigestAuthenticator,
  HmacAuthenticator,
  JwtAuthenticator,
  Oauth2Authenticator,
  SessionTokenAuthenticator,
  type Authenticator,
  type Clock,
} from '@headwater/core';
import { mockApi, temporaryFolder } from '@headwater/testing';
import { digestServer } from './digest-server.ts';
import { clientWith, get } from './setup.ts';
import { virtualClock } from './virtual-clock.ts';

const HOUR = 3_600_000;

interface Place {
  readonly url: string;
  readonly clock: Clock;
  /** Whose credential it is. */
  readonly who: string;
}

/** An API that gives a token to whoever asks, and answers each request with the number of it. */
const world = async () => {
  const api = await mockApi({ strict: false });
  let tokens = 0;
  api.on('POST /token', () => ({ body: { access_token: `token-number-${++tokens}`, expires_in: 600 } }));
  const guard = digestServer();
  let answered = 0;
  api.on('GET /a', () => ({ body: { n: ++answered } }));
  api.on('GET /guarded', (request) => guard.answer(request));
  return { api, [Symbol.asyncDispose]: () => api.close() };
};

const oauth2 = { clientId: 'client', clientSecret: 'a-client-secret' };

const AUTHENTICATORS: readonly (readonly [string, (place: Place) => Authenticator])[] = [
  [
    'a refresh token',
    ({ url, clock, who }) =>
      new Oauth2Authenticator({ ...oauth2, tokenUrl: `${url}/token`, refreshToken: `refresh-${who}`, clock }),
  ],
  [
    'client credentials',
    ({ url, clock, who }) => new Oauth2Authenticator({ ...oauth2, clientId: who, tokenUrl: `${url}/token`, clock }),
  ],
  [
    'a password grant',
    ({ url, clock, who }) =>
      new Oauth2Authenticator({
        ...oauth2,
        tokenUrl: `${url}/token`,
        grant: { type: 'password', username: 'me', password: `password-of-${who}` },
        clock,
        place: { query: 'access_token' },
      }),
  ],
  [
    'a session',
    ({ url, clock, who }) =>
      new SessionTokenAuthenticator({
        login: { url: `${url}/token`, body: new URLSearchParams({ user: who }) },
        token: { json: 'access_token' },
        lifetime: HOUR / 2,
        clock,
        place: { header: 'X-Session' },
      }),
  ],
  [
    'a JWT',
    ({ clock, who }) => new JwtAuthenticator({ algorithm: 'HS256', key: 'x'.repeat(40), claims: { iss: who }, clock }),
  ],
  [
    'a signature in a header',
    ({ clock, who }) =>
      new HmacAuthenticator({
        secret: 'a-signing-secret',
        headers: ({ timestamp, nonce }) => ({ 'X-Key': who, 'X-Time': timestamp, 'X-Nonce': nonce }),
        sign: ({ timestamp, path }) => timestamp + path,
        clock,
      }),
  ],
  [
    'a signature in the query',
    ({ clock, who }) =>
      new HmacAuthenticator({
        secret: `the-secret-of-${who}`,
        params: ({ timestamp }) => ({ timestamp }),
        sign: ({ query }) => query,
        place: { query: 'signature' },
        clock,
      }),
  ],
  [
    'a signature of AWS',
    ({ clock, who }) =>
      new AwsAuthenticator({
        accessKeyId: who,
        secretAccessKey: 'a-secret-access-key',
        region: 'eu-central-1',
        service: 'execute-api',
        clock,
      }),
  ],
];

test.each(AUTHENTICATORS)('finds an answer again an hour later, with %s', async (_name, make) => {
  await using folder = await temporaryFolder();
  await using server = await world();
  const clock = virtualClock();
  const place = { url: server.api.url, clock, who: 'alice' };
  const clientOf = (who: string, memoryBytes: number) =>
    clientWith(make({ ...place, who }), { cache: { directory: folder.path, memoryBytes } });
  const alice = clientOf('alice', 1_000_000);

  const first = await alice(get(`${server.api.url}/a?page=1`));
  clock.advance(HOUR);
  const second = await alice(get(`${server.api.url}/a?page=1`));
  clock.advance(HOUR);
  // Of another process: nothing but the config and the directory is the same.
  const third = await clientOf('alice', 1_000_001)(get(`${server.api.url}/a?page=1`));

  const asked = () => server.api.requests.filter(({ path }) => path === '/a').length;
  expect(asked()).toBe(1);
  expect([second, third].map(({ bytes }) => Buffer.from(bytes))).toEqual(
    [first, first].map(({ bytes }) => Buffer.from(bytes)),
  );

  await clientOf('bob', 1_000_000)(get(`${server.api.url}/a?page=1`));
  await alice(get(`${server.api.url}/a?page=2`));
  expect(asked()).toBe(3);
});

test('finds an answer again with another nonce', async () => {
  await using folder = await temporaryFolder();
  await using server = await world();
  const userWith = (password: string, memoryBytes: number) =>
    clientWith(new DigestAuthenticator({ username: 'Mufasa', password }), {
      cache: { directory: folder.path, memoryBytes },
    });
  const url = `${server.api.url}/guarded`;

  await userWith('Circle of Life', 1_000_000)(get(url));
  await userWith('Circle of Life', 1_000_001)(get(url));
  expect(server.api.requests).toHaveLength(2);

  await expect(userWith('wrong', 1_000_000)(get(url))).rejects.toThrow('401');
});

test.each<[string, (place: Place) => Authenticator]>([
  [
    'a refresh token that only the token store knows',
    ({ url, clock, who }) =>
      new Oauth2Authenticator({
        ...oauth2,
        tokenUrl: `${url}/token`,
        grant: 'refresh_token',
        accessToken: `token-of-${who}`,
        clock,
      }),
  ],
  [
    'an access token alone',
    ({ url, clock, who }) =>
      new Oauth2Authenticator({
        ...oauth2,
        tokenUrl: `${url}/token`,
        refreshToken: '',
        accessToken: `token-of-${who}`,
        clock,
      }),
  ],
  [
    'a login by certificate',
    ({ url, clock, who }) =>
      new Oauth2Authenticator({
        ...oauth2,
        tokenUrl: `${url}/token`,
        refreshToken: 'the same refresh token',
        accessToken: `token-of-${who}`,
        http: { tls: { cert: `${who}.pem`, key: `${who}.key` } },
        clock,
      }),
  ],
  [
    'claims that a function makes',
    ({ clock, who }) =>
      new JwtAuthenticator({ algorithm: 'HS256', key: 'x'.repeat(40), claims: () => ({ iss: who }), clock }),
  ],
])('goes by the token itself with %s', async (_name, make) => {
  await using folder = await temporaryFolder();
  await using server = await world();
  const place = { url: server.api.url, clock: virtualClock() };
  const ask = (who: string) =>
    clientWith(make({ ...place, who }), { cache: { directory: folder.path } })(get(`${place.url}/a`));

  await ask('alice');
  await ask('alice');
  expect(server.api.requests).toHaveLength(1);
  await ask('bob');
  expect(server.api.requests).toHaveLength(2);
});

test('asks an HMAC for its headers once where there is no cache', async () => {
  await using server = await world();
  let times = 0;
  const headers = () => ({ 'X-Count': String(++times) });
  const send = clientWith(new HmacAuthenticator({ secret: 'a-signing-secret', headers, sign: ({ path }) => path }));

  await send(get(`${server.api.url}/a`));

  expect(times).toBe(1);
});

test('asks for itself when the one it waited for was refused with the token before', async () => {
  await using api = await mockApi({ strict: false });
  let tokens = 0;
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  api.on('POST /token', () => ({ body: { access_token: `token-number-${++tokens}`, expires_in: 3600 } }));
  api.on('GET /a', async ({ headers }) => {
    if (headers.authorization === 'Bearer token-number-1') await held;
    return headers.authorization === 'Bearer token-number-2' ? { body: 'ok' } : { status: 401 };
  });
  api.on('GET /b', ({ headers }) => (headers.authorization?.endsWith('2') ? { body: 'ok' } : { status: 401 }));
  const authenticator = new Oauth2Authenticator({ ...oauth2, tokenUrl: `${api.url}/token`, refreshToken: 'refresh' });
  await using folder = await temporaryFolder();
  const send = clientWith(authenticator, { cache: { directory: folder.path } });

  const early = send(get(`${api.url}/a`));
  while (!api.requests.some(({ path }) => path === '/a')) await new Promise((resolve) => setImmediate(resolve));
  await send(get(`${api.url}/b`));
  const late = send(get(`${api.url}/a`));
  answer();
  await Promise.all([early, late]);

  expect(tokens).toBe(2);
});
