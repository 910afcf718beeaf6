import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { InputFileError, createClient } from '@headwater/core';
import { mockApi, temporaryFolder } from '@headwater/testing';
import type { ClientMetadata } from 'oidc-provider';
import { Oauth2Authenticator } from '../../src/auth/oauth2-authenticator.ts';
import type { Oauth2Tokens } from '../../src/auth/oauth2-tokens.ts';
import { TokenStore } from '../../src/auth/token-store.ts';
import { authorizationServer, type AuthorizationServer } from './oauth2-server.ts';

const CHILD = fileURLToPath(new URL('token-store-process.mjs', import.meta.url));
const CORE = new URL('../../dist', import.meta.url).href;

const CLIENT: ClientMetadata = {
  client_id: 'reader',
  client_secret: 'client-secret-of-two',
  grant_types: ['refresh_token', 'authorization_code'],
  redirect_uris: ['https://client.example.com/cb'],
  token_endpoint_auth_method: 'client_secret_post',
};

const tokensNumber = (number: number): Oauth2Tokens => ({
  accessToken: `access-token-${number}`,
  refreshToken: `refresh-token-${number}`,
  expiresAt: new Date(1_900_000_000_000 + number),
  obtainedAt: new Date(1_800_000_000_000),
});

/** What there is for a credential, without a change. */
const storedIn = async (store: TokenStore, name: string, refreshToken?: string): Promise<Oauth2Tokens | undefined> => {
  let found: Oauth2Tokens | undefined;
  await store
    .update({ name, refreshToken }, async (stored) => {
      found = stored;
      throw new Error('Only to look.');
    })
    .catch(() => {});
  return found;
};

test('keeps the tokens of several credentials in one private file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'deep', 'tokens.json');
  const store = TokenStore.open(path);

  await store.update({ name: 'a', refreshToken: 'first' }, async () => tokensNumber(1));
  await store.update({ name: 'b', refreshToken: 'other' }, async () => tokensNumber(2));

  expect(await storedIn(TokenStore.open(path), 'a', 'first')).toEqual(tokensNumber(1));
  expect(await storedIn(TokenStore.open(path), 'b', 'other')).toEqual(tokensNumber(2));
  expect(await storedIn(TokenStore.open(path), 'b', 'first')).toBeUndefined();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder.path, 'deep'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(folder.path, 'deep'))).toEqual(['tokens.json']);
  expect(await readFile(path, 'utf8')).not.toMatch(/"(first|other)"/);
});

test('knows a credential by every refresh token of its chain, and not by that of another login', async () => {
  await using folder = await temporaryFolder();
  const store = TokenStore.open(join(folder.path, 'tokens.json'));
  for (let number = 1; number <= 110; number++) {
    await store.update({ name: 'a', refreshToken: 'first' }, async () => tokensNumber(number));
  }

  const latest = tokensNumber(110);
  expect(await storedIn(store, 'a', 'first')).toEqual(latest);
  expect(await storedIn(store, 'a', 'refresh-token-109')).toEqual(latest);
  expect(await storedIn(store, 'a')).toEqual(latest);
  expect(await storedIn(store, 'a', 'refresh-token-1')).toBeUndefined();
  expect(await storedIn(store, 'a', 'after a new login')).toBeUndefined();
});

test('lets one change at a time work on a credential', async () => {
  await using folder = await temporaryFolder();
  const link = join(folder.path, 'link.json');
  await folder.write('tokens.json', '');
  await symlink(join(folder.path, 'tokens.json'), link);
  const stores = [TokenStore.open(join(folder.path, 'tokens.json')), TokenStore.open(link)];
  let inside = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      stores[number % 2]!.update({ name: 'a', refreshToken: 'first' }, async (stored) => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        return tokensNumber(Number(stored?.accessToken.split('-')[2] ?? 0) + 1);
      }),
    ),
  );

  expect(most).toBe(1);
  expect(await storedIn(stores[0]!, 'a', 'first')).toEqual(tokensNumber(20));
});

test.each([
  ['{"version":1,"credentials":', 'is not one'],
  [{ access_token: 'x' }, 'is not one'],
])('takes no other file for a store: %j', async (content, words) => {
  await using folder = await temporaryFolder();
  const path = await folder.write('tokens.json', content);

  const work = TokenStore.open(path).update({ name: 'a' }, async () => tokensNumber(1));

  await expect(work).rejects.toThrow(InputFileError);
  await expect(work).rejects.toThrow(words);
});

test('says that the store cannot be used', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write('file', 'x');
  const path = join(file, 'tokens.json');

  const work = TokenStore.open(path).update({ name: 'a' }, async () => tokensNumber(1));

  await expect(work).rejects.toThrow(`The token store ${path} cannot be used`);
  await expect(work).rejects.toThrow(InputFileError);
});

const start = (options: object) => {
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ core: CORE, ...options })], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stderr)]).then(([[code], said]) => ({ code, said }));
  return { child, ended };
};

/**
 * An API that lets each of two processes use a token five times at least, and no token for ever. It holds up the one that
 * is ahead, so that both need every token.
 */
