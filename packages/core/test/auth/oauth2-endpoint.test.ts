import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { ConfigError, createClient } from '@headwater/core';
import { mockApi, type MockApi } from '@headwater/testing';
import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { Oauth2Authenticator } from '../../src/auth/oauth2-authenticator.ts';
import type { Oauth2Options } from '../../src/auth/oauth2-options.ts';
import { AuthError } from '../../src/errors.ts';
import { listenToExchanges } from '../../src/http/exchanges.ts';
import { harEntry } from '../../src/http/har.ts';
import { quick } from '../http/quick.ts';
import { virtualClock } from './virtual-clock.ts';

/** An API that takes any token, and the options for the token endpoint beside it. */
const apiWith = async (options: Partial<Oauth2Options>) => {
  const api = await mockApi();
  api.on('GET /x', { body: {} });
  const authenticator = new Oauth2Authenticator({ tokenUrl: `${api.url}/token`, http: { retry: quick }, ...options });
  const client = createClient({ retry: quick, authenticator });
  const send = () => client({ method: 'GET', url: `${api.url}/x`, headers: {} });
  return { api, send, [Symbol.asyncDispose]: () => api.close() };
};

const sentTo = (api: MockApi, path: string) => api.requests.filter((request) => request.path === path);

const formsOf = (api: MockApi) =>
  sentTo(api, '/token').map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

const thrownBy = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
};

test('sends what the options add to a token request', async () => {
  await using made = await apiWith({
    clientId: 'id',
    clientSecret: 'client-secret-1',
    scopes: ['read', 'list'],
    audience: 'https://api.example.com',
    resource: ['https://a.example.com', 'https://b.example.com'],
    params: { tenant: 't1' },
    headers: { 'X-Version': '2' },
    requestFields: { clientId: 'app', scope: 'scopes' },
  });
  made.api.on('POST /token', { body: { access_token: 'token-one' } });

  await made.send();

  const [request] = sentTo(made.api, '/token');
  expect([...new URLSearchParams(request!.body)]).toEqual([
    ['grant_type', 'client_credentials'],
    ['app', 'id'],
    ['client_secret', 'client-secret-1'],
    ['scopes', 'read list'],
    ['audience', 'https://api.example.com'],
    ['resource', 'https://a.example.com'],
    ['resource', 'https://b.example.com'],
    ['tenant', 't1'],
  ]);
  expect(request!.headers).toMatchObject({ 'x-version': '2', 'content-type': 'application/x-www-form-urlencoded' });
  expect(sentTo(made.api, '/x')[0]!.headers.authorization).toBe('Bearer token-one');
});

test('encodes id and secret as a form before they become a basic header', async () => {
  await using made = await apiWith({ clientId: 'a:b c', clientSecret: 'p%+&ä-secret', clientAuth: 'basic' });
  made.api.on('POST /token', { body: { access_token: 'token-two' } });

  await made.send();

  const [, credentials = ''] = sentTo(made.api, '/token')[0]!.headers.authorization!.split(' ');
  expect(Buffer.from(credentials, 'base64').toString()).toBe('a%3Ab+c:p%25%2B%26%C3%A4-secret');
  expect(formsOf(made.api)).toEqual([{ grant_type: 'client_credentials' }]);
});

test('exchanges a user name and a password, as JSON, and sends the token where it belongs', async () => {
  await using made = await apiWith({
    grant: { type: 'password', username: 'ann', password: 'password-of-ann' },
    bodyFormat: 'json',
    place: { header: 'X-Token' },
    answerFields: { accessToken: 'data.session.0.token' },
  });
  made.api.on('POST /token', { body: { data: { session: [{ token: 'token-three' }] } } });

  await made.send();

  expect(JSON.parse(sentTo(made.api, '/token')[0]!.body)).toEqual({
    grant_type: 'password',
    username: 'ann',
    password: 'password-of-ann',
  });
  expect(sentTo(made.api, '/x')[0]!.headers['x-token']).toBe('token-three');
});

test('signs a JWT for a bearer grant, anew for each attempt', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  });
  await using made = await apiWith({
    grant: {
      type: 'jwt_bearer',
      key: privateKey,
      keyId: 'k1',
      issuer: 'robot@example.com',
      subject: 'ann@example.com',
      claims: { scope: 'read' },
    },
  });
  made.api.on('POST /token', { status: 503 }, { body: { access_token: 'token-four' } });

  await made.send();

  const forms = formsOf(made.api);
  expect(forms.map((form) => form['grant_type'])).toEqual(Array(2).fill('urn:ietf:params:oauth:grant-type:jwt-bearer'));
  const { payload, protectedHeader } = await jwtVerify(forms[1]!['assertion']!, await importSPKI(publicKey, 'RS256'));
  expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'k1', typ: 'JWT' });
  expect(payload).toMatchObject({
    iss: 'robot@example.com',
    sub: 'ann@example.com',
    aud: `${made.api.url}/token`,
    scope: 'read',
  });
  expect(payload.exp! - payload.iat!).toBe(300);
  expect(decodeJwt(forms[0]!['assertion']!).jti).not.toBe(payload.jti);
});

