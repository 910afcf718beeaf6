import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, mockApi } from '@headwater/testing';
import type { Config } from '../src/record-types.ts';
import { Items } from '../src/streams/items.ts';
import { ItemNotes } from '../src/streams/item-notes.ts';

const configOf = (url: string): Config => ({
  start_date: '2000-01-01T00:00:00Z',
  base_url: url,
  api_token: 'example-token',
});

test('reads the records of items', async () => {
  await using api = await mockApi();
  api.collection('GET /items', {
    items: [{ id: 1, updated_at: '2026-02-01T12:30:00Z' }],
    recordsPath: '$.data[*]',
    paging: { kind: 'pageNumber', pageSize: 100, sizeParam: 'per_page', hasMore: '$.has_more' },
  });

  const records = await collect(new Items({ config: configOf(api.url) }));

  assert.deepEqual(records, [{ id: 1, updated_at: '2026-02-01T12:30:00Z' }]);
});

test('asks items for what has changed since the state', async () => {
  await using api = await mockApi();
  api.collection('GET /items', {
    items: [{ id: 1, updated_at: '2026-02-01T12:30:00Z' }],
    recordsPath: '$.data[*]',
    paging: { kind: 'pageNumber', pageSize: 100, sizeParam: 'per_page', hasMore: '$.has_more' },
  });

  await collect(new Items({ config: configOf(api.url) }), { state: { updated_at: '2026-02-01T12:30:00Z' } });

  const [request] = api.requests;
  assert.equal(request?.query.get('updated_since'), '2026-02-01T12:30:00Z');
});

test('reads item_notes of one of items', async () => {
  await using api = await mockApi();
  api.collection('GET /items/:p0/notes', {
    items: [{ id: 11 }],
    recordsPath: '$.data[*]',
    paging: { kind: 'pageNumber', pageSize: 100, sizeParam: 'per_page', hasMore: '$.has_more' },
  });
  const config = configOf(api.url);
  const items = new Items({ config });

  const records = await collect(new ItemNotes({ config, items }), { slice: { item_id: 'a/item_id' } });

  assert.deepEqual(records, [{ id: 11 }]);
  const [request] = api.requests;
  assert.equal(request?.path, '/items/a%2Fitem_id/notes');
});

test('tells that the API refuses the credential', async () => {
  await using api = await mockApi();
  api.reply(401, { error: 'unknown credential' });

  await assert.rejects(collect(new Items({ config: configOf(api.url) })), /401/);
});
