import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { mockApi, temporaryFolder, type MockApi } from '@headwater/testing';
import type { JsonObject } from '../../src/protocol/json.ts';
import { counterCursor } from '../../src/stream/cursors/counter-cursor.ts';
import type { Cursor } from '../../src/stream/cursors/cursor.ts';
import { dateTimeCursor } from '../../src/stream/cursors/date-time-cursor.ts';
import type { HttpResponse } from '../../src/stream/http-response.ts';
import { HttpStream } from '../../src/stream/http-stream.ts';
import type { PageContext } from '../../src/stream/page-context.ts';
import { quick } from '../http/quick.ts';
import { day } from './http-sub-stream-setup.ts';
import { sync } from './run-stream.ts';

interface Body {
  readonly items: readonly JsonObject[];
  readonly next?: number;
  readonly total?: number;
}

/** Asks for the window it is given, page by page. */
class Rows extends HttpStream {
  override readonly name = 'rows';
  override readonly urlBase: string;
  override readonly recordsPath = '$.items[*]';
  override readonly primaryKey = 'id';
  override readonly schema: JsonObject = { type: 'object' };
  override readonly cursor: Cursor;
  readonly states: JsonObject[] = [];

  constructor(api: MockApi, cursor: Cursor) {
    super({ http: { retry: { ...quick, attempts: 1 } } });
    this.urlBase = api.url;
    this.cursor = cursor;
  }

  path() {
    return 'rows';
  }

  override requestParams({ window, state, nextPageToken }: PageContext) {
    this.states.push(state);
    return { from: window?.start, to: window?.end, page: nextPageToken };
  }

  override nextPageToken({ body }: HttpResponse) {
    return (body as Body).next;
  }
}

const ROWS: readonly JsonObject[] = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => ({ id, at: day(id) }));
const NEWEST_FIRST = ROWS.toReversed();

/** The rows of a window, or all where the API does not know one; two a page. `breaks` says which request is a failure. */
const serve = (api: MockApi, { rows = ROWS, filters = true, breaks = () => false }: Partial<Serving> = {}): void => {
  api.on('GET /rows', ({ query }) => {
    if (breaks(query)) return { status: 404 };
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9999'];
    const within = filters ? rows.filter(({ at }) => String(at) >= from && String(at) < to) : rows;
    const first = Number(query.get('page') ?? 0);
    const next = first + 2 < within.length ? { next: first + 2 } : {};
    return { body: { items: within.slice(first, first + 2), ...next, total: within.length } };
  });
};

interface Serving {
  readonly rows: readonly JsonObject[];
  readonly filters: boolean;
  readonly breaks: (query: URLSearchParams) => boolean;
}

const byText = (one: string, other: string): number => (one < other ? -1 : 1);

/** The queries since the request with that index; an end that is the present as `now`. */
const askedIn = (api: MockApi, since = 0): string[] =>
  api.requests
    .slice(since)
    .map(({ query }) => {
      const to = query.get('to');
      return `${query.get('from')} ${to !== null && to > '2026-02' ? 'now' : to} ${query.get('page')}`;
    })
    .toSorted(byText);

const ids = (records: readonly JsonObject[]): number[] =>
  records.map(({ id }) => Number(id)).toSorted((one, other) => one - other);

const DONE = { __ab_no_cursor_state_message: true };
const CUT = { field: 'at', start: day(3), end: day(9), step: 'P2D' } as const;

const CURSORS: readonly (readonly [string, Cursor, Partial<Serving>])[] = [
  ['a start', dateTimeCursor({ field: 'at', start: day(3) }), {}],
  ['a start and an end', dateTimeCursor({ field: 'at', start: day(3), end: day(6) }), {}],
  ['windows', dateTimeCursor(CUT), {}],
  ['windows with inclusive ends', dateTimeCursor({ ...CUT, granularity: 'PT1S' }), {}],
  ['windows in steps of the data', dateTimeCursor({ ...CUT, step: 'P6D', adaptive: { maxRecords: 2 } }), {}],
  ['an API that cannot filter', dateTimeCursor({ field: 'at', start: day(3), clientSide: true }), { filters: false }],
  [
    'a feed, newest first',
    dateTimeCursor({ field: 'at', start: day(4), dataFeed: true }),
    { filters: false, rows: NEWEST_FIRST },
  ],
  ['counted windows', counterCursor({ field: 'id', start: 3, end: 8, step: 2, clientSide: true }), { filters: false }],
  [
    'what has no time left out',
    dateTimeCursor({ field: 'at', start: day(3), clientSide: true, missing: 'drop' }),
    { filters: false, rows: [...ROWS, { id: 9 }] },
  ],
];

