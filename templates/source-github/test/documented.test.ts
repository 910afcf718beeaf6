import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogOf, mockApi, runConnector, temporaryFolder } from '@headwater/testing';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

// GitHub's description of its API, an npm package that is too large to be installed with the others.
const modules = process.env['HEADWATER_OPENAPI_MODULES'];
if (modules === undefined) process.stderr.write('Skipped: HEADWATER_OPENAPI_MODULES names no folder of modules.\n');
const withDescription = modules === undefined ? test.skip : test;

type Node = Readonly<Record<string, unknown>>;

/** What stands at a path of names. */
const at = (document: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((node, name) => (node as Node | undefined)?.[name], document);

/** The example that the description gives for the answer to a GET: a list of records. */
const exampleOf = (description: unknown, path: string): readonly object[] => {
  const examples = at(description, 'paths', path, 'get', 'responses', '200', 'content', 'application/json', 'examples');
  const reference = String(at(examples, 'default', '$ref'))
    .replace('#/', '')
    .split('/');
  return at(description, ...reference, 'value') as readonly object[];
};

withDescription('reads the examples of the description as they are', async () => {
  const file = join(modules!, '@octokit/openapi/generated/api.github.com.json');
  const description: unknown = JSON.parse(await readFile(file, 'utf8'));
  const examples = {
    issues: exampleOf(description, '/repos/{owner}/{repo}/issues'),
    pull_requests: exampleOf(description, '/repos/{owner}/{repo}/pulls'),
    comments: exampleOf(description, '/repos/{owner}/{repo}/issues/{issue_number}/comments'),
  };
  await using api = await mockApi();
  api.collection('GET /repos/octocat/Hello-World/issues', { items: examples.issues });
  api.collection('GET /repos/octocat/Hello-World/pulls', { items: examples.pull_requests });
  api.collection('GET /repos/octocat/Hello-World/issues/:number/comments', { items: examples.comments });
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', {
    token: 'a-token',
    repositories: ['octocat/Hello-World'],
    base_url: api.url,
  });
  const catalog = await folder.write(
    'catalog.json',
    catalogOf(await runConnector(MAIN, ['discover', '--config', config])),
  );

  const run = await runConnector(MAIN, ['read', '--config', config, '--catalog', catalog, '--validation', 'strict']);

  expect(run.errors).toEqual([]);
  expect(run.logs.filter(({ level }) => level === 'WARN')).toEqual([]);
  for (const [stream, records] of Object.entries(examples)) {
    expect(records.length).toBeGreaterThan(0);
    expect(run.recordsOf(stream)).toEqual(records);
  }
});
