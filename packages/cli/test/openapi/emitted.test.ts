import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { temporaryFolder } from '@headwater/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { serveExamples } from '../../src/generate/serve-examples.ts';
import { writeConnector } from '../../src/generate/write-connector.ts';
import { planFromOpenApi } from '../../src/openapi/index.ts';
import type { ConnectorPlan } from '../../src/plan/plan.ts';
import { ROOT } from '../headwater.ts';

const run = promisify(execFile);
const TEMPLATE = join(ROOT, 'templates/source-api');
const EXAMPLES = join(ROOT, 'node_modules/@readme/oas-examples');
const GITHUB = join(process.env['HEADWATER_OPENAPI_MODULES'] ?? '', '@octokit/openapi/generated/api.github.com.json');

/** Descriptions of APIs that exist, by the names of the connectors made of them. */
const SOURCES: readonly (readonly [name: string, file: string, streams?: readonly string[]])[] = [
  ['petstore', join(EXAMPLES, '2.0/json/petstore.json')],
  ['bitbucket', join(EXAMPLES, '3.0/yaml/link-example.yaml')],
  ['star-trek', join(EXAMPLES, '3.0/json/star-trek.json'), ['animal', 'book_series']],
  ['readme', join(EXAMPLES, '3.1/json/readme.json')],
  // Its list is at the base URL itself.
  ['uspto', join(EXAMPLES, '3.0/json/uspto.json')],
  ['galaxy', join(ROOT, 'node_modules/@scalar/galaxy/dist/latest.yaml')],
  ['train-travel', join(EXAMPLES, '3.1/json/train-travel.json')],
  ...(existsSync(GITHUB) ? ([['github', GITHUB, ['issue_comments', 'pulls', 'repo_commits', 'gists']]] as const) : []),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const plans = new Map<string, ConnectorPlan>();

beforeAll(async () => {
  folder = await temporaryFolder();
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  for (const [name, file, streams] of SOURCES) {
    const { plan } = await planFromOpenApi(file, streams ? { streams } : {});
    const directory = join(folder.path, name);
    await mkdir(directory);
    await writeConnector(plan, { name, template: TEMPLATE, directory });
    plans.set(name, plan);
  }
}, 60_000);
afterAll(() => folder.remove());

/** The messages of a run of the connector's own code. */
const messagesOf = async (name: string, ...args: readonly string[]) => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: join(folder.path, name),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};

test('makes connectors that compile, tests included', async () => {
  const options = JSON.parse(await readFile(join(TEMPLATE, 'tsconfig.json'), 'utf8'));
  const include = ['*/src', '*/test/streams.test.ts'];
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify({ ...options, include }));
  const ran = await run(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder.path]).catch(
    (error: { stdout: string }) => error,
  );
  expect(ran.stdout).toBe('');
}, 60_000);

test('makes connectors that discover all their streams and read all their examples', async () => {
  const check = async (name: string, plan: ConnectorPlan) => {
    const wanted = plan.streams.map((stream) => stream.name).toSorted();
    const discovered = await messagesOf(name, 'discover', '--config', 'config.example.json');
    const { streams } = discovered.find(({ type }) => type === 'CATALOG').catalog as { streams: { name: string }[] };
    expect({ name, streams: streams.map((stream) => stream.name).toSorted() }).toEqual({ name, streams: wanted });

    await using api = await serveExamples(plan);
    const configured = streams.map((stream) => ({
      stream,
      sync_mode: 'full_refresh',
      destination_sync_mode: 'append',
    }));
    await writeFile(join(folder.path, name, 'config.json'), JSON.stringify(api.config));
    await writeFile(join(folder.path, name, 'catalog.json'), JSON.stringify({ streams: configured }));
    const read = await messagesOf(name, 'read', '--config', 'config.json', '--catalog', 'catalog.json');
    const records = read.flatMap(({ record }) => (record === undefined ? [] : [String(record.stream)]));
    expect({ name, records: [...new Set(records)].toSorted() }).toEqual({ name, records: wanted });
    expect(api.unexpected).toEqual([]);
  };
  await Promise.all([...plans].map(([name, plan]) => check(name, plan)));
}, 120_000);
