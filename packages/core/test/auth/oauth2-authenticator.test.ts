import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { createClient, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { Oauth2Authenticator } from '../../src/auth/oauth2-authenticator.ts';
import type { Oauth2Options } from '../../src/auth/oauth2-options.ts';
import type { Oauth2Tokens } from '../../src/auth/oauth2-tokens.ts';
import { AuthError } from '../../src/errors.ts';
import { keptLog } from '../http/log.ts';
import { quick } from '../http/quick.ts';
import { authorizationServer } from './oauth2-server.ts';
import { virtualClock } from './virtual-clock.ts';

const CLIENT = 'reader';
const SECRET = 'a secret: of+its 100% own/kind';

const client = (method: string) => ({
  client_id: CLIENT,
  client_secret: SECRET,
  grant_types: ['refresh_token', 'authorization_code', 'client_credentials'],
  redirect_uris: ['https://client.example.com/cb'],
  token_endpoint_auth_method: method as 'client_secret_post',
});

const clientOf = (options: Oauth2Options) =>
  createClient({ retry: quick, authenticator: new Oauth2Authenticator({ http: { retry: quick }, ...options }) });

const get = (url: string, sender: NonNullable<HttpRequest['sender']> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  sender,
});

const thrownBy = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => {
      throw new Error('Nothing was thrown.');
    },
    (error: Error) => error,
  );

test.each([
  ['body', 'client_secret_post'],
  ['basic', 'client_secret_basic'],
] as const)('exchanges a refresh token, the client named by %s', async (clientAuth, method) => {
  await using server = await authorizationServer([client(method)]);
  const refreshToken = await server.refreshTokenFor(CLIENT);
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientSecret: SECRET,
    clientAuth,
    refreshToken,
  });

  const answers = await Promise.all([1, 2, 3].map(() => send(get(server.apiUrl))));

  expect(answers.map(({ status, bytes }) => [status, Buffer.from(bytes).toString()])).toEqual(
    answers.map(() => [200, '{"sub":"ann"}']),
  );
  expect(server.granted).toEqual(['refresh_token']);
});

test('follows the chain of rotated refresh tokens as access tokens expire', async () => {
  await using server = await authorizationServer([client('client_secret_post')], { ttl: { AccessToken: 300 } });
  const refreshToken = await server.refreshTokenFor(CLIENT);
  const clock = virtualClock();
  const kept: Oauth2Tokens[] = [];
  const onTokens = (tokens: Oauth2Tokens) => void kept.push(tokens);
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientSecret: SECRET,
    refreshToken,
    clock,
    onTokens,
  });

  for (let round = 0; round < 4; round++) {
    await send(get(server.apiUrl));
    clock.advance(239_000);
    await send(get(server.apiUrl));
    clock.advance(2_000);
  }

  expect(server.granted).toHaveLength(4);
  expect(server.refused).toEqual([]);
  expect(new Set([refreshToken, ...kept.map((tokens) => tokens.refreshToken)]).size).toBe(5);
  expect(kept[0]!.expiresAt!.getTime() - kept[0]!.obtainedAt!.getTime()).toBe(300_000);
});

test('gets one new token for all requests whose token was revoked', async () => {
  await using server = await authorizationServer([client('client_secret_post')]);
  const refreshToken = await server.refreshTokenFor(CLIENT);
  const kept: string[] = [];
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientSecret: SECRET,
    refreshToken,
    onTokens: ({ accessToken }) => void kept.push(accessToken),
  });
  await send(get(server.apiUrl));
  await server.revokeAccessToken(kept[0]!);

  const answers = await Promise.all(Array.from({ length: 20 }, () => send(get(server.apiUrl))));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(server.granted).toHaveLength(2);
});

test('asks the user to log in again when the refresh token is revoked', async () => {
  await using server = await authorizationServer([client('client_secret_post')]);
  const refreshToken = await server.refreshTokenFor(CLIENT);
  await createClient()({
    method: 'POST',
    url: server.revocationUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: refreshToken, client_id: CLIENT, client_secret: SECRET }).toString(),
  });
  const send = clientOf({ tokenUrl: server.tokenUrl, clientId: CLIENT, clientSecret: SECRET, refreshToken });

  const errors = await Promise.all([1, 2, 3].map(() => thrownBy(send(get(server.apiUrl)))));
  errors.push(await thrownBy(send(get(server.apiUrl))));

  for (const error of errors) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ reason: 'invalid_grant', failureType: 'config_error' });
    expect(error.message).toContain(`The token endpoint ${server.tokenUrl} answered with 400 (invalid_grant)`);
    expect(error.message).toContain('Please re-authenticate');
    expect(error.message).not.toContain(refreshToken);
  }
  expect(server.refused).toEqual(['invalid_grant']);
});

