import { expect, test } from '@jest/globals';
import {
  ConnectorError,
  HttpStream,
  PageLoopError,
  RecordsPathError,
  TokenAuthenticator,
  linkHeader,
  recordsOf,
  type HttpResponse,
  type JsonObject,
  type PageContext,
} from '@headwater/core';
import { collect, mockApi } from '@headwater/testing';
import { quick } from '../http/quick.ts';
import { Items, type Config } from './items.ts';

const configOf = ({ url }: { url: string }) => ({ config: { base_url: url }, http: { retry: quick } });

test('gives every hook one context of slice, page token, state and config', async () => {
  await using api = await mockApi();
  api.on('POST /items/a', { body: { items: [{ id: 1 }], next: 'p2' } }, { body: { items: [] } });
  const seen: unknown[] = [];
  const note = (hook: string, { slice, nextPageToken, state, config }: PageContext) =>
    seen.push([hook, slice, nextPageToken, state, config]);
  class Noting extends Items {
    override readonly method = 'post';
    override path(context: PageContext<Config>) {
      note('path', context);
      return `items/${context.slice['id']}`;
    }
    override requestParams(context: PageContext) {
      note('requestParams', context);
      return { page: context.nextPageToken, tags: ['x', 'y'] };
    }
    override requestHeaders(context: PageContext) {
      note('requestHeaders', context);
      return { 'X-Custom': '1', Accept: 'application/x' };
    }
    override requestBody(context: PageContext) {
      note('requestBody', context);
      return { since: context.state['at'], exact: 9007199254740993n };
    }
    override nextPageToken(response: HttpResponse<{ next?: string }>) {
      note('nextPageToken', response);
      return response.body.next;
    }
  }
  const config = { base_url: api.url };
  const records = await collect(new Noting({ config }), { slice: { id: 'a' }, state: { at: 5 } });

  expect(records).toEqual([{ id: 1 }]);
  const hooks = ['path', 'requestParams', 'requestBody', 'requestHeaders', 'nextPageToken'];
  const calls = (token: string | undefined) => hooks.map((hook) => [hook, { id: 'a' }, token, { at: 5 }, config]);
  expect(seen).toHaveLength(10);
  expect(seen).toEqual(expect.arrayContaining([...calls(undefined), ...calls('p2')]));
  expect(api.requests.map(({ query }) => query.toString())).toEqual(['tags=x&tags=y', 'page=p2&tags=x&tags=y']);
  expect(api.requests[0]).toMatchObject({
    method: 'POST',
    body: '{"since":5,"exact":9007199254740993}',
    headers: { 'x-custom': '1', accept: 'application/x', 'content-type': 'application/json' },
  });
});

test.each([
  [new URLSearchParams({ a: 'b c' }), 'a=b+c', 'application/x-www-form-urlencoded'],
  ['plain', 'plain', 'text/plain; charset=utf-8'],
  [[1, 2], '[1,2]', 'application/json'],
  [new Uint8Array([104, 105]), 'hi', 'application/octet-stream'],
])('sends the body %p', async (body, sent, contentType) => {
  await using api = await mockApi();
  api.on('POST /items', { body: { items: [] } });
  class Posting extends Items {
    override readonly method = 'POST';
    override requestBody() {
      return body;
    }
  }
  await collect(new Posting(configOf(api)));

  expect(api.requests[0]).toMatchObject({ body: sent, headers: { 'content-type': contentType } });
});