test('sends a grant of the own kind', async () => {
  await using made = await apiWith({
    clientId: 'id',
    grant: { type: 'custom', grantType: 'account_credentials', params: { account_id: '7' } },
  });
  made.api.on('POST /token', {
    body: 'access_token=token-five&expires_in=3600',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

  await made.send();

  expect(formsOf(made.api)).toEqual([{ grant_type: 'account_credentials', account_id: '7', client_id: 'id' }]);
  expect(sentTo(made.api, '/x')[0]!.headers.authorization).toBe('Bearer token-five');
});

const at = (time: number, ms: number) => new Date(time + ms);
const dotted = (date: Date) =>
  `${String(date.getUTCDate()).padStart(2, '0')}.${String(date.getUTCMonth() + 1).padStart(2, '0')}.${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)}`;

test.each<[string, Oauth2Options['expiry'], (now: number) => unknown]>([
  ['seconds', 'seconds', () => 600],
  ['seconds as text', 'seconds', () => '600'],
  ['a date', 'date', (now) => at(now, 600_000).toISOString()],
  ['a date without a zone', 'date', (now) => at(now, 600_000).toISOString().replace('T', ' ').slice(0, 19)],
  ['an epoch', 'epoch', (now) => (now + 600_000) / 1000],
  ['an epoch in milliseconds', 'epoch-milliseconds', (now) => String(now + 600_000)],
  ['a date in a format', { format: '%d.%m.%Y %H:%M:%S' }, (now) => dotted(at(now, 600_000))],
])('understands an expiry told as %s', async (_name, expiry, write) => {
  const clock = virtualClock();
  await using made = await apiWith({ clock, ...(expiry && { expiry }), answerFields: { expiresIn: 'until' } });
  let tokens = 0;
  made.api.on('POST /token', () => ({ body: { access_token: `token-${++tokens}`, until: write(clock.now()) } }));

  await made.send();
  clock.advance(538_000);
  await made.send();
  expect(tokens).toBe(1);
  clock.advance(3000);
  await made.send();

  expect(tokens).toBe(2);
});

test('keeps to half of a lifetime that is shorter than the margin', async () => {
  const clock = virtualClock();
  await using made = await apiWith({ clock });
  let tokens = 0;
  made.api.on('POST /token', () => ({ body: { access_token: `token-${++tokens}`, expires_in: 30 } }));

  await made.send();
  clock.advance(14_000);
  await made.send();
  expect(tokens).toBe(1);
  clock.advance(2000);
  await made.send();

  expect(tokens).toBe(2);
});

test('uses a token without an expiry until it is refused', async () => {
  const clock = virtualClock();
  await using made = await apiWith({ clock });
  let tokens = 0;
  made.api.on('POST /token', () => ({ body: { access_token: `token-${++tokens}` } }));

  await made.send();
  clock.advance(365 * 86_400_000);
  await made.send();
  expect(tokens).toBe(1);
  made.api.on('GET /x', ({ headers }) => ({ status: headers.authorization === 'Bearer token-1' ? 401 : 200 }));
  await made.send();

  expect(tokens).toBe(2);
});

test('waits for a token endpoint with trouble of its own', async () => {
  await using made = await apiWith({});
  made.api.on(
    'POST /token',
    { status: 502 },
    { fault: { kind: 'reset' } },
    { status: 400, body: { error: 'temporarily_unavailable' } },
    { body: { access_token: 'token-six' } },
  );

  expect((await made.send()).status).toBe(200);
});

test.each([{ status: 500, body: { message: 'the secret is client-secret-2' } }, { fault: { kind: 'reset' } }] as const)(
  'is a transient error when it stays: %j',
  async (reply) => {
    await using made = await apiWith({ clientId: 'id', clientSecret: 'client-secret-2' });
    made.api.on('POST /token', reply);

    const error = await thrownBy(made.send());

    expect(error).toBeInstanceOf(AuthError);
    expect(sentTo(made.api, '/token')).toHaveLength(5);
    expect(error).toMatchObject({ failureType: 'transient_error' });
    expect(error.message).toContain(`POST ${made.api.url}/token (access token)`);
    expect(error.message).not.toContain('client-secret-2');
  },
);

test.each([
  ['invalid_grant', 'config_error', 'Please re-authenticate'],
  ['invalid_client', 'config_error', 'Check the client id and secret'],
  ['invalid_scope', 'config_error', 'Correct the scopes'],
  ['unauthorized_client', 'config_error', 'may not use this grant'],
  ['out_of_luck', 'config_error', 'Check tokenUrl and the credentials'],
  ['invalid_request', 'system_error', 'Check tokenUrl and the credentials'],
])('reads %s as a %s', async (error, failureType, remedy) => {
  await using made = await apiWith({ clientId: 'id', refreshToken: 'refresh-token-xyz' });
  const description = 'No refresh-token-xyz here (refresh%2Dtoken).';
  made.api.on('POST /token', { status: 400, body: { error, error_description: description } });

  const thrown = await thrownBy(made.send());

  expect(thrown).toMatchObject({ name: 'AuthError', reason: error, failureType });
  expect(thrown.message).toContain(`${made.api.url}/token answered with 400 (${error}): "No **** here`);
  expect(thrown.message).toContain(remedy);
  expect(thrown.message).not.toContain('refresh-token-xyz');
});

test('reads an error that comes with a 200', async () => {
  await using made = await apiWith({ clientId: 'id', refreshToken: 'refresh-token-xyz' });
  made.api.on('POST /token', { body: { ok: false, error: 'invalid_grant' } });

  expect(await thrownBy(made.send())).toMatchObject({ reason: 'invalid_grant', failureType: 'config_error' });
});

test.each([
  ['<html>login</html>', 'neither with a JSON object nor with a form (text/html, 18 bytes)'],
  [{ token: { value: 'hidden-value' }, kind: 'x' }, 'there is no text at "access_token"; there are token, kind'],
  [{ access_token: 'hidden-value', expires_in: 'soon' }, 'the expiry at "expires_in" is "soon", which is not seconds'],
])('names URL and field of an answer it cannot read: %j', async (body, words) => {
  await using made = await apiWith({});
  const headers = { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' };
  made.api.on('POST /token', { body, headers });

  const error = await thrownBy(made.send());

  expect(error).toBeInstanceOf(AuthError);
  expect(error).toMatchObject({ failureType: 'system_error' });
  expect(error.message).toContain(`${made.api.url}/token`);
  expect(error.message).toContain(words);
  expect(error.message).not.toContain('hidden-value');
  expect(sentTo(made.api, '/token')).toHaveLength(1);
});

test('gives no secret to another origin that the token endpoint redirects to', async () => {
  await using other = await mockApi({ strict: false });
  other.on('POST /token', { body: { access_token: 'token-eight' } });
  await using made = await apiWith({ clientId: 'id', clientSecret: 'client-secret-4' });
  made.api.on('POST /token', { status: 307, headers: { location: `${other.url}/token` } });

  const error = await thrownBy(made.send());

  expect(error).toMatchObject({ name: 'AuthError', failureType: 'system_error' });
  expect(other.requests).toEqual([]);
});

test('says that the config has no refresh token', async () => {
  await using made = await apiWith({ grant: 'refresh_token', refreshToken: '' });

  const error = await thrownBy(made.send());

  expect(error).toBeInstanceOf(ConfigError);
  expect(error.message).toContain('The refreshToken of Oauth2Authenticator is empty');
});

test('asks again for what was refused after a minute, not before', async () => {
  const clock = virtualClock();
  await using made = await apiWith({ clock, clientId: 'id', refreshToken: 'refresh-token-abc' });
  made.api.on('POST /token', { status: 400, body: { error: 'invalid_grant' } }, { body: { access_token: 'token-7' } });

  const first = await thrownBy(made.send());
  expect(await thrownBy(made.send())).toBe(first);
  clock.advance(61_000);
  const answer = await made.send();

  expect(answer.status).toBe(200);
  expect(sentTo(made.api, '/token')).toHaveLength(2);
});

test('calls onTokens again, and no endpoint, after it failed', async () => {
  let fails = true;
  const kept: string[] = [];
  await using made = await apiWith({
    refreshToken: 'refresh-1',
    onTokens: ({ refreshToken = '' }) => {
      if (fails) throw new Error('The disk is full.');
      kept.push(refreshToken);
    },
  });
  made.api.on('POST /token', { body: { access_token: 'access-1', refresh_token: 'refresh-2' } });

  expect((await thrownBy(made.send())).message).toBe('The disk is full.');
  expect(sentTo(made.api, '/x')).toEqual([]);
  fails = false;
  await made.send();

  expect(kept).toEqual(['refresh-2']);
  expect(sentTo(made.api, '/token')).toHaveLength(1);
});

test('writes no token and no secret into an archive of exchanges', async () => {
  await using made = await apiWith({
    clientId: 'id',
    clientSecret: 'client-secret-3',
    refreshToken: 'refresh-secret-3',
  });
  const id_token = 'identity-token-3';
  const body = { access_token: 'access-token-3', refresh_token: 'new-refresh-3', id_token };
  made.api.on('POST /token', { body });
  const entries: string[] = [];
  const stop = listenToExchanges((exchange) => entries.push(JSON.stringify(harEntry(exchange))));
  try {
    await made.send();
  } finally {
    stop();
  }

  expect(entries).toHaveLength(2);
  for (const secret of ['client-secret-3', 'refresh-secret-3', 'access-token-3', 'new-refresh-3', id_token]) {
    expect(entries.join('\n')).not.toContain(secret);
  }
});
