import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { catalogOf, collect, mockApi, runConnector, stateOf, temporaryFolder } from '@headwater/testing';
import { Charges, Customers, stripe } from '../src/streams.ts';

// What stripe-mock cannot show, since it has one record of each kind: pages, time, and limits.

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const configOf = (url: string, start = now - 30 * DAY) => ({
  base_url: url,
  api_key: 'sk_test_123',
  start_date: isoOf(start),
});

/** Newest first, as Stripe lists everything. */
const customers = Array.from({ length: 250 }, (_, index) => ({ id: `cus_${index}`, created: now - 60 - index * 3600 }));

/** A list in the form that Stripe documents. */
const listOf = (items: readonly { readonly id: string; readonly created: number }[]) => ({
  items,
  recordsPath: '$.data[*]',
  body: { object: 'list' },
  paging: {
    kind: 'cursor',
    lastRecord: '$.id',
    param: 'starting_after',
    hasMore: '$.has_more',
    pageSize: 10,
    sizeParam: 'limit',
    maxPageSize: 100,
  } as const,
  since: { param: 'created[gte]', field: 'created' },
});

test('reads page after page behind the last record', async () => {
  await using api = await mockApi({ auth: { kind: 'bearer', token: 'sk_test_123' } });
  api.collection('GET /v1/customers', listOf(customers));

  const read = await collect(new Customers(stripe(configOf(api.url))));

  expect(read).toEqual(customers);
  expect(api.requests.map(({ query }) => query.get('starting_after'))).toEqual([null, 'cus_99', 'cus_199']);
  expect(api.requests.map(({ query }) => query.get('limit'))).toEqual(['100', '100', '100']);
  expect(api.requests.every(({ headers }) => /^\d{4}-\d\d-\d\d\.\w+$/.test(String(headers['stripe-version'])))).toBe(
    true,
  );
});

test('asks for the objects behind the ids of a charge', async () => {
  await using api = await mockApi();
  api.collection('GET /v1/charges', listOf([]));

  await collect(new Charges(stripe(configOf(api.url))));

  expect(api.requests[0]?.query.getAll('expand[]')).toEqual(['data.customer', 'data.balance_transaction']);
});

test('reads years in windows, and the next time what was made since', async () => {
  await using api = await mockApi();
  api.on('GET /v1/customers', ({ query }) => {
    const from = Number(query.get('created[gte]'));
    const to = Number(query.get('created[lt]'));
    const made = customers.filter(({ created }) => created >= from && created < to);
    const start = made.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const data = made.slice(start, start + 100);
    return { body: { object: 'list', data, has_more: start + data.length < made.length } };
  });
  for (const name of ['charges', 'invoices', 'events']) api.collection(`GET /v1/${name}`, listOf([]));
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(api.url, now - 330 * DAY));
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  const of = (path: string) => api.requests.filter((request) => request.path === path);

  const first = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog]);
  const asked = of('/v1/customers').filter(({ query }) => !query.has('starting_after'));
  const state = await folder.write('state.json', stateOf(first));
  const second = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog, '--state', state]);

  expect(first.errors).toEqual([]);
  const read = first.recordsOf('customers');
  expect(read).toHaveLength(customers.length);
  expect(new Set(read.map(({ id }) => id))).toEqual(new Set(customers.map(({ id }) => id)));
  expect(asked.length).toBeGreaterThanOrEqual(4);
  expect(stateOf(first).find(({ stream }) => stream?.stream_descriptor.name === 'customers')).toMatchObject({
    stream: { stream_state: { created: now - 60 } },
  });
  expect(second.errors).toEqual([]);
  expect(second.recordsOf('customers')).toEqual([customers[0]]);
});

test('waits as a 429 says, and reads on', async () => {
  await using api = await mockApi();
  api.collection('GET /v1/customers', listOf(customers));
  api.fault({ at: 2 }, { status: 429, headers: { 'retry-after': '0' }, body: { error: { code: 'rate_limit' } } });

  const read = await collect(new Customers(stripe(configOf(api.url))));

  expect(read).toHaveLength(customers.length);
  expect(api.requests).toHaveLength(4);
});
