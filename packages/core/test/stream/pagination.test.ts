import { expect, test } from '@jest/globals';
import {
  ConnectorError,
  HttpStream,
  PageLoopError,
  recordsOf,
  sliceContext,
  type HttpOptions,
  type HttpResponse,
  type JsonObject,
  type PageContext,
} from '@headwater/core';
import { collect, mockApi, type MockApi } from '@headwater/testing';
import { cursor } from '../../src/paginate/cursor.ts';
import { nextUrl } from '../../src/paginate/next-url.ts';
import { offset } from '../../src/paginate/offset.ts';
import { pageNumber } from '../../src/paginate/page-number.ts';
import { compileRecordMatcher } from '../../src/parse/record-matcher.ts';
import type { Paginator } from '../../src/paginate/paginator.ts';
import type { PageToken } from '../../src/stream/page-context.ts';
import { quick } from '../http/quick.ts';

interface Options {
  readonly paginator?: Paginator;
  readonly parallelPages?: number;
  readonly http?: HttpOptions;
}

class Items extends HttpStream {
  override readonly urlBase: string;
  override readonly recordsPath = '$.items[*]';
  override readonly paginator: Paginator;
  override readonly parallelPages: number;

  constructor({ url }: MockApi, { paginator = pageNumber(), parallelPages = 1, http = {} }: Options) {
    super({ http: { retry: quick, ...http } });
    this.urlBase = url;
    this.paginator = paginator;
    this.parallelPages = parallelPages;
  }

  path(_context: PageContext): string {
    return 'items';
  }
}

/** A list of `count` records behind `?offset&limit`. */
const listOf = (api: MockApi, count: number, delay: (offset: number) => number = () => 0): void => {
  api.on('GET /items', ({ query }) => {
    const at = Number(query.get('offset'));
    const end = Math.min(count, at + Number(query.get('limit')));
    const items = Array.from({ length: Math.max(0, end - at) }, (_, index) => ({ id: at + index }));
    return { body: { total: count, items }, delay: delay(at) };
  });
};

const ids = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const offsets = (api: MockApi) => api.requests.map(({ query }) => Number(query.get('offset')));

test('counts pages beside the parameters of the stream', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => ({
    body: { items: query.get('page') === '3' ? [] : [{ id: query.get('page') }] },
  }));
  class Filtered extends Items {
    override requestParams() {
      return { state: 'open', page: 'overridden' };
    }
  }

  expect(await collect(new Filtered(api, {}))).toEqual([{ id: '1' }, { id: '2' }]);
  expect(api.requests.map(({ query }) => query.toString())).toEqual([
    'state=open&page=1',
    'state=open&page=2',
    'state=open&page=3',
  ]);
});

test('merges a cursor into the body of a POST', async () => {
  await using api = await mockApi();
  api.on('POST /items', { body: { items: [{ id: 1 }], next: 'c' } }, { body: { items: [{ id: 2 }] } });
  class Search extends Items {
    override readonly method = 'POST';
    override requestBody() {
      return { filter: 'x', page: { size: 5 } };
    }
  }
  const paginator = cursor({ from: '$.next', in: 'body', param: '$.page.after' });

  expect(await collect(new Search(api, { paginator }))).toHaveLength(2);
  expect(api.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { filter: 'x', page: { size: 5 } },
    { filter: 'x', page: { size: 5, after: 'c' } },
  ]);
});

test('puts a cursor into a form, a header, or a body of its own', async () => {
  await using api = await mockApi();
  api.on('POST /items', ({ body, headers }) => {
    const last = body.includes('after') || headers['x-after'] !== undefined;
    return { body: { items: [{ id: 1 }], next: last ? null : 'c' } };
  });
  const sent = async (body: URLSearchParams | undefined, place: 'body' | 'header', param: string) => {
    class Form extends Items {
      override readonly method = 'POST';
      override requestBody() {
        return body;
      }
    }
    await collect(new Form(api, { paginator: cursor({ from: '$.next', in: place, param }) }));
    const last = api.requests.at(-1);
    return [last?.body, last?.headers['x-after']];
  };

  expect(await sent(new URLSearchParams({ a: '1' }), 'body', 'after')).toEqual(['a=1&after=c', undefined]);
  expect(await sent(undefined, 'body', 'after')).toEqual(['{"after":"c"}', undefined]);
  expect(await sent(undefined, 'header', 'X-After')).toEqual(['', 'c']);
});

test('says so when a body has no place for a cursor', async () => {
  await using api = await mockApi();
  api.on('POST /items', { body: { items: [{ id: 1 }], next: 'c' } });
  class Text extends Items {
    override readonly method = 'POST';
    override requestBody() {
      return 'text';
    }
  }
  const reading = collect(new Text(api, { paginator: cursor({ from: '$.next', in: 'body' }) }));

  await expect(reading).rejects.toThrow(/sends cursor in the body, but requestBody returned no object/);
});