test('hands all hooks one decoded body, with status, headers, text and bytes', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }] }, headers: { 'x-total': '1' } });
  const bodies: unknown[] = [];
  class Parsing extends Items {
    override shouldRetry({ body }: HttpResponse) {
      bodies.push(body);
      return false;
    }
    override parseResponse({ body, status, headers, url, text, bytes }: HttpResponse<{ items: JsonObject[] }>) {
      bodies.push(body);
      expect([status, headers['x-total'], url]).toEqual([200, '1', `${api.url}/items`]);
      expect(text()).toBe('{"items":[{"id":1}]}');
      expect(Buffer.from(bytes()).toString()).toBe(text());
      return body.items;
    }
    override nextPageToken({ body }: HttpResponse<{ next?: string }>) {
      bodies.push(body);
      return null;
    }
  }
  await collect(new Parsing(configOf(api)));

  expect(bodies).toHaveLength(3);
  expect(bodies[1]).toBe(bodies[0]);
  expect(bodies[2]).toBe(bodies[0]);
});

test.each([
  ['an array', (items: JsonObject[]) => items],
  ['a set', (items: JsonObject[]) => new Set(items)],
  ['a promise', async (items: JsonObject[]) => items],
  [
    'a generator',
    function* (items: JsonObject[]) {
      yield* items;
    },
  ],
  [
    'an async generator',
    async function* (items: JsonObject[]) {
      for (const item of items) yield item;
    },
  ],
])('takes %s from parseResponse', async (_name, give) => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }, { id: 2 }] } });
  class Parsing extends Items {
    override parseResponse({ body }: HttpResponse<{ items: JsonObject[] }>) {
      return give(body.items);
    }
  }

  expect(await collect(new Parsing(configOf(api)))).toEqual([{ id: 1 }, { id: 2 }]);
});

test('says what a hook that returns the wrong thing should return', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [], next: { page: 2 } } });
  class Silent extends Items {
    override parseResponse() {
      return undefined as never;
    }
  }
  class Unfinished extends Items {
    override readonly recordsPath = undefined as never;
  }

  await expect(collect(new Silent(configOf(api)))).rejects.toThrow(/parseResponse of stream "silent" returned nothing/);
  await expect(collect(new Items(configOf(api)))).rejects.toThrow(/nextPageToken .* returned a value of type object/);
  await expect(collect(new Unfinished(configOf(api)))).rejects.toThrow(/neither recordsPath nor parseResponse/);
});

test('says how far a recordsPath leads', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { data: [] } });
  const error = await collect(new Items(configOf(api))).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(RecordsPathError);
  expect(String(error)).toContain('$.items[*]');
  expect(String(error)).toContain('data');
  expect(String(error)).toContain(`GET ${api.url}/items`);
  expect(String(error)).toContain('stream "items"');
});

test('asks for the next page while a page is being used, and leaves no request behind', async () => {
  await using api = await mockApi();
  let asked = 0;
  api.on('GET /items', () => ({ body: { items: [{ id: ++asked }], next: `p${asked}` } }));
  const stream = new Items(configOf(api));
  for await (const record of recordsOf(stream)) {
    expect(record).toEqual({ id: 1 });
    while (api.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect(api.requests).toHaveLength(2);
});

test('yields the page before a failing one', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }], next: 'p2' } }, { status: 404 });
  const got: unknown[] = [];
  const reading = (async () => {
    for await (const record of recordsOf(new Items(configOf(api)))) got.push(record);
  })();

  await expect(reading).rejects.toThrow(/404/);
  expect(got).toEqual([{ id: 1 }]);
});

test.each([
  ['the same token', ['a', 'a']],
  ['a longer circle', ['a', 'b', 'c', 'a']],
  ['an empty token', ['', '']],
])('ends at %s', async (_name, tokens) => {
  await using api = await mockApi();
  const answers = tokens.map((next, id) => ({ body: { items: [{ id }], next } }));
  for (const answer of answers) api.reply(answer);

  await expect(collect(new Items(configOf(api)))).rejects.toThrow(PageLoopError);
  expect(api.requests).toHaveLength(tokens.length);
});

test('allows the same token in another slice', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => ({ body: { items: [{ id: 1 }], next: query.has('page') ? null : 'p2' } }));
  class Paged extends Items {
    override requestParams({ nextPageToken }: PageContext) {
      return { page: nextPageToken };
    }
  }
  const stream = new Paged(configOf(api));

  expect(await collect(stream, { slice: { a: 1 } })).toHaveLength(2);
  expect(await collect(stream, { slice: { a: 2 } })).toHaveLength(2);
});

