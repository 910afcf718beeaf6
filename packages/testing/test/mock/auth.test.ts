import { expect, test } from '@jest/globals';
import { HttpStream, Oauth2Authenticator, pageNumber, type Oauth2Options } from '@headwater/core';

import { collect } from '../../src/collect.ts';
import type { ReceivedRequest } from '../../src/loopback-server.ts';
import { mockApi } from '../../src/mock-api.ts';
import type { MockAuth } from '../../src/mock/auth.ts';
import type { OauthServer } from '../../src/mock/token-server.ts';
import { ids, jsonOf } from './ids.ts';

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

test.each<[MockAuth, string, Record<string, string>, string, Record<string, string>]>([
  [{ kind: 'bearer', token: 't-1' }, '', { authorization: 'Bearer t-1' }, '', { authorization: 'Bearer t-2' }],
  [{ kind: 'bearer', token: ['a', 'b'] }, '', { authorization: 'Bearer b' }, '', { authorization: 'Bearer c' }],
  [
    { kind: 'bearer', token: 't-1', scheme: 'Token' },
    '',
    { authorization: 'Token t-1' },
    '',
    { authorization: 'Bearer t-1' },
  ],
  [
    { kind: 'basic', username: 'ann', password: 'ü:1' },
    '',
    { authorization: basic('ann', 'ü:1') },
    '',
    { authorization: basic('ann', '1') },
  ],
  [{ kind: 'api-key', in: 'header', name: 'X-Key', key: 'k' }, '', { 'x-key': 'k' }, '', { 'x-key': 'K' }],
  [{ kind: 'api-key', in: 'query', name: 'key', key: 'k 1' }, '?key=k%201', {}, '?key=k', {}],
])('lets through who is known to %j', async (auth, query, headers, wrongQuery, wrongHeaders) => {
  await using api = await mockApi({ auth });
  api.on('GET /', { body: 'in' });

  expect(await (await fetch(`${api.url}/${query}`, { headers })).text()).toBe('in');
  const wrong = await fetch(`${api.url}/${wrongQuery}`, { headers: wrongHeaders });
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get('www-authenticate')).toBeTruthy();
  const none = await fetch(api.url);
  expect([none.status, await none.json()]).toEqual([
    401,
    { error: { message: expect.stringMatching(/^Unauthorized: the .* is missing\.$/) } },
  ]);
  expect(api.unexpected).toEqual([]);
});

test('lets through whom the check of the test lets through', async () => {
  const asked: string[] = [];
  const check = async ({ path, headers }: ReceivedRequest) => {
    asked.push(path);
    return headers['x-signature'] === `signed ${path}`;
  };
  await using api = await mockApi({ auth: { kind: 'custom', check } });
  api.on('GET /a', { body: 'in' });
  const answerTo = async (signature: string) => {
    const answer = await fetch(`${api.url}/a`, { headers: { 'x-signature': signature } });
    return [answer.status, answer.headers.has('www-authenticate'), await answer.text()];
  };

  expect(await answerTo('signed /a')).toEqual([200, false, 'in']);
  expect(await answerTo('signed /b')).toEqual([401, true, expect.stringContaining('check of the test refuses')]);
  expect(asked).toEqual(['/a', '/a']);
  await using plain = await mockApi({ auth: { kind: 'custom', check: () => false } });
  expect((await fetch(plain.url)).status).toBe(401);
  expect(plain.unexpected).toEqual([]);
});

test('refuses a token that was used too often, each on its own', async () => {
  await using api = await mockApi({ auth: { kind: 'bearer', token: ['a', 'b'], uses: 2 } });
  api.on('GET /', { body: 'in' });
  const status = async (token: string) =>
    (await fetch(api.url, { headers: { authorization: `Bearer ${token}` } })).status;

  expect([await status('a'), await status('a'), await status('a'), await status('b')]).toEqual([200, 200, 401, 200]);
});

const oauth: OauthServer = { kind: 'oauth2', grant: 'refresh_token', refreshToken: 'first', rotate: true };

const tokenFor = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  jsonOf(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields), headers });

test('rotates refresh tokens and takes each of them once', async () => {
  await using api = await mockApi({ auth: oauth });
  const refresh = (token: string) => tokenFor(api.url, { grant_type: 'refresh_token', refresh_token: token });

  expect(await refresh('first')).toEqual({
    access_token: 'access-token-1',
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: 'refresh-token-1',
  });
  expect(await refresh('first')).toMatchObject({ error: 'invalid_grant' });
  expect(await refresh('refresh-token-1')).toMatchObject({ access_token: 'access-token-2' });
  expect(await tokenFor(api.url, { grant_type: 'password' })).toMatchObject({ error: 'unsupported_grant_type' });
  expect((await fetch(`${api.url}/oauth/token`)).status).toBe(405);
});

test('knows its client by the body or by a Basic header', async () => {
  const client = { id: 'me:1', secret: 's t' };
  await using api = await mockApi({ auth: { ...oauth, grant: 'client_credentials', client } });
  const grant = { grant_type: 'client_credentials' };
  const header = (id: string, secret: string) => ({ authorization: basic(id, secret) });

  const inBody = await tokenFor(api.url, { ...grant, client_id: 'me:1', client_secret: 's t' });
  expect(inBody).toEqual({ access_token: 'access-token-1', token_type: 'Bearer', expires_in: 3600 });
  expect(await tokenFor(api.url, grant, header('me%3A1', 's+t'))).toMatchObject({ access_token: 'access-token-2' });
  expect(await tokenFor(api.url, grant, header('me%3A1', 'wrong'))).toMatchObject({ error: 'invalid_client' });
  expect(await tokenFor(api.url, grant)).toMatchObject({ error: 'invalid_client' });
});

test('refuses an access token after its time', async () => {
  await using api = await mockApi({ auth: { ...oauth, expiresIn: 0 } });
  await tokenFor(api.url, { grant_type: 'refresh_token', refresh_token: 'first' });

  const answer = await fetch(api.url, { headers: { authorization: 'Bearer access-token-1' } });

  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
});

class Items extends HttpStream {
  override readonly urlBase: string;
  override readonly recordsPath = '$[*]';
  override readonly paginator = pageNumber({ pageSize: 1 });
  override readonly authenticator: Oauth2Authenticator;

  constructor(url: string, options: Partial<Oauth2Options>) {
    super();
    this.urlBase = url;
    this.authenticator = new Oauth2Authenticator({ tokenUrl: `${url}/oauth/token`, ...options });
  }

  path() {
    return 'items';
  }
}

test('refuses a kind it does not know', async () => {
  await expect(mockApi({ auth: { kind: 'token' } as never })).rejects.toThrow(/unknown kind "token"\. Known: bearer/);
});

test('makes an OAuth 2.0 client renew its token in the middle of a list', async () => {
  await using api = await mockApi({ auth: { ...oauth, uses: 2 } });
  api.collection('GET /items', { items: ids(6), paging: { kind: 'pageNumber', pageSize: 1 } });
  const chain: (string | undefined)[] = [];
  const onTokens = ({ refreshToken }: { readonly refreshToken?: string }) => void chain.push(refreshToken);

  expect(await collect(new Items(api.url, { refreshToken: 'first', onTokens }))).toEqual(ids(6));
  expect(chain).toEqual(['refresh-token-1', 'refresh-token-2', 'refresh-token-3', 'refresh-token-4']);
  expect(api.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(4);
});
