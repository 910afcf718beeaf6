import { join } from 'node:path';

import { createClient } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { useCassettes, type Cassette } from '../../src/cassette/index.ts';
import { mockApi } from '../../src/mock-api.ts';
import { CLIENT_SECRET, exampleApi, filesIn, run, temporaryFolder, type RunCall } from './setup.ts';

const form = (url: string, fields: Record<string, string>) => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

const requestsIn = (text = ''): string[] =>
  (JSON.parse(text) as Cassette).interactions.map(({ request, response }) =>
    [request.text ?? new URL(request.url).search, JSON.stringify(response.json)].join(' -> '),
  );

test('replaces the token request of an earlier recording, whatever the credentials were', async () => {
  await using folder = await temporaryFolder();
  const record = { HEADWATER_CASSETTE: 'record' };
  const api = await exampleApi();
  const call: RunCall = { env: record, streams: ['users'] };
  await run(folder, api.url, call);
  const first = requestsIn((await filesIn(folder))['connection.json']);
  await run(folder, api.url, { ...call, config: { refresh_token: 'another-refresh-token' } });
  await run(folder, api.url, { ...call, config: { client_secret: 'another-secret-1' } });
  await api.close();
  const last = requestsIn((await filesIn(folder))['connection.json']);
  const replayed = await run(folder, api.url, { ...call, env: { HEADWATER_CASSETTE: 'replay' } });

  expect(first).toHaveLength(1);
  expect(last).toHaveLength(1);
  expect(last).not.toEqual(first);
  expect(last[0]).not.toContain(CLIENT_SECRET);
  expect(replayed.errors).toEqual([]);
  expect(replayed.recordsOf('users')).toHaveLength(4);
});

test('replaces a chain of tokens as a whole, and no request that differs in anything else', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  let given = 0;
  api.on('POST /token', () => ({ body: { refresh_token: `refresh-token-number-${++given}` } }));
  const directory = join(folder.path, 'cassettes');
  const record = async (refreshToken: string, scope: string) => {
    await using cassettes = await useCassettes({ directory, mode: 'record' });
    const send = createClient();
    for (let [token, turn] = [refreshToken, 0]; turn < 2; turn++) {
      const { bytes } = await send(form(`${api.url}/token`, { refresh_token: token, scope }));
      token = (JSON.parse(Buffer.from(bytes).toString()) as { refresh_token: string }).refresh_token;
    }
    return cassettes.mode;
  };
  await record('token-of-monday', 'read');
  await record('token-of-tuesday', 'read');
  await record('token-of-tuesday', 'write');

  const asked = requestsIn((await filesIn(folder))['connection.json']);
  expect(asked.map((one) => /scope=(\w+)/.exec(one)?.[1])).toEqual(['read', 'read', 'write', 'write']);
});

test('keeps the pages whose token an answer that stays gave', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /data', ({ query }) => {
    const { since = 'ever', token } = Object.fromEntries(query) as Record<string, string>;
    return { body: token === undefined ? { token: `page-two-since-${since}` } : { end: token.slice(-5) } };
  });
  const directory = join(folder.path, 'cassettes');
  const read = async (mode: 'record' | 'replay', query: string) => {
    await using cassettes = await useCassettes({ directory, mode });
    const send = createClient();
    const get = async (search: string) => {
      const { bytes } = await send({ method: 'GET', url: `${api.url}/data${search}`, headers: {} });
      return JSON.parse(Buffer.from(bytes).toString()) as { token: string; end: string };
    };
    const { token } = await get(query);
    return { mode: cassettes.mode, end: (await get(`?token=${token}`)).end };
  };
  await read('record', '');
  await read('record', '?since=00005');
  await read('record', '?since=00005');

  expect(requestsIn((await filesIn(folder))['connection.json'])).toHaveLength(4);
  expect(await read('replay', '')).toEqual({ mode: 'replay', end: '-ever' });
  expect(await read('replay', '?since=00005')).toEqual({ mode: 'replay', end: '00005' });
});
