import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from '@headwater/testing';
import { expect, test } from '@jest/globals';

import { readAdvancedAuth } from '../../src/oauth/advanced-auth.ts';
import { connectorFiles } from '../../src/generate/connector-files.ts';
import { starterPlan } from '../../src/generate/starter-plan.ts';
import { writeConnector } from '../../src/generate/write-connector.ts';
import type { ConnectorPlan, StreamPlan } from '../../src/plan/plan.ts';
import { AUTHS, family, times } from './plans.ts';

const TEMPLATE = fileURLToPath(new URL('../../../../templates/source-api', import.meta.url));

/** The starter with its first stream changed. */
const changed = (more: Partial<StreamPlan>): ConnectorPlan => {
  const plan = starterPlan();
  return { ...plan, streams: plan.streams.map((stream, at) => (at === 0 ? { ...stream, ...more } : stream)) };
};

const problemOf = (plan: ConnectorPlan): Promise<string> =>
  connectorFiles(plan, 'source-x').then(
    () => 'none',
    (error: Error) => error.message,
  );

test('refuses a plan that makes no connector, and says why', async () => {
  const { streams, ...plan } = starterPlan();
  const [items, notes] = streams as [StreamPlan, StreamPlan];

  expect(await problemOf({ ...plan, streams: [] })).toBe('The plan has no stream. Choose at least one.');
  expect(await problemOf({ ...plan, streams: [items, items] })).toMatch('Two streams of the plan are called "items".');
  expect(await problemOf({ ...plan, streams: [notes] })).toMatch(
    'has the parent "items", which is not among the streams.',
  );
  expect(await problemOf(starterPlan({ baseUrl: '/v1' }))).toMatch('The base URL "/v1" is not absolute.');
  const loop: StreamPlan = {
    ...items,
    path: '/{n}/items',
    pathParams: { n: { from: 'parent', stream: 'item_notes', field: 'id' } },
  };
  expect(await problemOf({ ...plan, streams: [loop, notes] })).toMatch(
    'is its own parent: items -> item_notes -> items.',
  );
  const two: StreamPlan = {
    ...items,
    name: 'pairs',
    path: '/{a}/{b}',
    pathParams: {
      a: { from: 'parent', stream: 'items', field: 'id' },
      b: { from: 'parent', stream: 'others', field: 'id' },
    },
  };
  expect(await problemOf({ ...plan, streams: [items, { ...items, name: 'others' }, two] })).toMatch(
    'has the parents "items" and "others", none of which is a child of the others.',
  );
});

test('refuses a path that leads away from the API, or has a parameter of nowhere', async () => {
  for (const path of ['//evil.test/items', '/https://evil.test/', 'items', '/a/../../b', '/\\evil.test']) {
    expect(await problemOf(changed({ path }))).toMatch('A path begins with one slash and stays below the base URL.');
  }
  expect(await problemOf(changed({ path: '/{__proto__}' }))).toMatch('nothing says where {__proto__} comes from.');
  const pathParams = { org: { from: 'config', field: 'org' } } as const;
  expect(await problemOf(changed({ path: '/{org}', pathParams }))).toMatch('A path needs the config field "org"');
});

test('lists what was guessed, and only then', async () => {
  const guesses = [{ about: 'pagination', decided: 'linkHeader()', because: 'the answer has a | Link' }];

  const files = await connectorFiles(changed({ guesses }), 'source-x');

  expect(files.get('GUESSES.md')).toMatch(
    /## Stream `items`[^]*pagination *\| *`linkHeader\(\)` *\| *the answer has a \\\| Link/,
  );
  expect(files.get('README.md')).toContain('GUESSES.md');
  expect([...(await connectorFiles(starterPlan(), 'source-x')).keys()]).not.toContain('GUESSES.md');
});

test('gives the credential another name where the config has that one already', async () => {
  const files = await connectorFiles(family(), 'source-x');

  const spec = JSON.parse(files.get('spec.json') ?? '');
  expect(Object.keys(spec.connectionSpecification.properties)).toEqual([
    'username',
    'auth_username',
    'password',
    'base_url',
  ]);
  expect(spec.connectionSpecification.required).toEqual(['username', 'auth_username', 'password']);
  expect(files.get('src/api.ts')).toContain('username: config.auth_username');
});

test('writes a spec that `headwater oauth login` understands', async () => {
  const auth = AUTHS.find((one) => one.kind === 'oauth2' && one.grant === 'refresh_token');
  const files = await connectorFiles(starterPlan({ auth: auth ?? { kind: 'none' } }), 'source-x');

  const { outputs, settings, scope } = readAdvancedAuth(JSON.parse(files.get('spec.json') ?? ''), 'source-x');
  expect(scope).toBe('read');
  expect(outputs.map(({ path }) => path)).toEqual([['refresh_token']]);
  expect(settings.map(({ path }) => path)).toEqual([['client_id'], ['client_secret']]);
});

test('leaves out what is old where the API cannot be asked for what is new', async () => {
  const files = await connectorFiles(times(), 'source-x');

  const cursors = [...files].flatMap(([path, text]) => {
    const [, line = ''] = /override readonly (cursor.*);/.exec(text) ?? [];
    return path.startsWith('src/streams/old-') ? [line] : [];
  });
  expect(cursors).toEqual([
    "cursor = dateTimeCursor({ field: 'changed', clientSide: true })",
    "cursor = dateTimeCursor({ field: 'changed', format: '%Y-%m-%d', clientSide: true })",
    "cursor = dateTimeCursor({ field: 'changed', format: 'epoch-seconds', clientSide: true })",
    "cursor = dateTimeCursor({ field: 'changed', format: 'epoch-millis', clientSide: true })",
    "cursor = counterCursor({ field: 'changed', clientSide: true })",
    "cursorField = 'changed'",
  ]);
  expect(files.get('src/streams/moments.ts')).toContain("cursorField = 'changed'");
});

test('puts the new name wherever the template has its own', async () => {
  await using folder = await temporaryFolder();
  await writeConnector(starterPlan({ title: 'Acme' }), {
    name: '@acme/source-acme',
    template: TEMPLATE,
    directory: folder.path,
  });

  const read = (path: string): Promise<string> => readFile(join(folder.path, path), 'utf8');
  const { name, bin, description } = JSON.parse(await read('package.json'));
  expect({ name, bin, description }).toEqual({
    name: '@acme/source-acme',
    bin: { 'source-acme': './dist/main.js' },
    description: 'Reads Acme: a Headwater connector.',
  });
  expect(await read('Dockerfile')).toContain('LABEL io.airbyte.name=source-acme\n');
  expect(await read('README.md')).toMatch(/^# source-acme\n\nReads Acme for/);
  expect(await read('.gitignore')).toContain('config.json');
});

test('takes no name that npm would not', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['', '../x', 'a b', 'A', '@x/../y', 'x'.repeat(300)]) {
    await expect(writeConnector(starterPlan(), { name, template: TEMPLATE, directory: folder.path })).rejects.toThrow(
      'is no name of a package',
    );
  }
});
