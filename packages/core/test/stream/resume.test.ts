import { expect, test } from '@jest/globals';
import {
  HttpStream,
  offset,
  registerSecret,
  StateError,
  type HttpResponse,
  type JsonObject,
  type PageContext,
} from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { Stream, type SliceContext } from '../../src/stream/stream.ts';
import { quick } from '../http/quick.ts';
import { run } from './run.ts';

const pageOf = (first: number) => ({ body: { data: [{ id: first }, { id: first + 1 }] } });

class Items extends HttpStream {
  override readonly name: string = 'items';
  override readonly recordsPath = '$.data[*]';
  readonly urlBase: string;

  constructor(urlBase: string) {
    super({ http: { retry: { ...quick, attempts: 1 } } });
    this.urlBase = urlBase;
  }

  path({ nextPageToken = 1 }: PageContext) {
    return `items/${nextPageToken}`;
  }

  override nextPageToken({ nextPageToken = 1, recordCount }: HttpResponse) {
    return recordCount === 2 ? Number(nextPageToken) + 1 : null;
  }
}

test('goes on with a full refresh at the page it had come to', async () => {
  await using api = await mockApi();
  api.on('GET /items/1', pageOf(1));
  api.on('GET /items/2', pageOf(3));
  api.on('GET /items/3', { status: 404 }, { body: { data: [{ id: 5 }] } });
  const first = await run(new Items(api.url));
  const second = await run(new Items(api.url), { state: first.lastState! });

  expect(first.ids).toEqual([1, 2, 3, 4]);
  expect(first.lastState).toEqual({ next_page_token: 3, headwater: { version: 1, page: 2 } });
  expect(second.ids).toEqual([5]);
  expect(second.lastState).toEqual({ __ab_no_cursor_state_message: true });
});

test('begins anew after a full refresh that was complete', async () => {
  await using api = await mockApi();
  api.on('GET /items/1', { body: { data: [{ id: 1 }] } });
  const first = await run(new Items(api.url));
  const second = await run(new Items(api.url), { state: first.lastState! });

  expect([first.ids, second.ids]).toEqual([[1], [1]]);
});

test('begins anew where page tokens do not live long enough', async () => {
  await using api = await mockApi();
  api.on('GET /items/1', pageOf(1));
  api.on('GET /items/2', { status: 404 }, { body: { data: [{ id: 3 }] } });
  class Fleeting extends Items {
    override readonly isResumable = false;
  }
  const first = await run(new Fleeting(api.url));
  const second = await run(new Fleeting(api.url), { state: first.lastState ?? {} });

  expect(first.lastState).toBeUndefined();
  expect(second.ids).toEqual([1, 2, 3]);
});

test('keeps no page token that quotes a secret', async () => {
  registerSecret('k3y-of-items');
  await using api = await mockApi();
  api.on('GET /items/1', pageOf(1));
  api.on('GET /items/2', { status: 404 });
  class Quoting extends Items {
    override path({ nextPageToken = '1&key=' }: PageContext) {
      return `items/${String(nextPageToken).split('&')[0]}`;
    }

    override nextPageToken({ recordCount }: HttpResponse): never {
      return (recordCount === 2 ? '2&key=k3y-of-items' : null) as never;
    }
  }
  const { ids, lastState } = await run(new Quoting(api.url));

  expect(ids).toEqual([1, 2]);
  expect(lastState).toBeUndefined();
});

test('counts pages on where it goes on', async () => {
  await using api = await mockApi();
  api.on('GET /items', pageOf(1), pageOf(3), { status: 404 }, { body: { data: [{ id: 5 }] } });
  class Counted extends Items {
    override readonly nextPageToken = undefined as never;
    override readonly paginator = offset({ limit: 2 });

    override path() {
      return 'items';
    }
  }
  const first = await run(new Counted(api.url));
  const second = await run(new Counted(api.url), { state: first.lastState! });

  expect(api.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '2', '4', '4']);
  expect([...first.ids, ...second.ids]).toEqual([1, 2, 3, 4, 5]);
});

class Parts extends Stream {
  override readonly name: string = 'parts';
  readonly asked: unknown[] = [];
  fails = true;

  override slices() {
    return [{ id: 1 }, { id: 2 }, { id: 3 }];
  }

  async *read({ slice }: SliceContext): AsyncIterable<JsonObject> {
    this.asked.push(slice['id']);
    if (slice['id'] === 2 && this.fails) throw new Error('not now');
    yield { id: slice['id']! };
  }
}

test('does not read again which slices of a full refresh have been read', async () => {
  const stream = new Parts();
  const first = await run(stream);
  stream.fails = false;
  const second = await run(stream, { state: first.lastState! });

  expect(first.lastState).toEqual({
    states: [1, 3].map((id) => ({ partition: { id }, cursor: { __ab_full_refresh_sync_complete: true } })),
  });
  expect(stream.asked).toEqual([1, 2, 3, 2]);
  expect(second.lastState).toEqual({ __ab_no_cursor_state_message: true });
});

test('brings an old state into the present form before it is looked at', async () => {
  class Moved extends Parts {
    override readonly cursorField = 'at';
    override readonly fails = false;
    readonly states: unknown[] = [];

    override slices() {
      return [{ id: 1 }];
    }

    override migrateState(state: JsonObject): JsonObject {
      if (state['v'] !== 1) throw new StateError('The state of stream "parts" is too old. Give none.');
      return { at: state['position']! };
    }

    override async *read({ state }: SliceContext) {
      this.states.push(state);
      yield* [];
    }
  }
  const stream = new Moved();
  const good = await run(stream, { incremental: true, state: { v: 1, position: 9 } });
  const bad = await run(stream, { incremental: true, state: { v: 0 } });
  await run(stream, { incremental: true });

  expect(stream.states).toEqual([{ at: 9 }, {}]);
  expect(good.error).toBeUndefined();
  expect(bad.error).toMatchObject({ failureType: 'config_error', message: expect.stringContaining('too old') });
});

test('reads a slice that comes twice once, and says so', async () => {
  class Twice extends Parts {
    override readonly fails = false;

    override slices() {
      return [{ id: 1 }, { id: 2 }, { id: 1 }];
    }
  }
  const stream = new Twice();
  const warnings: string[] = [];
  await run(stream, { warnings });

  expect(stream.asked).toEqual([1, 2]);
  expect(warnings).toEqual([expect.stringMatching(/stream "parts".*\{"id":1\} came a second time/i)]);
});