test('works by hand from nextPageToken', async () => {
  await using api = await mockApi();
  listOf(api, 5);
  const pages = offset({ limit: 2 });
  class ByHand extends HttpStream {
    override readonly urlBase = api.url;
    override readonly recordsPath = '$.items[*]';
    path() {
      return 'items';
    }
    override requestParams({ nextPageToken }: PageContext) {
      return { ...pages.request(nextPageToken).params };
    }
    override nextPageToken(response: HttpResponse): PageToken | undefined {
      return pages.next(response);
    }
  }

  expect(await collect(new ByHand())).toEqual(ids(5));
  expect(offsets(api)).toEqual([0, 2, 4]);
});

test('follows a next URL in the body, but not to another origin', async () => {
  await using api = await mockApi();
  await using other = await mockApi();
  api.reply(200, { items: [{ id: 1 }], next: '/items?c=2' });
  api.reply(200, { items: [{ id: 2 }], next: `${other.url}/items` });
  const got: JsonObject[] = [];
  const reading = (async () => {
    for await (const record of recordsOf(new Items(api, { paginator: nextUrl({ from: '$.next' }) }))) got.push(record);
  })();

  await expect(reading).rejects.toThrow(/the credential is not sent there/);
  expect(got).toEqual([{ id: 1 }, { id: 2 }]);
  expect(api.requests.map(({ query }) => query.toString())).toEqual(['', 'c=2']);
  expect(other.requests).toEqual([]);
});

test('yields all records to the depth limit before it fails there', async () => {
  await using api = await mockApi();
  listOf(api, 9);
  const got: JsonObject[] = [];
  const reading = (async () => {
    for await (const record of recordsOf(new Items(api, { paginator: offset({ limit: 2, maxDepth: 6 }) }))) {
      got.push(record);
    }
  })();

  await expect(reading).rejects.toThrow(/maxDepth, 6 records/);
  expect(got).toEqual(ids(6));
  expect(offsets(api)).toEqual([0, 2, 4]);
});

test.each([1, 3])('reads a list deeper than the limit by beginning anew, %p pages at once', async (parallelPages) => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => {
    const at = Number(query.get('after') ?? -1) + 1 + Number(query.get('offset'));
    const items = ids(11).slice(at, at + 2);
    return Number(query.get('offset')) > 2 ? { status: 400 } : { body: { items } };
  });
  const paginator = offset({ limit: 2, maxDepth: 4, resetBy: ({ id }) => ({ after: id as number }) });

  expect(await collect(new Items(api, { paginator, parallelPages }))).toEqual(ids(11));
  expect(new Set(api.requests.map(({ query }) => query.get('after')))).toEqual(new Set([null, '3', '7']));
});

test('fails where beginning anew leads nowhere new', async () => {
  await using api = await mockApi();
  let answer = 0;
  api.on('GET /items', () => ({ body: { items: [{ id: answer++, day: 'x' }] } }));
  const paginator = offset({ limit: 1, maxDepth: 2, resetBy: ({ day }) => ({ since: day as string }) });

  await expect(collect(new Items(api, { paginator }))).rejects.toThrow(PageLoopError);
  expect(api.requests).toHaveLength(4);
});

test('fails where the API gives the same page for every number', async () => {
  await using api = await mockApi();
  api.on('GET /items', { body: { items: [{ id: 1 }] } });

  await expect(collect(new Items(api, { paginator: pageNumber() }))).rejects.toThrow(/page before it over again/);
  expect(api.requests).toHaveLength(2);
});

test('takes an answer that is not read for an empty last page', async () => {
  await using api = await mockApi();
  const wire = async (request: Parameters<NonNullable<HttpOptions['wire']>>[0]) => {
    // What the verdict "ignore" comes to: the answer is handed on, but not read.
    delete (request.sender as { read?: unknown }).read;
    const bytes = Buffer.from('{"items":[{"id":1}],"next":"c"}');
    return { request, status: 200, headers: {}, url: request.url, bytes };
  };

  expect(await collect(new Items(api, { paginator: cursor({ from: '$.next' }), http: { wire } }))).toEqual([]);
});

test('parses no record to find the next page', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => {
    const page = Number(query.get('page'));
    return { body: { meta: { total: 5 }, items: ids(5).slice((page - 1) * 2, page * 2), more: page < 3 } };
  });
  const looked: boolean[] = [];
  const noting = (inner: Paginator): Paginator => ({
    request: (token) => inner.request(token),
    next(page) {
      const token = inner.next(page);
      // The list of records is a getter until somebody looks at it.
      looked.push(Object.getOwnPropertyDescriptor(page.body, 'items')?.get === undefined);
      return token;
    },
  });
  const matcher = compileRecordMatcher({ type: 'object', properties: { id: { type: 'integer' } } });
  for (const stop of [{ total: '$.meta.total' }, { hasMore: '$.more' }]) {
    const paginator = noting(pageNumber({ pageSize: 2, ...stop }));
    const stream = new Items(api, { paginator });
    const counts: number[] = [];
    for await (const page of stream.read({ ...sliceContext(stream), matcher })) counts.push(page.count);
    expect(counts).toEqual([2, 2, 1]);
  }

  expect(looked).toEqual([false, false, false, false, false, false]);
});

