import { expect, test } from '@jest/globals';
import { mockApi, type MockApi } from '@headwater/testing';
import { IncompleteError } from '../../src/errors.ts';
import { dateTimeCursor } from '../../src/stream/cursors/date-time-cursor.ts';
import type { HttpResponse } from '../../src/stream/http-response.ts';
import { HttpStream } from '../../src/stream/http-stream.ts';
import type { PageContext } from '../../src/stream/page-context.ts';
import { sliceContext } from '../../src/stream/stream.ts';
import { StreamTotal } from '../../src/stream/stream-total.ts';
import { quick } from '../http/quick.ts';
import { sync } from './run-stream.ts';

interface Body {
  readonly total?: number | null;
  readonly next?: number;
}

class Counted extends HttpStream {
  override readonly urlBase = String(this.config['url']);
  override readonly recordsPath = '$.items[*]';
  override readonly schema = { type: 'object', properties: { id: { type: 'integer' }, at: { type: 'string' } } };

  override slices() {
    return [{ part: 'a' }, { part: 'b' }];
  }
  path({ slice }: PageContext) {
    return String(slice['part']);
  }
  override requestParams({ nextPageToken }: PageContext) {
    return { page: nextPageToken };
  }
  override nextPageToken({ body }: HttpResponse) {
    return (body as Body).next;
  }
  override expectedTotal({ body }: HttpResponse) {
    return (body as Body).total;
  }
}

class Strict extends Counted {
  override readonly shortfall = 'fail';
}

const items = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

/** Two slices of three records; the second one says that there are `total`. */
const answer = (api: MockApi, total: number | null): void => {
  api.on('GET /a', { body: { items: items(3), total: 3 } });
  api.on('GET /b', ({ query }) => ({
    body: query.has('page') ? { items: items(1), total } : { items: items(2), total, next: 2 },
  }));
};

const options = (api: MockApi) => ({ config: { url: api.url }, http: { retry: quick } });

test('warns of a slice with fewer records than the API says, naming both numbers', async () => {
  await using api = await mockApi();
  answer(api, 5);
  const { records, error, warnings } = await sync(new Counted(options(api)));

  expect(error).toBeUndefined();
  expect(records).toHaveLength(6);
  expect(warnings).toEqual([
    expect.stringMatching(/stream "counted", slice {"part":"b"}: the pages had 3 records, .* there are 5\./),
  ]);
});

test('fails the slice where a shortfall is to fail', async () => {
  await using api = await mockApi();
  answer(api, 5);
  const { messages, records } = await sync(new Strict(options(api)));

  const error = messages.find(({ trace }) => trace?.type === 'ERROR')?.trace?.error;
  expect(records).toHaveLength(6);
  expect(error?.failure_type).toBe('transient_error');
  expect(error?.internal_message).toContain(new IncompleteError('').code);
  expect(error?.message).toMatch(/slice {"part":"b"}: the pages had 3 records/);
});

test.each([[3], [2], [null]])('says nothing where the API says %j', async (total) => {
  await using api = await mockApi();
  answer(api, total);
  const { error, warnings } = await sync(new Strict(options(api)));

  expect(error).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('counts what the pages had, whatever becomes of it', async () => {
  await using api = await mockApi();
  answer(api, 3);
  class Picky extends Strict {
    override transform() {
      return null;
    }
  }
  const { records, error } = await sync(new Picky(options(api)));

  expect(error).toBeUndefined();
  expect(records).toEqual([]);
});

test('takes a number that is no number for none', async () => {
  await using api = await mockApi();
  answer(api, 9);
  class Headers extends Strict {
    override expectedTotal({ headers }: HttpResponse) {
      return Number(headers['x-total']);
    }
  }
  expect((await sync(new Headers(options(api)))).error).toBeUndefined();
});

test('refuses a total that is text', async () => {
  await using api = await mockApi();
  api.on('GET /:part', { body: { items: [], total: '3' } });
  const { error } = await sync(new Counted(options(api)));

  expect(String(error)).toMatch(/expectedTotal of stream "counted" returned a value of type string/);
});

test('does not judge a slice that was begun by an earlier sync', async () => {
  await using api = await mockApi({ strict: false });
  answer(api, 5);
  const stream = new Strict(options(api));
  const context = { ...sliceContext(stream, { slice: { part: 'b' } }), resumption: { token: 2, index: 1 } };
  const pages: number[] = [];
  for await (const page of stream.read(context)) pages.push(page.count);

  expect(pages).toEqual([1]);
});

test('estimates the stream by the sum of what its slices say', async () => {
  await using api = await mockApi();
  answer(api, 5);
  const { estimates } = await sync(new Counted(options(api)));

  expect(estimates.at(-1)).toBe(8);
  expect(estimates.length).toBeLessThanOrEqual(2);
});

test('counts a window that is read in parts once', async () => {
  await using api = await mockApi();
  const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
  const all = [1, 2, 3, 4].map((id) => ({ id, at: day(id) }));
  api.on('GET /all', ({ query }) => {
    const within = all.filter(({ at }) => at >= String(query.get('from')) && at < String(query.get('to')));
    return { body: { items: within, total: within.length } };
  });
  class Windowed extends Strict {
    override readonly cursor = dateTimeCursor({
      field: 'at',
      start: day(1),
      end: day(5),
      step: 'P4D',
      adaptive: { maxRecords: 2, minStep: 'P1D' },
    });
    override slices() {
      return [{ part: 'all' }];
    }
    override requestParams({ window }: PageContext) {
      return { page: undefined, from: window?.start, to: window?.end };
    }
  }
  const { error, estimates, records } = await sync(new Windowed(options(api)), { incremental: true });

  expect(error).toBeUndefined();
  // The four of the whole window went out before it was cut, and once more in its parts.
  expect(records).toHaveLength(8);
  expect(estimates.at(-1)).toBe(8);
});

test('tells a sum when it has changed, and not each time', () => {
  const told: number[] = [];
  const total = new StreamTotal((rows) => told.push(rows));
  total.add(5);
  total.add(7);
  total.add(-2);
  total.flush();
  total.flush();

  expect(told).toEqual([5, 10]);
});