test('says that the client is not known', async () => {
  await using server = await authorizationServer([client('client_secret_post')]);
  const clientSecret = 'no-such-secret-at-all';
  const send = clientOf({ tokenUrl: server.tokenUrl, clientId: CLIENT, clientSecret });

  const error = await thrownBy(send(get(server.apiUrl)));

  expect(error).toMatchObject({ reason: 'invalid_client', failureType: 'config_error' });
  expect(error.message).toContain('answered with 401 (invalid_client)');
  expect(error.message).toContain('Check the client id and secret in the config');
  expect(error.message).not.toContain(clientSecret);
});

test('gets a token for the client itself', async () => {
  await using server = await authorizationServer([client('client_secret_basic')]);
  await using api = await mockApi();
  api.on('GET /x', async ({ headers }) => {
    const [, token = ''] = (headers.authorization ?? '').split('Bearer ');
    return { status: (await server.knowsClientToken(token)) ? 200 : 401 };
  });
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientSecret: SECRET,
    clientAuth: 'basic',
    scopes: ['api'],
  });

  await Promise.all([1, 2, 3].map(() => send(get(`${api.url}/x`))));

  expect(server.granted).toEqual(['client_credentials']);
  expect(api.requests).toHaveLength(3);
});

test('fails with a 401 that a new token does not mend', async () => {
  await using server = await authorizationServer([client('client_secret_post')]);
  await using other = await authorizationServer([client('client_secret_post')]);
  const log = keptLog();
  const kept: string[] = [];
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientSecret: SECRET,
    refreshToken: await server.refreshTokenFor(CLIENT),
    onTokens: ({ accessToken }) => void kept.push(accessToken),
  });

  const error = await thrownBy(send(get(other.apiUrl, { log })));

  expect(error).toMatchObject({ status: 401, failureType: 'config_error' });
  expect(error.message).toContain('Check the credentials in the config.');
  expect(server.granted).toHaveLength(2);
  expect(log.lines.filter((line) => line.startsWith('warn'))).toEqual([
    `warn: GET ${other.apiUrl} was answered with 401 also with a new access token of ${server.tokenUrl}. ` +
      `The credential may lack a scope or a permission; otherwise log in again and put the new one into the config.`,
  ]);
  for (const token of kept) expect([error.message, ...log.lines].join('\n')).not.toContain(token);
});

test('proves who the client is with a JWT of its private key', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' };
  const { client_secret: _secret, ...rest } = client('private_key_jwt');
  await using server = await authorizationServer([
    { ...rest, jwks: { keys: [jwk] }, token_endpoint_auth_signing_alg: 'ES256' },
  ]);
  const refreshToken = await server.refreshTokenFor(CLIENT);
  const kept: string[] = [];
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const send = clientOf({
    tokenUrl: server.tokenUrl,
    clientId: CLIENT,
    clientAuth: { type: 'private_key_jwt', algorithm: 'ES256', key, keyId: 'k1' },
    refreshToken,
    onTokens: ({ accessToken }) => void kept.push(accessToken),
  });

  await send(get(server.apiUrl));
  await server.revokeAccessToken(kept[0]!);
  const answer = await send(get(server.apiUrl));

  expect(answer.status).toBe(200);
  expect(server.granted).toEqual(['refresh_token', 'refresh_token']);
});

test('uses an access token of the config until it is refused', async () => {
  await using server = await authorizationServer([client('client_secret_post')]);
  const options = { tokenUrl: server.tokenUrl, clientId: CLIENT, clientSecret: SECRET };
  const kept: Oauth2Tokens[] = [];
  const onTokens = (tokens: Oauth2Tokens) => void kept.push(tokens);
  const refreshToken = await server.refreshTokenFor(CLIENT);
  await clientOf({ ...options, refreshToken, onTokens })(get(server.apiUrl));
  const [first] = kept;
  const given = { accessToken: first!.accessToken, refreshToken: first!.refreshToken!, expiresAt: first!.expiresAt! };

  const send = clientOf({ ...options, ...given, onTokens });
  await send(get(server.apiUrl));
  expect(server.granted).toHaveLength(1);
  await server.revokeAccessToken(given.accessToken);
  await send(get(server.apiUrl));
  expect(server.granted).toHaveLength(2);
  const expired = clientOf({
    ...options,
    ...given,
    refreshToken: kept[1]!.refreshToken!,
    expiresAt: '2020-01-01T00:00:00Z',
  });
  await expired(get(server.apiUrl));

  expect(server.granted).toHaveLength(3);
});