/** Holds every answer but the first until so many requests have come. */
const gate = (wanted: number) => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  return async () => {
    if (++waiting >= wanted) open();
    await opened;
  };
};

test('has as many pages under way as parallelPages says', async () => {
  await using api = await mockApi();
  const others = gate(4);
  let most = 0;
  let now = 0;
  api.on('GET /items', async ({ query }) => {
    const at = Number(query.get('offset'));
    most = Math.max(most, ++now);
    if (at > 0 && at <= 40) await others();
    now--;
    return { body: { items: ids(100).slice(at, at + 10) } };
  });

  expect(await collect(new Items(api, { paginator: offset({ limit: 10 }), parallelPages: 4 }))).toEqual(ids(100));
  expect(most).toBe(4);
});

test('keeps the order of pages that arrive out of order', async () => {
  await using api = await mockApi();
  listOf(api, 47, (at) => [0, 40, 20, 30, 5][(at / 5) % 5]!);

  expect(await collect(new Items(api, { paginator: offset({ limit: 5 }), parallelPages: 5 }))).toEqual(ids(47));
});

test('asks for nothing beyond a total, and for one page of a short list', async () => {
  await using api = await mockApi();
  listOf(api, 20);
  const paginator = offset({ limit: 5, total: '$.total' });
  expect(await collect(new Items(api, { paginator, parallelPages: 8 }))).toEqual(ids(20));
  expect(new Set(offsets(api))).toEqual(new Set([0, 5, 10, 15]));
  expect(api.requests).toHaveLength(4);

  await using short = await mockApi();
  listOf(short, 3);
  expect(await collect(new Items(short, { paginator: offset({ limit: 5 }), parallelPages: 8 }))).toEqual(ids(3));
  expect(offsets(short)).toEqual([0]);
});

test('takes no harm from failures beyond the end', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => {
    const at = Number(query.get('offset'));
    return at > 10 ? { status: 404 } : { body: { items: ids(12).slice(at, at + 5) }, delay: at === 10 ? 30 : 0 };
  });

  expect(await collect(new Items(api, { paginator: offset({ limit: 5 }), parallelPages: 4 }))).toEqual(ids(12));
  expect(offsets(api)).toContain(15);
});

test('throws the failure of a page when its turn comes', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => {
    const at = Number(query.get('offset'));
    return at === 10 ? { status: 404 } : { body: { items: ids(100).slice(at, at + 5) }, delay: at === 5 ? 30 : 0 };
  });
  const got: JsonObject[] = [];
  const reading = (async () => {
    for await (const record of recordsOf(new Items(api, { paginator: offset({ limit: 5 }), parallelPages: 4 }))) {
      got.push(record);
    }
  })();

  await expect(reading).rejects.toThrow(/404/);
  expect(got).toEqual(ids(10));
});

test('gives the same records where a page in the middle has fewer', async () => {
  await using api = await mockApi();
  api.on('GET /items', ({ query }) => {
    const at = Number(query.get('offset'));
    return { body: { total: 30, items: ids(30).slice(at, at + (at === 10 ? 3 : 5)) } };
  });
  const paginator = offset({ limit: 5, total: '$.total' });

  expect(await collect(new Items(api, { paginator, parallelPages: 3 }))).toEqual(ids(30));
});

test('leaves no request behind when the reader leaves', async () => {
  await using api = await mockApi();
  listOf(api, 1000, (at) => (at === 0 ? 0 : 20));
  for await (const record of recordsOf(new Items(api, { paginator: offset({ limit: 5 }), parallelPages: 3 }))) {
    expect(record).toEqual({ id: 0 });
    while (api.requests.length < 4) await new Promise((resolve) => setImmediate(resolve));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 60));

  expect(new Set(offsets(api))).toEqual(new Set([0, 5, 10, 15]));
  expect(api.requests).toHaveLength(4);
});

test.each<[string, Options, RegExp]>([
  ['a cursor', { paginator: cursor({ from: '$.next' }), parallelPages: 2 }, /only the page itself tells/],
  ['no number', { parallelPages: 0 }, /parallelPages of stream "items" is 0/],
])('refuses parallel pages with %s', async (_name, options, message) => {
  await using api = await mockApi();
  const reading = (async () => collect(new Items(api, options)))();

  await expect(reading).rejects.toThrow(ConnectorError);
  await expect(reading).rejects.toThrow(message);
  expect(api.requests).toEqual([]);
});
