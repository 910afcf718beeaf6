import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { catalogOf, collect, runConnector, temporaryFolder } from '@headwater/testing';
import { Charges, stripe } from '../src/streams.ts';
import { findStripeMock, startStripeMock } from './stripe-mock.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const program = findStripeMock();
if (program === undefined) {
  process.stderr.write('Skipped: stripe-mock is neither in PATH nor named by HEADWATER_STRIPE_MOCK.\n');
}
const withStripeMock = program === undefined ? test.skip : test;

// One window: of any time the server has the same one record.
const configOf = (url: string) => ({
  base_url: url,
  api_key: 'sk_test_123',
  start_date: new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z'),
});

withStripeMock('reads every stream from the server that Stripe itself tests with', async () => {
  await using server = await startStripeMock(program!);
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(server.url));

  const checked = await runConnector(MAIN, ['check', '--config', config]);
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  const read = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog, '--validation', 'strict']);

  expect(checked.messages.at(-1)?.connectionStatus?.status).toBe('SUCCEEDED');
  expect(read.errors).toEqual([]);
  expect(read.logs.filter(({ level }) => level === 'WARN')).toEqual([]);
  for (const [stream, object] of Object.entries({
    customers: 'customer',
    charges: 'charge',
    invoices: 'invoice',
    events: 'event',
  })) {
    expect(read.recordsOf(stream)).toEqual([expect.objectContaining({ object, created: expect.any(Number) })]);
  }
});

withStripeMock('has ids expanded to objects', async () => {
  await using server = await startStripeMock(program!);

  const [charge] = await collect(new Charges(stripe(configOf(server.url))));

  expect(charge?.balance_transaction).toMatchObject({ id: expect.stringMatching(/^txn_/), net: expect.any(Number) });
  expect(charge?.customer).toMatchObject({ id: expect.stringMatching(/^cus_/) });
});

withStripeMock('fails with what the server says about a key that is none', async () => {
  await using server = await startStripeMock(program!);
  const config = { ...configOf(server.url), api_key: 'no-key' };

  await expect(collect(new Charges(stripe(config)))).rejects.toMatchObject({
    status: 401,
    failureType: 'config_error',
  });
});
