import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { catalogOf, collect, demoApi, mockApi, runConnector, stateOf, temporaryFolder } from '@headwater/testing';
import { Commits, Issues, Repositories } from '../src/streams.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const configOf = (url: string) => ({ base_url: url, api_key: 'demo-key-123', start_date: '2000-01-01T00:00:00Z' });

test('reads every repository, page by page', async () => {
  await using api = await demoApi({ faults: false });

  const repositories = await collect(new Repositories({ config: configOf(api.url) }));

  expect(repositories.map(({ name }) => name)).toEqual(api.data.repositories.map(({ name }) => name));
});

test('asks for issues since the start date, then since the state', async () => {
  await using api = await mockApi();
  api.on('GET /v1/issues', { body: { data: [], next_cursor: null } });
  const issues = new Issues({ config: configOf(api.url) });

  await collect(issues);
  await collect(issues, { state: { updated_at: '2026-03-01T00:00:00Z' } });

  expect(api.requests.map(({ query }) => query.get('since'))).toEqual(['2000-01-01T00:00:00Z', '2026-03-01T00:00:00Z']);
});

test('reads the commits of a repository along the Link header', async () => {
  await using api = await demoApi({ faults: false });
  const config = configOf(api.url);
  const commits = new Commits({ config, repositories: new Repositories({ config }) });

  const read = await collect(commits, { slice: { repository: 'atlas' } });

  expect(read.map(({ sha }) => sha)).toEqual(api.data.commits.get('atlas')?.map(({ sha }) => sha));
});

test('says in check what is wrong with the key', async () => {
  await using api = await demoApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', { ...configOf(api.url), api_key: 'wrong-key' });

  const run = await runConnector(MAIN, ['check', '--config', config]);

  expect(run.exitCode).toBe(0);
  expect(run.messages.at(-1)?.connectionStatus?.status).toBe('FAILED');
  expect(run.messages.at(-1)?.connectionStatus?.message).toMatch(/401 .*X-API-Key is missing or wrong/);
});

test('reads all streams through a 429 and a 503, then only what is new', async () => {
  await using api = await demoApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(api.url));
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));

  const first = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog]);
  const asked = api.stats.requests;
  const state = await folder.write('state.json', stateOf(first));
  const second = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog, '--state', state]);

  expect(first.errors).toEqual([]);
  expect(first.notJson).toEqual([]);
  expect(first.recordsOf('repositories')).toHaveLength(api.data.repositories.length);
  expect(first.recordsOf('issues')).toHaveLength(api.data.issues.length);
  expect(first.recordsOf('commits')).toHaveLength([...api.data.commits.values()].flat().length);
  expect(first.stdout).toContain('"id":9007199254740993,');
  expect(api.stats).toMatchObject({ rateLimited: 1, unavailable: 1 });
  expect(second.recordsOf('issues').length).toBeLessThan(5);
  // Commits has the repositories' pages from the cache: it asks for none of them.
  const pages = Math.ceil(api.data.repositories.length / 5);
  const commitPages = [...api.data.commits.values()].reduce((sum, { length }) => sum + Math.ceil(length / 20), 0);
  expect(api.stats.requests - asked).toBe(pages + 1 + commitPages);
});
