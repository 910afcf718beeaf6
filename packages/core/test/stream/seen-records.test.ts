import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockApi, temporaryFolder, type MockApi, type TemporaryFolder } from '@headwater/testing';
import { silentLogger } from '../../src/output/logger.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { HttpStream } from '../../src/stream/http-stream.ts';
import { Page } from '../../src/stream/page.ts';
import { SeenRecords } from '../../src/stream/seen-records.ts';
import { Stream, type SliceContext } from '../../src/stream/stream.ts';
import { quick } from '../http/quick.ts';
import { sync } from './run-stream.ts';

const VARIABLE = 'HEADWATER_STATE_DIR';

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder();
  process.env[VARIABLE] = folder.path;
});

afterEach(async () => {
  delete process.env[VARIABLE];
  await folder.remove();
});

const SCHEMA = { type: 'object', properties: { id: { type: 'integer' }, at: { type: 'integer' } } };

class Rows extends Stream {
  override readonly name: string = 'rows';
  override readonly schema: JsonObject = SCHEMA;
  override readonly primaryKey: NonNullable<Stream['primaryKey']> = 'id';
  override readonly cursorField = 'at';
  override readonly dedupe: Stream['dedupe'] = true;
  readonly rows: readonly JsonObject[];

  constructor(rows: readonly JsonObject[]) {
    super();
    this.rows = rows;
  }
  async *read(_context: SliceContext): AsyncIterable<JsonObject | Page> {
    yield new Page(this.rows);
  }
}

const row = (id: number, at = id) => ({ id, at });

test('leaves out what comes again within a sync, and counts only what goes out', async () => {
  const { records, messages } = await sync(new Rows([row(1), row(2), row(1), row(2, 5), row(2, 5)]));

  expect(records).toEqual([row(1), row(2), row(2, 5)]);
  expect(messages.findLast(({ state }) => state)?.state?.sourceStats).toEqual({ recordCount: 3 });
});

test('emits a record that changes and changes back', async () => {
  const { records } = await sync(new Rows([row(1, 1), row(1, 2), row(1, 1)]));

  expect(records).toEqual([row(1, 1), row(1, 2), row(1, 1)]);
});

test('takes the whole record for its key where it has none', async () => {
  class Keyless extends Rows {
    override readonly primaryKey = [];
  }
  expect((await sync(new Keyless([row(1), row(1, 2), row(1)]))).records).toEqual([row(1), row(1, 2)]);
});

test('emits repeats unless it is asked not to', async () => {
  class Plain extends Rows {
    override readonly dedupe = false;
  }
  expect((await sync(new Plain([row(1), row(1)]))).records).toHaveLength(2);
});

test('leaves out what the sync before it has emitted, if the state is its own', async () => {
  const first = await sync(new Rows([row(1), row(2)]), { incremental: true });
  expect(await readdir(folder.path)).toHaveLength(1);

  // As a platform gives it back: in another order, written anew.
  const state = JSON.parse(JSON.stringify(first.state)) as JsonObject;
  const second = await sync(new Rows([row(1), row(2), row(3)]), { incremental: true, state });
  expect(second.records).toEqual([row(3)]);
  const third = await sync(new Rows([row(1), row(3), row(4)]), { incremental: true, state: second.state });
  expect(third.records).toEqual([row(4)]);
});

test('emits everything again when the state is an older one, or none', async () => {
  const first = await sync(new Rows([row(1)]), { incremental: true });
  await sync(new Rows([row(1), row(2)]), { incremental: true, state: first.state });
  const rows = [row(1), row(2)];

  // The second sync has not arrived as a whole, so that the platform begins with the first state again.
  expect((await sync(new Rows(rows), { incremental: true, state: first.state })).records).toEqual(rows);
  expect((await sync(new Rows(rows), { incremental: true })).records).toEqual(rows);
});

test('emits again what came with a state that has not moved: it may not have arrived', async () => {
  const first = await sync(new Rows([row(1), row(9)]), { incremental: true });
  const late = [row(1), row(2), row(9)];
  const second = await sync(new Rows(late), { incremental: true, state: first.state });
  expect(second.records).toEqual([row(2)]);
  expect(second.state).toEqual(first.state);

  expect((await sync(new Rows(late), { incremental: true, state: first.state })).records).toEqual([row(2)]);
});

test('forgets what was kept with a state that was given up', async () => {
  const first = await sync(new Rows([row(1)]), { incremental: true });
  const second = await sync(new Rows([row(2)]), { incremental: true, state: first.state });
  // Begins with the first state again, and is killed before it has kept anything.
  await sync(new Rows([]), { incremental: true, state: first.state });

  expect((await sync(new Rows([row(2)]), { incremental: true, state: second.state })).records).toEqual([row(2)]);
});

test('emits everything in a full refresh, whatever is kept', async () => {
  const first = await sync(new Rows([row(1)]), { incremental: true });

  expect((await sync(new Rows([row(1)]), { state: first.state })).records).toEqual([row(1)]);
});

test('emits everything and warns when the file is damaged', async () => {
  const first = await sync(new Rows([row(1)]), { incremental: true });
  const [file = ''] = await readdir(folder.path);
  await writeFile(join(folder.path, file), 'x');
  const second = await sync(new Rows([row(1)]), { incremental: true, state: first.state });

  expect(second.records).toEqual([row(1)]);
  expect(second.warnings).toEqual([expect.stringMatching(/"rows".*cannot be read.*may come twice/)]);
});

test('forgets what it has not seen for longest', () => {
  class Few extends Rows {
    override readonly dedupe = { max: 3 };
  }
  const seen = new SeenRecords(new Few([]), silentLogger);
  const isNew = (...ids: number[]) => ids.map((id) => seen.isNew(row(id)));

  expect(isNew(1, 2, 3)).toEqual([true, true, true]);
  // 1 was seen again: the next to go is 2.
  expect(isNew(1, 4)).toEqual([false, true]);
  expect(seen.size).toBe(3);
  expect(isNew(1, 3, 4, 2)).toEqual([false, false, false, true]);
});

test('refuses a maximum that is none', async () => {
  class None extends Rows {
    override readonly dedupe = { max: 0 };
  }
  const { messages } = await sync(new None([]));

  const error = messages.find(({ trace }) => trace?.type === 'ERROR')?.trace?.error;
  expect(error?.message).toMatch(/dedupe\.max of stream "rows" is 0/);
});

test.each(['recordsPath', 'parseResponse'])('knows a record again however it is written, with %s', async (how) => {
  await using api: MockApi = await mockApi();
  const json = { 'content-type': 'application/json' };
  api.on(
    'GET /rows',
    { headers: json, body: '{"items":[{"id":1,"at":1},{"id":2,"at":2}],"next":2}' },
    { headers: json, body: '{"items":[{ "id": 1, "at": 1 }, {"id":2,"at":3}]}' },
  );
  class Pages extends HttpStream {
    override readonly urlBase = api.url;
    override readonly schema = SCHEMA;
    override readonly primaryKey = 'id';
    override readonly dedupe = true;
    path() {
      return 'rows';
    }
    override nextPageToken({ body }: { readonly body: unknown }) {
      return (body as { readonly next?: number }).next;
    }
  }
  const stream = new Pages({ http: { retry: quick } });
  if (how === 'recordsPath') Object.assign(stream, { recordsPath: '$.items[*]' });
  else Object.assign(stream, { parseResponse: ({ body }: { body: { items: JsonObject[] } }) => body.items });
  const { records, error } = await sync(stream);

  expect(error).toBeUndefined();
  expect(records).toEqual([row(1), row(2), row(2, 3)]);
});
