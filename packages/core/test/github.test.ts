import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogOf, mockApi, runConnector, stateOf, temporaryFolder } from '@headwater/testing';

const CONNECTOR = fileURLToPath(new URL('connectors/github.mjs', import.meta.url));
const FIXTURE = '@octokit/fixtures/scenarios/api.github.com/paginate-issues/normalized-fixture.json';
const TOKEN = '0000000000000000000000000000000000000001';

interface Recorded {
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly response: readonly { readonly id: number; readonly number: number }[];
}

/** Five pages of issues as the real GitHub sent them, linked by `Link` headers. */
const recorded = JSON.parse(
  readFileSync(new URL(`../../../node_modules/${FIXTURE}`, import.meta.url), 'utf8'),
) as readonly Recorded[];

/** What belongs to the connection it was recorded on, not to the answer. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'transfer-encoding', 'date']);

test('reads the recorded issues of GitHub, page by page along the Link header', async () => {
  await using api = await mockApi();
  for (const { path, status, headers, response } of recorded) {
    const [route = '', query = ''] = path.split('?');
    api.on(`GET ${route}`, (request) => {
      const page = recorded.find((other) => other.path === `${request.path}?${request.query.toString()}`);
      if (!page) throw new Error(`not recorded: ${request.path}?${request.query.toString()}, only ${query}`);
      const kept = Object.entries(page.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
      const served = kept.map(([name, value]) => [name, String(value).replaceAll('https://api.github.com', api.url)]);
      return { status, headers: Object.fromEntries(served), body: page.response };
    });
    expect(response.length).toBeGreaterThan(0);
    expect(headers['link']).toBeDefined();
  }
  await using folder = await temporaryFolder();
  const repositories = ['octokit-fixture-org/paginate-issues'];
  const config = await folder.write('config.json', { base_url: api.url, token: TOKEN, repositories });

  const discovered = await runConnector(CONNECTOR, ['discover', '--config', config]);
  const catalog = await folder.write('catalog.json', catalogOf(discovered));
  const run = await runConnector(CONNECTOR, ['read', '--config', config, '--catalog', catalog]);

  expect(run.errors).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(recorded).toHaveLength(5);
  expect(run.recordsOf('issues')).toEqual(recorded.flatMap(({ response }) => response));
  expect(run.recordsOf('issues').map(({ number }) => number)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(api.requests.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual(
    recorded.map(({ path }) => path),
  );
  expect(api.requests.every(({ headers }) => headers['authorization'] === `Bearer ${TOKEN}`)).toBe(true);
  expect(run.logs.filter(({ message }) => /^quota: \d+ of \d+$/.test(message))).toHaveLength(5);
  expect(stateOf(run)[0]?.stream?.stream_state).toEqual({
    states: [{ partition: { repository: repositories[0] }, cursor: { updated_at: '2017-10-10T16:00:00Z' } }],
  });
});