test('follows the Link header as it is, and stops at one that leads back', async () => {
  await using api = await mockApi();
  class Linked extends HttpStream<JsonObject, Config> {
    override readonly urlBase = this.config.base_url;
    override readonly recordsPath = '$[*]';
    override readonly paginator = linkHeader();
    path() {
      return 'items';
    }
    override requestParams() {
      return { per_page: 1 };
    }
  }
  const link = (query: string) => ({ link: `<${api.url}/items?${query}>; rel="next"` });
  api.reply(200, [{ id: 1 }], link('cursor=a%2Fb+c')).reply(200, [{ id: 2 }], link('per_page=1'));
  const got: unknown[] = [];
  const reading = (async () => {
    for await (const record of recordsOf(new Linked(configOf(api)))) got.push(record);
  })();

  await expect(reading).rejects.toThrow(PageLoopError);
  expect(got).toEqual([{ id: 1 }, { id: 2 }]);
  expect(api.requests.map(({ query }) => query.toString())).toEqual(['per_page=1', 'cursor=a%2Fb+c']);
});

test('sends no credential to another origin a Link header names', async () => {
  await using api = await mockApi();
  await using other = await mockApi();
  class Linked extends HttpStream<JsonObject, Config> {
    override readonly urlBase = this.config.base_url;
    override readonly recordsPath = '$[*]';
    override readonly paginator = linkHeader();
    override readonly authenticator = new TokenAuthenticator('a-token-of-ours');
    path() {
      return 'items';
    }
  }
  api.reply(200, [{ id: 1 }], { link: `<${other.url}/items>; rel="next"` });

  await expect(collect(new Linked(configOf(api)))).rejects.toThrow(ConnectorError);
  expect(api.requests[0]?.headers['authorization']).toBe('Bearer a-token-of-ours');
  expect(other.requests).toEqual([]);
});

test('sends a cached request once', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }, { id: 2 }] } });
  class Cached extends Items {
    override readonly useCache = true;
  }
  const stream = new Cached(configOf(api));
  const [first, second] = await Promise.all([collect(stream), collect(stream)]);
  const third = await collect(stream);

  expect(api.requests).toHaveLength(1);
  expect([first, second, third]).toEqual([first, first, first]);
});

test('caches no failure and no answer for another credential', async () => {
  await using api = await mockApi();
  api.on('GET /items', { status: 503 }, { body: { items: [{ id: 1 }] } }, { body: { items: [{ id: 2 }] } });
  let token = 'one';
  class Cached extends Items {
    override readonly useCache = true;
    override requestHeaders() {
      return { authorization: token };
    }
  }
  const stream = new Cached(configOf(api));

  expect(await collect(stream)).toEqual([{ id: 1 }]);
  token = 'two';
  expect(await collect(stream)).toEqual([{ id: 2 }]);
  token = 'one';
  expect(await collect(stream)).toEqual([{ id: 1 }]);
  expect(api.requests).toHaveLength(3);
});

test('lets shouldRetry and backoffTime decide with the whole response', async () => {
  await using api = await mockApi();
  api.reply(200, { status: 'building' }).reply(200, { items: [{ id: 1 }] });
  const calls: unknown[] = [];
  class Deciding extends Items {
    override shouldRetry({ body }: HttpResponse) {
      return (body as JsonObject)['status'] === 'building';
    }
    override backoffTime({ attempt, body, slice }: HttpResponse & { attempt: number }) {
      calls.push([attempt, body, slice]);
      return 3;
    }
  }

  expect(await collect(new Deciding(configOf(api)), { slice: { s: 1 } })).toEqual([{ id: 1 }]);
  expect(calls).toEqual([[1, { status: 'building' }, { s: 1 }]]);
});