const strictApi = async (server: AuthorizationServer) => {
  const api = await mockApi();
  const pages = new Map<string, number>();
  const uses = new Map<string, Map<string, number>>();
  const turns = new EventEmitter();
  api.on('GET /x', async ({ headers }) => {
    const token = (headers.authorization ?? '').slice('Bearer '.length);
    const name = String(headers['x-process']);
    if (!(await server.knowsToken(token))) return { status: 401 };
    const used = uses.get(token) ?? new Map<string, number>();
    uses.set(token, used.set(name, (used.get(name) ?? 0) + 1));
    pages.set(name, (pages.get(name) ?? 0) + 1);
    turns.emit('turn');
    if (used.size === 2 && Math.min(...used.values()) >= 5) await server.revokeAccessToken(token);
    while (pages.size < 2 || pages.get(name)! > Math.min(...pages.values()) + 5) await once(turns, 'turn');
    return { body: {} };
  });
  return api;
};

test('lets two processes share a credential whose refresh tokens can be used once', async () => {
  await using server = await authorizationServer([CLIENT]);
  await using api = await strictApi(server);
  await using folder = await temporaryFolder();
  const tokenStore = join(folder.path, 'tokens.json');
  const refreshToken = await server.refreshTokenFor('reader');
  const options = { tokenUrl: server.tokenUrl, apiUrl: `${api.url}/x`, refreshToken, tokenStore, pages: 100 };

  const ends = await Promise.all(['one', 'two'].map((name) => start({ ...options, name }).ended));

  expect(ends).toEqual(ends.map(() => ({ code: 0, said: '' })));
  expect(server.refused).toEqual([]);
  expect(server.granted.length).toBeGreaterThanOrEqual(5);
  // At most one for each token that both have used five times.
  expect(server.granted.length).toBeLessThanOrEqual(21);
  expect(await readFile(tokenStore, 'utf8')).not.toContain(refreshToken);
  expect(await readdir(folder.path)).toEqual(['tokens.json']);
});

test('is all an authenticator needs to know of a credential', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const tokenStore = TokenStore.open(join(folder.path, 'tokens.json'));
  await tokenStore.update({ name: 'mine', refreshToken: 'of the login' }, async () => ({
    ...tokensNumber(1),
    expiresAt: new Date(0),
  }));
  api.on('POST /token', { body: { access_token: 'access-token-2', refresh_token: 'refresh-token-2' } });
  api.on('GET /x', ({ headers }) => ({ status: headers.authorization === 'Bearer access-token-2' ? 200 : 401 }));
  const options = { tokenUrl: `${api.url}/token`, grant: 'refresh_token', tokenStore, storeKey: 'mine' } as const;

  for (let run = 0; run < 2; run++) {
    const send = createClient({ authenticator: new Oauth2Authenticator(options) });
    await send({ method: 'GET', url: `${api.url}/x`, headers: {} });
  }

  expect(api.requests.map(({ path, body }) => [path, body])).toEqual([
    ['/token', 'grant_type=refresh_token&refresh_token=refresh-token-1'],
    ['/x', ''],
    ['/x', ''],
  ]);
});

test('goes on after a process was killed while it held the lock', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  let tokens = 0;
  let onAsked = (): void => {};
  const firstAsked = new Promise<void>((resolve) => (onAsked = resolve));
  api.on(
    'POST /token',
    () => {
      onAsked();
      return { fault: { kind: 'stall' } };
    },
    () => ({ body: { access_token: `access-${++tokens}`, refresh_token: 'refresh-1', expires_in: 3600 } }),
  );
  api.on('GET /x', { body: {} });
  const tokenStore = join(folder.path, 'tokens.json');
  const options = {
    tokenUrl: `${api.url}/token`,
    apiUrl: `${api.url}/x`,
    refreshToken: 'refresh-0',
    tokenStore,
    pages: 3,
  };

  const first = start(options);
  await firstAsked;
  expect((await readdir(folder.path)).some((name) => name.endsWith('.lock'))).toBe(true);
  const second = start(options);
  first.child.kill('SIGKILL');

  expect(await second.ended).toEqual({ code: 0, said: '' });
  expect(tokens).toBe(1);
  expect(await readdir(folder.path)).toEqual(['tokens.json']);
  await first.ended;
});

test('keeps the tokens of every credential in the store that the environment names', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('POST /token', { body: { access_token: 'token-of-the-environment', expires_in: 3600 } });
  api.on('GET /items', { body: [] });
  const path = join(folder.path, 'tokens.json');
  process.env['HEADWATER_TOKEN_STORE'] = path;
  try {
    const authenticator = new Oauth2Authenticator({
      tokenUrl: `${api.url}/token`,
      clientId: 'a',
      clientSecret: 'secret-of-the-environment',
    });
    await createClient({ authenticator })({ method: 'GET', url: `${api.url}/items`, headers: {} });
  } finally {
    delete process.env['HEADWATER_TOKEN_STORE'];
  }

  expect(await readFile(path, 'utf8')).toContain('token-of-the-environment');
});
