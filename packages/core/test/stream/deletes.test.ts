import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mockApi, temporaryFolder, type TemporaryFolder } from '@headwater/testing';
import { HttpStatusError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { catalogOf } from '../../src/source/catalog.ts';
import { HttpStream } from '../../src/stream/http-stream.ts';
import { Page } from '../../src/stream/page.ts';
import { Stream, type SliceContext } from '../../src/stream/stream.ts';
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

/** Has the records it is given, each slice those with its letter. */
class Rows extends Stream {
  override readonly name: string = 'rows';
  override readonly primaryKey: NonNullable<Stream['primaryKey']> = 'id';
  override readonly detectDeletes: boolean = true;
  override readonly schema: JsonObject = {
    type: 'object',
    required: ['id', 'name'],
    properties: { id: { type: ['integer', 'string'] }, name: { type: 'string' } },
  };
  readonly rows: readonly JsonObject[];

  constructor(ids: readonly unknown[]) {
    super();
    this.rows = ids.map((id) => ({ id, name: `row ${String(id)}` }));
  }
  async *read(_context: SliceContext): AsyncIterable<JsonObject | Page> {
    yield new Page(this.rows);
  }
}

const deletedIn = (records: readonly JsonObject[]): readonly JsonObject[] =>
  records.filter((record) => '_headwater_deleted_at' in record);

const idsIn = (records: readonly JsonObject[]): readonly unknown[] => records.map(({ id }) => id);

test('tells in the next complete read what is gone, once, before the last state', async () => {
  const first = await sync(new Rows([1, 2, 'x']));
  expect(first.error).toBeUndefined();
  expect(deletedIn(first.records)).toEqual([]);

  const second = await sync(new Rows([2, 4]));
  const gone = deletedIn(second.records);
  expect(idsIn(gone)).toEqual([1, 'x']);
  expect(gone[0]).toEqual({ id: 1, _headwater_deleted_at: expect.stringMatching(/^\d{4}-.*Z$/) });
  const types = second.messages.map(({ type }) => type).filter((type) => type === 'RECORD' || type === 'STATE');
  expect(types).toEqual(['RECORD', 'RECORD', 'RECORD', 'RECORD', 'STATE']);
  expect(second.messages.find(({ state }) => state)?.state?.sourceStats).toEqual({ recordCount: 4 });

  expect(deletedIn((await sync(new Rows([2, 4]))).records)).toEqual([]);
});

test('tells composite keys with the fields they are made of', async () => {
  class Composite extends Rows {
    override readonly primaryKey = [['meta', 'shop'], ['id']];
    override readonly schema = { type: 'object' };
    override transform(record: JsonObject) {
      return { ...record, meta: { shop: 'a', open: true } };
    }
  }
  await sync(new Composite([1, 12345678901234567890n]));
  const { messages } = await sync(new Composite([1]));

  const text = messages.flatMap(({ record }) => (record ? [JSON.stringify(record.data)] : [])).at(-1);
  expect(text).toMatch(/^{"meta":{"shop":"a"},"id":12345678901234567000,"_headwater_deleted_at":"/);
});

test('keeps the keys of the last complete read when a read fails', async () => {
  class Failing extends Rows {
    override slices() {
      return [{ part: 1 }, { part: 2 }];
    }
    override async *read({ slice }: SliceContext) {
      if (slice['part'] === 2) throw new HttpStatusError('gone.', 404, 'system_error');
      yield new Page(this.rows);
    }
  }
  await sync(new Rows([1, 2]));
  const failed = await sync(new Failing([1]));
  expect(failed.error).toBeDefined();
  expect(deletedIn(failed.records)).toEqual([]);
  expect(failed.states).toEqual([]);

  expect(idsIn(deletedIn((await sync(new Rows([1]))).records))).toEqual([2]);
  expect(await readdir(folder.path)).toHaveLength(1);
});

test('reads everything, whatever the state says', async () => {
  await sync(new Rows([1, 2]));
  const state = { __ab_full_refresh_sync_complete: true };
  const { records } = await sync(new Rows([1, 2]), { state });

  expect(idsIn(records)).toEqual([1, 2]);
});

test.each([
  ['truncated', async (path: string) => writeFile(path, (await readFile(path, 'utf8')).slice(0, -5))],
  ['changed', async (path: string) => appendFile(path, '[3]\n')],
])('tells nothing and warns when the file is %s, and begins anew', async (_name, damage) => {
  await sync(new Rows([1, 2]));
  const [file = ''] = await readdir(folder.path);
  await damage(join(folder.path, file));
  const second = await sync(new Rows([1]));

  expect(second.error).toBeUndefined();
  expect(deletedIn(second.records)).toEqual([]);
  expect(second.warnings).toEqual([expect.stringMatching(/"rows": the keys of the last read.*cannot be used/)]);
  expect(idsIn(deletedIn((await sync(new Rows([]))).records))).toEqual([1]);
});

test('warns once of records without a key, and emits them', async () => {
  class Keyless extends Rows {
    override readonly schema = { type: 'object' };
  }
  const { records, warnings } = await sync(new Keyless([null, undefined, 1]));

  expect(records).toHaveLength(3);
  expect(warnings).toEqual([expect.stringContaining('no value in its primary key (id)')]);
});

test('does not take a record for gone that is set aside', async () => {
  await using other = await temporaryFolder();
  class Changing extends Rows {
    override transform(record: JsonObject) {
      return record['id'] === 2 ? { id: 2 } : record;
    }
  }
  await sync(new Rows([1, 2]));
  const { records, error } = await sync(new Changing([1, 2]), { rejects: join(other.path, 'rejects.jsonl') });

  expect(error).toBeUndefined();
  expect(records).toEqual([{ id: 1, name: 'row 1' }]);
});

test('tells nothing when the API says that there is more than came', async () => {
  await using api = await mockApi();
  class Listed extends HttpStream {
    override readonly urlBase = api.url;
    override readonly recordsPath = '$.items[*]';
    override readonly primaryKey = 'id';
    override readonly detectDeletes = true;
    override readonly schema = { type: 'object', properties: { id: { type: 'integer' } } };
    path() {
      return 'rows';
    }
    override expectedTotal({ body }: { readonly body: unknown }) {
      return (body as { readonly total: number }).total;
    }
  }
  const answer = (ids: readonly number[], total: number) => ({ body: { items: ids.map((id) => ({ id })), total } });
  api.on('GET /rows', answer([1, 2], 2), answer([1], 2), answer([1], 1));
  const read = async () => (await sync(new Listed())).records;

  expect(await read()).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await read()).toEqual([{ id: 1 }]);
  expect(deletedIn(await read())).toEqual([{ id: 2, _headwater_deleted_at: expect.any(String) }]);
});

test('leaves out an incremental sync', async () => {
  class Incremental extends Rows {
    override readonly cursorField = 'id';
  }
  await sync(new Incremental([1]), { incremental: true });

  expect(await readdir(folder.path)).toEqual([]);
});

test('keeps streams apart', async () => {
  class Others extends Rows {
    override readonly name = 'others';
  }
  await sync([new Rows([1]), new Others([2])]);

  expect((await readdir(folder.path)).map((name) => name.split('-')[0])).toEqual(['others', 'rows']);
  expect(deletedIn((await sync([new Rows([1]), new Others([2])])).records)).toEqual([]);
});

test.each([
  [
    'a primary key',
    class extends Rows {
      override readonly primaryKey = [];
    },
    true,
    /"rows" is to detect deletes, but has no primaryKey/,
  ],
  ['a directory', Rows, false, /"rows" is to detect deletes, but .* Set HEADWATER_STATE_DIR/],
])('refuses a stream without %s', async (_name, Class, hasDirectory, message) => {
  if (!hasDirectory) delete process.env[VARIABLE];
  const { messages, records } = await sync(new Class([1]));

  const error = messages.find(({ trace }) => trace?.type === 'ERROR')?.trace?.error;
  expect(error).toMatchObject({ message: expect.stringMatching(message), failure_type: 'system_error' });
  expect(records).toEqual([]);
});

test('has the field in the schema and says that the stream cannot be resumed', async () => {
  const { streams } = await catalogOf([new Rows([])], '.');

  expect(streams[0]?.is_resumable).toBe(false);
  expect(streams[0]?.json_schema).toMatchObject({
    required: ['id', 'name'],
    properties: { _headwater_deleted_at: { type: ['string', 'null'], format: 'date-time' }, id: expect.anything() },
  });
});
