import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { CommandError } from '../../src/command-error.ts';
import { planFromOpenApi } from '../../src/openapi/index.ts';
import { ROOT } from '../headwater.ts';
import { expectSound } from './invariants.ts';

const EXAMPLES = join(ROOT, 'node_modules/@readme/oas-examples');

const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(2\.0|3\.0|3\.1)\/.+\.(json|yaml)$/.test(path.replaceAll('\\', '/')))
  .toSorted();

const planAt = (path: string) => planFromOpenApi(join(EXAMPLES, path));

test('finds the examples', () => {
  expect(files.length).toBeGreaterThan(100);
});

test('makes a sound plan of each description, or says why there is none', async () => {
  const planned: string[] = [];
  for (const file of files) {
    try {
      expectSound(await planAt(file));
      planned.push(file);
    } catch (error) {
      if (!(error instanceof CommandError)) throw new Error(file, { cause: error });
      expect(error.message).toMatch(/has no GET|answers a list of objects|has no "paths"|no OpenAPI description/);
    }
  }
  expect(planned).toEqual(
    expect.arrayContaining(['2.0/json/petstore.json', '3.0/yaml/star-trek.yaml', '3.1/json/readme.json']),
  );
  expect(planned.length).toBeGreaterThanOrEqual(24);
}, 60_000);

test.each([
  ['Figma', '@figma/rest-api-spec/openapi/openapi.yaml'],
  ['Scalar', '@scalar/galaxy/dist/latest.yaml'],
])("makes a sound plan of %s's own description", async (_name, file) => {
  const made = await planFromOpenApi(join(ROOT, 'node_modules', file));
  expectSound(made);
  expect(made.plan.streams.length).toBeGreaterThan(0);
});

test('reads JSON and YAML alike', async () => {
  for (const name of ['2.0/FORM/petstore', '3.0/FORM/link-example', '3.1/FORM/train-travel']) {
    const [json, yaml] = await Promise.all(
      ['json', 'yaml'].map((form) => planAt(`${name.replace('FORM', form)}.${form}`)),
    );
    expect(yaml).toEqual(json);
  }
});

test('hangs pull requests on the repositories of a user', async () => {
  const { plan } = await planAt('3.0/json/link-example.json');
  expect(plan.config.map(({ name }) => name)).toEqual(['username']);
  expect(plan.streams).toMatchObject([
    { name: 'repositories', primaryKey: 'slug', pathParams: { username: { from: 'config', field: 'username' } } },
    {
      name: 'pullrequests',
      primaryKey: 'id',
      pathParams: {
        username: { from: 'config', field: 'username' },
        slug: { from: 'parent', stream: 'repositories', field: 'slug' },
      },
    },
  ]);
});

test('pages through the searches of Star Trek from their first page on', async () => {
  const { plan, candidates } = await planAt('3.0/json/star-trek.json');
  expect(plan.streams).toHaveLength(20);
  expect(candidates.length).toBeGreaterThan(40);
  expect(plan.streams.find(({ name }) => name === 'animal')).toMatchObject({
    path: '/animal/search',
    recordsPath: '$.animals[*]',
    primaryKey: 'uid',
    pagination: {
      kind: 'pageNumber',
      options: { param: 'pageNumber', pageSize: 100, sizeParam: 'pageSize', total: '$.page.totalElements' },
    },
  });
});

test('knows an API by its links and its consent page', async () => {
  const { plan } = await planAt('3.1/json/train-travel.json');
  expect(plan.auth).toMatchObject({
    kind: 'oauth2',
    grant: 'refresh_token',
    tokenUrl: 'https://example.com/oauth/token',
  });
  expect(plan.streams.find(({ name }) => name === 'stations')).toMatchObject({
    recordsPath: '$.data[*]',
    primaryKey: 'id',
    pagination: { kind: 'nextUrl', options: { from: '$.links.next' } },
  });
});

test('keeps the children of a branch apart', async () => {
  const { plan } = await planAt('3.1/json/readme.json');
  expect(plan.auth).toEqual({ kind: 'bearer' });
  expect(plan.streams.find(({ name }) => name === 'recipes')?.pathParams).toEqual({
    branch: { from: 'parent', stream: 'branches', field: 'name' },
  });
});
