import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { catalogOf, collect, mockApi, runConnector, stateOf, temporaryFolder } from '@headwater/testing';
import { Comments, Issues, PullRequests, github } from '../src/streams.ts';
import { ISSUES, PULL_REQUESTS, REPOSITORY, TOKEN, commentsOf, githubServer } from './github-server.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const configOf = (url: string, repositories = [REPOSITORY]) => ({
  base_url: url,
  token: TOKEN,
  repositories,
  start_date: '2017-01-01T00:00:00Z',
});

test('reads the recorded issues page by page, and what hangs on them', async () => {
  await using api = await githubServer();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(api.url));
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));

  const run = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog, '--validation', 'strict']);

  expect(run.errors).toEqual([]);
  expect(run.logs.filter(({ level }) => level === 'WARN')).toEqual([]);
  expect(run.recordsOf('issues')).toEqual(ISSUES);
  expect(run.recordsOf('pull_requests')).toEqual(PULL_REQUESTS);
  const byId = (one: object, other: object) => (one as { id: number }).id - (other as { id: number }).id;
  const comments = ISSUES.flatMap(({ number }) => commentsOf(number)).toSorted(byId);
  expect(run.recordsOf('comments').toSorted(byId)).toEqual(comments);
  expect(api.unexpected).toEqual([]);
  // The parents of the comments are the issues that were read anyway.
  expect(api.requests).toHaveLength(5 + 1 + ISSUES.length);
  for (const { headers } of api.requests) {
    expect(headers.accept).toBe('application/vnd.github+json');
    expect(headers['x-github-api-version']).toBe('2022-11-28');
  }
});

test('asks for issues since the start date, then since the state', async () => {
  await using api = await githubServer();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(api.url));
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const { streams } = catalogOf(discovered);
  const issues = streams.filter(({ stream }) => stream.name === 'issues');
  const read = ['read', '--config', config, '--catalog', await folder.write('catalog.json', { streams: issues })];

  const first = await runConnector(MAIN, read);
  await runConnector(MAIN, [...read, '--state', await folder.write('state.json', stateOf(first))]);

  const asked = api.requests.flatMap(({ query }) => query.get('since') ?? []);
  expect(asked).toEqual(['2017-01-01T00:00:00Z', '2017-10-10T16:00:00Z']);
  expect(stateOf(first)[0]?.stream?.stream_state).toEqual({
    states: [{ partition: { repository: REPOSITORY }, cursor: { updated_at: '2017-10-10T16:00:00Z' } }],
  });
});

test('stops at the first page with a pull request that is not new', async () => {
  await using api = await mockApi();
  const pulls = Array.from({ length: 900 }, (_, index) => ({
    id: index,
    number: index,
    updated_at: new Date(Date.UTC(2026, 5, 30) - index * 60_000).toISOString().replace('.000Z', 'Z'),
  }));
  api.collection('GET /repos/o/r/pulls', { items: pulls, paging: { kind: 'linkHeader', sizeParam: 'per_page' } });
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configOf(api.url, ['o/r']));
  const discovered = await runConnector(MAIN, ['discover', '--config', config]);
  const catalog = catalogOf(discovered);
  const streams = catalog.streams.filter(({ stream }) => stream.name === 'pull_requests');
  const path = await folder.write('catalog.json', { streams });

  const first = await runConnector(MAIN, ['read', '--config', config, '--catalog', path]);
  const asked = api.requests.length;
  const state = await folder.write('state.json', stateOf(first));
  const second = await runConnector(MAIN, ['read', '--config', config, '--catalog', path, '--state', state]);

  expect(first.recordsOf('pull_requests')).toHaveLength(900);
  expect(asked).toBe(9);
  expect(second.recordsOf('pull_requests')).toEqual([pulls[0]]);
  // One page, and the next, which is asked for while that is being read.
  expect(api.requests.length).toBeLessThanOrEqual(asked + 2);
});

test('reads the comments of one issue along the Link header', async () => {
  await using api = await mockApi();
  const all = Array.from({ length: 230 }, (_, id) => ({ id, updated_at: '2026-01-01T00:00:00Z' }));
  api.collection('GET /repos/o/r/issues/:number/comments', {
    items: ({ params }) => (params['number'] === '7' ? all : []),
    paging: { kind: 'linkHeader', sizeParam: 'per_page', maxPageSize: 100 },
  });
  const shared = github(configOf(api.url, ['o/r']));

  const read = await collect(new Comments({ ...shared, issues: new Issues(shared) }), {
    slice: { repository: 'o/r', issue: 7 },
  });

  expect(read).toEqual(all);
  expect(api.requests).toHaveLength(3);
});

test('sends nothing while the quota is spent', async () => {
  await using api = await mockApi();
  const reset = Math.ceil(Date.now() / 1000) + 1;
  const next = `<${api.url}/repositories/1/pulls?page=2>; rel="next"`;
  api.reply(200, [{ id: 1 }], { link: next, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
  api.reply(200, [{ id: 2 }], { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': reset + 3600 });

  const read = await collect(new PullRequests(github(configOf(api.url))), { slice: { repository: REPOSITORY } });

  expect(read).toEqual([{ id: 1 }, { id: 2 }]);
  expect(api.requests[1]?.time).toBeGreaterThanOrEqual(reset * 1000);
});

test('waits out the secondary limit, which is a 403', async () => {
  await using api = await mockApi();
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  api.reply(403, { message }, { 'retry-after': '0' }).reply(200, []);

  await collect(new PullRequests(github(configOf(api.url))), { slice: { repository: REPOSITORY } });

  expect(api.requests).toHaveLength(2);
});

test('says in check which repository the token does not see', async () => {
  await using api = await githubServer();
  await using folder = await temporaryFolder();
  const repositories = [REPOSITORY, 'octokit-fixture-org/no-such-repository'];
  const config = await folder.write('config.json', configOf(api.url, repositories));

  const run = await runConnector(MAIN, ['check', '--config', config]);

  expect(run.exitCode).toBe(0);
  expect(run.messages.at(-1)?.connectionStatus?.status).toBe('FAILED');
  expect(run.messages.at(-1)?.connectionStatus?.message).toMatch(/no-such-repository.* 404 .*let the token see it/);
});
