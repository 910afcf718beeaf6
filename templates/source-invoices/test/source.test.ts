import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { catalogOf, type ConnectorRun, runConnector, stateOf, temporaryFolder } from '@headwater/testing';
import { CLIENT, authorizationServer, type AuthorizationServer } from './authorization-server.ts';
import { CUSTOMERS, INVOICES, invoiceApi } from './invoice-api.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const configOf = async (server: AuthorizationServer, api: { readonly url: string }) => ({
  base_url: api.url,
  token_url: server.tokenUrl,
  refresh_token: await server.login(),
  ...CLIENT,
});

/** The configs that the run asked the platform to keep. */
const savedBy = (run: ConnectorRun) =>
  run.messages.flatMap(({ control }) => control?.connectorConfig?.config ?? []) as readonly Record<string, unknown>[];

test('reads on while tokens expire and one is revoked, then from the saved config', async () => {
  await using server = await authorizationServer(3);
  await using api = await invoiceApi(server, { slow: [5, 20], revoked: 30 });
  await using folder = await temporaryFolder();
  const given = await configOf(server, api);
  const read = async (config: object, ...args: readonly string[]) =>
    runConnector(MAIN, ['read', '--config', await folder.write('config.json', config), '--catalog', catalog, ...args]);
  const catalog = await folder.write(
    'catalog.json',
    catalogOf(await runConnector(MAIN, ['discover', '--config', await folder.write('config.json', given)])),
  );
  expect(server.grants()).toBe(0);

  const first = await read(given);

  expect(first.errors).toEqual([]);
  expect(first.recordsOf('customers')).toEqual(CUSTOMERS);
  expect(new Set(first.recordsOf('invoices').map(({ id }) => id))).toEqual(new Set(INVOICES.map(({ id }) => id)));
  expect(first.recordsOf('invoices')).toHaveLength(INVOICES.length);
  // One token at first, one after each expiry, one for the revoked one: however many slices were under way.
  expect(server.grants()).toBeGreaterThanOrEqual(4);
  expect(api.refusals()).toBeGreaterThanOrEqual(1);
  expect(server.refused).toEqual([]);

  const saved = savedBy(first);
  expect(saved).toHaveLength(server.grants());
  expect(new Set([given, ...saved].map((config) => config['refresh_token'])).size).toBe(server.grants() + 1);
  expect(saved.at(-1)).toEqual({ ...given, start_date: '2000-01-01T00:00:00Z', refresh_token: expect.any(String) });
  const lines = first.stdout.split('\n').filter((line) => !line.includes('"type":"CONTROL"'));
  for (const { refresh_token } of saved) expect([...lines, first.stderr].join('\n')).not.toContain(refresh_token);

  const second = await read(saved.at(-1)!, '--state', await folder.write('state.json', stateOf(first)));

  expect(second.errors).toEqual([]);
  expect(second.recordsOf('invoices')).toHaveLength(CUSTOMERS.length);

  const third = await read(given);

  expect(third.exitCode).toBe(1);
  expect(third.errors[0]).toMatchObject({ failure_type: 'config_error' });
  expect(third.errors[0]?.message).toMatch(/invalid_grant.*Please re-authenticate/s);
});

test('goes on from the token store with a config that is never changed', async () => {
  await using server = await authorizationServer(3600);
  await using api = await invoiceApi(server);
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', await configOf(server, api));
  const store = ['--token-store', `${folder.path}/tokens.json`];

  const checks = [];
  for (let run = 0; run < 2; run++) checks.push(await runConnector(MAIN, ['check', '--config', config, ...store]));

  const statuses = checks.map(({ messages }) => messages.find((each) => each.connectionStatus)?.connectionStatus);
  expect(statuses).toEqual([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }]);
  expect(server.grants()).toBe(1);
});

test('tells in check that the user has to log in again', async () => {
  await using server = await authorizationServer(3600);
  await using api = await invoiceApi(server);
  await using folder = await temporaryFolder();
  const config = { ...(await configOf(server, api)), refresh_token: 'a-token-of-another-server' };

  const run = await runConnector(MAIN, ['check', '--config', await folder.write('config.json', config)]);

  const status = run.messages.find((each) => each.connectionStatus)?.connectionStatus;
  expect(status?.status).toBe('FAILED');
  expect(status?.message).toMatch(/Please re-authenticate/);
  expect(run.stdout).not.toContain(config.refresh_token);
  expect(api.requests).toEqual([]);
});
