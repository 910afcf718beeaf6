import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import {
  createClient,
  HttpConnections,
  registerSecret,
  SessionTokenAuthenticator,
  SseStream,
  type HttpRequest,
  type SliceContext,
} from '@headwater/core';

import { useCassettes, type Cassette, type CassetteOptions } from '../../src/cassette/index.ts';
import { collect } from '../../src/collect.ts';
import { mockApi, type MockApi } from '../../src/mock-api.ts';
import { filesIn, temporaryFolder } from './setup.ts';

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  ...more,
});

const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

/** What `act` gets from the API while it is recorded, and when it is gone. */
const twice = async <T>(
  prepare: (api: MockApi) => void,
  act: (url: string) => Promise<T>,
  options: Partial<CassetteOptions> = {},
) => {
  await using folder = await temporaryFolder();
  const directory = join(folder.path, 'cassettes');
  const during = async (mode: 'record' | 'replay') => {
    await using cassettes = await useCassettes({ directory, mode, ...options });
    const got = await act(api.url);
    return { got, unused: cassettes.unused() };
  };
  const api = await mockApi();
  prepare(api);
  const { got: recorded } = await during('record').finally(() => api.close());
  const files = await filesIn(folder);
  const { got: replayed, unused } = await during('replay');
  return { recorded, replayed, unused, files };
};

test('answers each request as often as it was recorded, in the recorded order, and no more often', async () => {
  const outcome = await twice(
    (api) => api.on('GET /n', { body: { n: 1 } }, { body: { n: 2 } }),
    async (url) => {
      const send = createClient();
      return [textOf(await send(get(`${url}/n`))), textOf(await send(get(`${url}/n`)))];
    },
  );
  expect(outcome.replayed).toEqual(['{"n":1}', '{"n":2}']);
  expect(outcome.replayed).toEqual(outcome.recorded);

  let calls = 0;
  const more = twice(
    (api) => api.on('GET /n', { body: { n: 1 } }),
    async (url) => {
      const send = createClient();
      for (let call = 0; call <= calls; call++) await send(get(`${url}/n`));
      calls++;
    },
  );
  await expect(more).rejects.toThrow(/\/n is asked more often than it was recorded \(1 time\)/);
});

test('answers in any order, and tells what was not asked', async () => {
  let turn = 0;
  const { recorded, replayed, unused } = await twice(
    (api) => api.on('GET /items/:id', ({ params }) => ({ body: params })),
    async (url) => {
      const ids = turn++ === 0 ? ['1', '2', '3'] : ['3', '1'];
      const send = createClient();
      return Promise.all(ids.map(async (id) => textOf(await send(get(`${url}/items/${id}?b=1&a=2`)))));
    },
  );

  expect(recorded).toEqual(['{"id":"1"}', '{"id":"2"}', '{"id":"3"}']);
  expect(replayed).toEqual(['{"id":"3"}', '{"id":"1"}']);
  expect(unused).toEqual([{ stream: undefined, method: 'GET', url: expect.stringContaining('/items/2?b=1&a=2') }]);
});

test('tells bodies apart, whatever the order of their members and parameters', async () => {
  let turn = 0;
  const { recorded, replayed } = await twice(
    (api) => api.on('POST /search', ({ body }) => ({ body: { got: body.includes('issues') ? 'issues' : 'users' } })),
    async (url) => {
      turn++;
      const post = async (body: string, type: string): Promise<string> => {
        const headers = { 'content-type': type };
        return textOf(await createClient()(get(`${url}/search`, { method: 'POST', body, headers })));
      };
      const json = turn === 1 ? '{"kind":"issues","page":1}' : '{ "page": 1, "kind": "issues" }';
      const form = turn === 1 ? 'kind=users&password=real-secret-1' : 'password=dummy&kind=users';
      return [await post(json, 'application/json'), await post(form, 'application/x-www-form-urlencoded')];
    },
  );

  expect(recorded).toEqual(['{"got":"issues"}', '{"got":"users"}']);
  expect(replayed).toEqual(recorded);
});

