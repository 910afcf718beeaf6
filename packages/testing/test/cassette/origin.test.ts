import { join } from 'node:path';

import { createClient, SessionTokenAuthenticator, type Authenticator, type HttpRequest } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { useCassettes } from '../../src/cassette/index.ts';
import { mockApi } from '../../src/mock-api.ts';
import { filesIn, temporaryFolder } from './setup.ts';

const API = 'https://api.example.invalid';

const get = (path: string): HttpRequest => ({ method: 'GET', url: `${API}${path}`, headers: {} });

/** Records one request to `API`, and gives the text of its answer and of the cassette. */
const recorded = async (origin: string, path: string, authenticator?: Authenticator) => {
  await using folder = await temporaryFolder();
  const cassettes = await useCassettes({ directory: join(folder.path, 'cassettes'), mode: 'record', origin });
  try {
    const send = createClient(authenticator ? { authenticator } : {});
    const { bytes, url } = await send(get(path));
    await cassettes.close();
    return { text: Buffer.from(bytes).toString(), url, cassette: (await filesIn(folder))['connection.json'] ?? '' };
  } finally {
    await cassettes.close();
  }
};

test('follows a redirect that stays at the given origin', async () => {
  await using api = await mockApi();
  api
    .on('GET /old', { status: 301, headers: { location: `${api.url}/new` } })
    .on('GET /new', { body: { here: `${api.url}/new` } });

  const { text, url, cassette } = await recorded(api.url, '/old');

  expect(JSON.parse(text)).toEqual({ here: `${API}/new` });
  expect(url).toBe(`${API}/new`);
  expect(cassette).not.toContain('127.0.0.1');
});

test('asks no other origin than the given one, even where that redirects to another', async () => {
  await using other = await mockApi();
  await using api = await mockApi();
  api.on('GET /away', { status: 302, headers: { location: `${other.url}/real` } });

  await expect(recorded(api.url, '/away')).rejects.toThrow(
    `HEADWATER_CASSETTE_ORIGIN: ${api.url} redirects to ${other.url}, and no other origin is asked`,
  );
  expect(other.requests).toEqual([]);
});

test('keeps the cookies of a login for the API that was asked', async () => {
  await using api = await mockApi();
  api
    .on('POST /login', { status: 204, headers: { 'set-cookie': 'sid=c00kie-of-the-session; Path=/; Secure' } })
    .on('GET /data', ({ headers }) => ({ body: { cookie: headers.cookie } }));
  const authenticator = new SessionTokenAuthenticator({
    login: { url: `${API}/login`, body: { user: 'me', password: 'correct horse' } },
    token: { cookie: 'sid' },
    place: { header: 'cookie', prefix: 'sid=' },
  });

  const { text, cassette } = await recorded(api.url, '/data', authenticator);

  expect(text).toContain('c00kie-of-the-session');
  expect(cassette).not.toContain('c00kie-of-the-session');
});