test.each(CURSORS)(
  'reads the same in a full refresh as in a first incremental sync: %s',
  async (_name, cursor, given) => {
    await using api = await mockApi();
    serve(api, given);
    const first = await sync(new Rows(api, cursor), { incremental: true });
    const count = api.requests.length;
    const stream = new Rows(api, cursor);
    const full = await sync(stream);

    expect(full.error).toBeUndefined();
    expect(first.records.length).toBeGreaterThan(0);
    expect(ids(first.records)).not.toContain(2);
    expect(ids(full.records)).toEqual(ids(first.records));
    const requests = askedIn(api);
    expect(askedIn(api, count)).toEqual(requests.filter((_each, index) => index % 2 === 0));
    expect(requests).toHaveLength(count * 2);
    expect(full.state).toEqual(DONE);
    expect(stream.states.every((state) => Object.keys(state).length === 0)).toBe(true);
  },
);

test.each([
  ['a time', dateTimeCursor({ field: 'at' })],
  ['a number', counterCursor({ field: 'id' })],
])('asks for no window where nothing says where to begin: %s', async (_name, cursor) => {
  await using api = await mockApi();
  serve(api);
  const { records } = await sync(new Rows(api, cursor));

  expect(ids(records)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(askedIn(api)).toEqual(['null null 2', 'null null 4', 'null null 6', 'null null null']);
});

test('reads after a cut only the windows that are not done', async () => {
  await using api = await mockApi();
  let isDown = true;
  serve(api, { breaks: (query) => isDown && query.get('from') === day(5) });
  const first = await sync(new Rows(api, dateTimeCursor(CUT)));
  isDown = false;
  const before = api.requests.length;
  const second = await sync(new Rows(api, dateTimeCursor(CUT)), { state: first.state });

  expect(ids(first.records)).toEqual([3, 4, 7, 8]);
  expect(first.state).toEqual({
    headwater: {
      version: 1,
      windows: { at: day(5), headwater: { version: 1, done: [[day(7), day(9)]] } },
    },
  });
  expect(askedIn(api, before)).toEqual([`${day(5)} ${day(7)} null`]);
  expect(ids(second.records)).toEqual([5, 6]);
  expect(second.state).toEqual(DONE);
});

test('begins a window anew that was cut in its middle, where there are several', async () => {
  await using api = await mockApi();
  let isDown = true;
  serve(api, { breaks: (query) => isDown && query.get('page') === '2' });
  const cursor = dateTimeCursor({ ...CUT, step: 'P3D' });
  const first = await sync(new Rows(api, cursor));
  isDown = false;
  const second = await sync(new Rows(api, cursor), { state: first.state });

  expect(ids(first.records)).toEqual([3, 4, 6, 7]);
  expect(ids(second.records)).toEqual([3, 4, 5, 6, 7, 8]);
});

test('goes on at the page of the only window, with the bounds it had', async () => {
  await using api = await mockApi();
  let isDown = true;
  serve(api, { breaks: (query) => isDown && query.get('page') === '4' });
  const cursor = dateTimeCursor({ field: 'at', start: day(2) });
  const first = await sync(new Rows(api, cursor));
  isDown = false;
  const before = api.requests.length;
  const second = await sync(new Rows(api, cursor), { state: first.state });

  const to = api.requests[0]?.query.get('to');
  expect(first.state).toEqual({
    next_page_token: 4,
    headwater: { version: 1, page: 2, window: { start: day(2), end: to } },
  });
  expect(ids([...first.records, ...second.records])).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(api.requests[before]?.query.get('page')).toBe('4');
  expect(new Set(api.requests.map(({ query }) => query.get('to')))).toEqual(new Set([to]));
  expect(second.state).toEqual(DONE);
});

test.each([
  ['another start', { next_page_token: 4, headwater: { version: 1, page: 2, window: { start: day(1), end: day(9) } } }],
  ['no window', { next_page_token: 4, headwater: { version: 1, page: 2 } }],
])('begins anew where the page was one of %s', async (_name, state) => {
  await using api = await mockApi();
  serve(api);
  const { records } = await sync(new Rows(api, dateTimeCursor({ field: 'at', start: day(5) })), { state });

  expect(ids(records)).toEqual([5, 6, 7, 8]);
});

test('goes on after the last page of an API that gives the oldest first', async () => {
  await using api = await mockApi();
  let isDown = true;
  serve(api, { breaks: (query) => isDown && query.get('page') === '2' });
  const cursor = dateTimeCursor({ ...CUT, step: 'P3D', ascending: true });
  const first = await sync(new Rows(api, cursor));
  isDown = false;
  const before = api.requests.length;
  const second = await sync(new Rows(api, cursor), { state: first.state });

  expect(ids(first.records)).toEqual([3, 4, 6, 7]);
  expect(askedIn(api, before)).toEqual([`${day(4)} ${day(6)} null`, `${day(7)} ${day(9)} null`]);
  expect(ids(second.records)).toEqual([4, 5, 7, 8]);
});

test('misses nothing, wherever and however often it is cut short', async () => {
  await using api = await mockApi();
  let breaks: readonly boolean[] = [];
  let request = 0;
  serve(api, { breaks: () => breaks[request++] ?? false });
  const cursors = [CUT, { field: 'at', start: day(3) }, { ...CUT, step: 'P3D', ascending: true }].map((options) =>
    dateTimeCursor(options),
  );
  const plans = fc.tuple(
    fc.constantFrom(...cursors),
    fc.array(fc.array(fc.boolean(), { maxLength: 6 }), { maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(plans, async ([cursor, syncs]) => {
      const seen = new Set<number>();
      let state: JsonObject = {};
      for (breaks of [...syncs, []]) {
        request = 0;
        const read = await sync(new Rows(api, cursor), { state });
        for (const id of ids(read.records)) seen.add(id);
        // A sync that was not cut short begins a new one.
        if (read.error === undefined) break;
        state = read.state;
      }
      return [3, 4, 5, 6, 7, 8].every((id) => seen.has(id)) && seen.size === 6;
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('counts each window by itself, and leaves out what two of them have', async () => {
  await using api = await mockApi();
  api.on('GET /rows', ({ query }) => {
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
    // Inclusive at both ends.
    const items = ROWS.filter(({ at }) => String(at) >= from && String(at) <= to);
    return { body: { items, total: items.length } };
  });
  class Strict extends Rows {
    override readonly dedupe = true;
    override readonly shortfall = 'fail';
    override expectedTotal({ body }: HttpResponse) {
      return (body as Body).total;
    }
  }
  const { records, error, warnings, estimates } = await sync(new Strict(api, dateTimeCursor({ ...CUT, end: day(8) })));

  expect([error, warnings]).toEqual([undefined, []]);
  expect(ids(records)).toEqual([3, 4, 5, 6, 7, 8]);
  expect(estimates.at(-1)).toBe(3 + 3 + 2);
});

test('does not take a record for deleted that changes while windows are read', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const variable = 'HEADWATER_STATE_DIR';
  process.env[variable] = folder.path;
  try {
    let rows = [1, 2, 3].map((id) => ({ id, at: `2020-0${id}-15T00:00:00Z` }));
    let change = (): void => {};
    let [underWay, most] = [0, 0];
    api.on('GET /rows', async ({ query }) => {
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9999'];
      const items = rows.filter(({ at }) => at >= from && at < to);
      change();
      most = Math.max(most, ++underWay);
      // Time for another request to come, if any is sent before this one is answered.
      for (let turn = 0; turn < 50; turn++) await setImmediate();
      underWay--;
      return { body: { items } };
    });
    class Watched extends Rows {
      override readonly detectDeletes = true;
    }
    const read = () => sync(new Watched(api, dateTimeCursor({ field: 'at', start: '2020-01-01', step: 'P1Y' })));
    await read();
    // 1 is deleted; 3 changes when the first window has been asked for, before that has given it.
    const later = new Date(Date.now() + 60_000).toISOString();
    const changed = rows.slice(1).map((row) => (row.id === 3 ? { id: 3, at: later } : row));
    rows = rows.slice(1, 2);
    change = () => {
      rows = changed;
    };
    const before = api.requests.length;
    const { records, error } = await read();

    expect(error).toBeUndefined();
    expect(records.filter((record) => '_headwater_deleted_at' in record).map(({ id }) => id)).toEqual([1]);
    expect(records).toContainEqual({ id: 3, at: later });
    const froms = api.requests.slice(before).map(({ query }) => String(query.get('from')));
    expect(froms).toEqual(froms.toSorted(byText));
    expect(api.requests.at(-1)?.query.has('to')).toBe(false);
    expect(most).toBe(1);
  } finally {
    delete process.env[variable];
  }
});