test('keeps text, bytes, exact numbers, links and headers as they were', async () => {
  const zip = Buffer.from([0x50, 0x4b, 0, 1, 0xff, 0xfe]);
  const { recorded, replayed, files } = await twice(
    (api) =>
      api
        .on('GET /csv', { body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv', 'x-total-count': 7 } })
        .on('GET /zip', { body: zip })
        .on('GET /numbers', { body: '{"a":9007199254740993,"b":0.12345678901234567890,"c":1e400}' })
        .on('GET /none', { status: 204 })
        .on('GET /list', ({ query }) => ({
          body: '[]',
          headers: {
            link: `<http://127.0.0.1/list?cursor=${encodeURIComponent(query.get('c') ?? '')}&token=t0ken-of-a-page>; rel="next"`,
          },
        })),
    async (url) => {
      const send = createClient();
      const answers = await Promise.all(
        ['csv', 'zip', 'numbers', 'none', 'list?c=x%20y'].map((path) => send(get(`${url}/${path}`))),
      );
      return answers.map(({ status, headers, bytes }) => [
        status,
        headers['x-total-count'],
        headers['link']?.replace(/token=[\w-]+/, ''),
        Buffer.from(bytes).toString('latin1'),
      ]);
    },
  );

  expect(replayed).toEqual(recorded);
  expect(files['connection.json']).not.toContain('t0ken-of-a-page');
  expect(files['connection.json']).toContain('"a": 9007199254740993, "b": 0.12345678901234567890, "c": 1e400');
});

test('replays a login by cookie, and pages whose token is called token', async () => {
  let known: string | undefined;
  const { replayed, files } = await twice(
    (api) =>
      api
        .on('POST /login', { status: 204, headers: { 'set-cookie': 'sid=c00kie-of-the-session; Path=/' } })
        .on('GET /data', ({ query, headers }) => {
          known = headers.cookie;
          return { body: query.has('token') ? { items: [2] } : { items: [1], token: 'page-token-0002' } };
        }),
    async (url) => {
      const authenticator = new SessionTokenAuthenticator({
        login: { url: `${url}/login`, body: { user: 'me', password: 'correct horse' } },
        token: { cookie: 'sid' },
        place: { header: 'cookie', prefix: 'sid=' },
      });
      const send = createClient({ authenticator });
      const first = JSON.parse(textOf(await send(get(`${url}/data`)))) as { token: string };
      const second = JSON.parse(textOf(await send(get(`${url}/data?token=${first.token}`)))) as object;
      return { ...first, ...second, token: '' };
    },
  );

  expect(known).toContain('c00kie-of-the-session');
  expect(replayed).toEqual({ items: [2], token: '' });
  const text = Object.values(files).join('');
  for (const secret of ['c00kie-of-the-session', 'correct horse', 'page-token-0002'])
    expect(text).not.toContain(secret);
});

test('replays streams of events and connections', async () => {
  class Events extends SseStream {
    override readonly name = 'events';
    override readonly schema = {};
    override readonly maxEvents = 2;
    override readonly urlBase;
    constructor(url: string) {
      super();
      this.urlBase = url;
    }
    path(_context: SliceContext): string {
      return 'events';
    }
  }
  const { recorded, replayed, files } = await twice(
    (api) =>
      api
        .on('GET /events', {
          body: 'id: 1\ndata: {"n":1}\n\nid: 2\ndata: {"n":2,"password":"hunter-two"}\n\n',
          headers: { 'content-type': 'text/event-stream' },
        })
        .on('GET /me', { body: { me: 1 } }),
    async (url) => {
      const connections = new HttpConnections({ api: { baseUrl: url } });
      const me = (await connections.get('api').get('me')).json();
      await connections[Symbol.asyncDispose]();
      return [await collect(new Events(url)), me].flat().map((record) => (record as { n?: number }).n ?? record);
    },
  );

  expect(recorded).toHaveLength(3);
  expect(replayed).toEqual(recorded);
  expect(Object.keys(files)).toEqual(['connection.json', 'events.json']);
  expect(files['events.json']).not.toContain('hunter-two');
});

test('does not wait for what a recorded answer asks to wait for', async () => {
  const { replayed } = await twice(
    (api) => api.on('GET /x', { status: 429, headers: { 'retry-after': '0.2' } }, { body: {} }),
    async (url) => {
      const began = performance.now();
      const { headers } = await createClient({ retry: { rules: [{ status: 429, verdict: 'success' }] } })(
        get(`${url}/x`),
      );
      await createClient()(get(`${url}/x`));
      return [headers['retry-after'], performance.now() - began > 0];
    },
  );

  expect(replayed[0]).toBe('0.001');
});

test('refuses a file that is no cassette, and a folder without any', async () => {
  await using folder = await temporaryFolder();
  await expect(useCassettes({ directory: folder.path, mode: 'replay' })).rejects.toThrow('There is no cassette in');
  await writeFile(join(folder.path, 'connection.json'), '{"cassette":');
  await using cassettes = await useCassettes({ directory: folder.path, mode: 'replay' });
  await expect(createClient()(get('http://127.0.0.1:1/'))).rejects.toThrow('connection.json is no JSON. Delete it');
  expect(cassettes.mode).toBe('replay');
});

test('gives the wire back at the end, and leaves a client with its own alone', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', { body: 1 });
  await folder.write('connection.json', { cassette: 1, complete: true, interactions: [] } satisfies Cassette);
  const send = createClient();
  const own = createClient({
    wire: async (request) => ({ request, status: 200, headers: {}, url: request.url, bytes: Buffer.from('own') }),
  });
  const cassettes = await useCassettes({ directory: folder.path, mode: 'replay' });

  await expect(send(get(`${api.url}/x`))).rejects.toThrow('was not recorded');
  expect(textOf(await own(get('http://nowhere.invalid/')))).toBe('own');
  await cassettes.close();
  expect(textOf(await send(get(`${api.url}/x`)))).toBe('1');
});

test('masks a secret in a path, whatever it is in the replay', async () => {
  const secrets = ['account-of-the-real-one', 'dummy-account'];
  let turn = 0;
  const { replayed, files } = await twice(
    (api) => api.on('GET /accounts/:id/items', ({ params }) => ({ body: { mine: params['id'] } })),
    async (url) => {
      const secret = secrets[turn++] ?? '';
      registerSecret(secret);
      return textOf(await createClient()(get(`${url}/accounts/${secret}/items`)));
    },
  );

  expect(replayed).toBe('{"mine":"****"}');
  expect(files['connection.json']).not.toContain('account-of-the-real-one');
});
