import { expect, test } from '@jest/globals';

import { answers, api, failureOf, inPath, ITEM, list, object, planOf, query } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const TEXT = { type: 'string' };
const COUNT = { type: 'integer' };
const things = answers(list(ITEM));
const fromParent = (stream: string, field: string) => ({ from: 'parent', stream, field });
const fromConfig = (field: string) => ({ from: 'config', field });

test('makes a list below a record the child of the list above it', async () => {
  const found = await planOf(
    api({
      '/projects': answers(list(object({ key: TEXT, title: TEXT }))),
      '/projects/{project_key}/issues': answers(list(object({ id: COUNT, number: COUNT })), [inPath('project_key')]),
      '/projects/{project_key}/issues/{issue_number}/comments': answers(list(ITEM), [
        inPath('project_key'),
        inPath('issue_number', COUNT),
      ]),
    }),
  );
  expectSound(found);
  expect(found.plan.config).toEqual([]);
  expect(found.plan.streams.map(({ name, pathParams }) => [name, pathParams])).toEqual([
    ['projects', {}],
    ['issues', { project_key: fromParent('projects', 'key') }],
    ['comments', { project_key: fromParent('projects', 'key'), issue_number: fromParent('issues', 'number') }],
  ]);
});

test('finds the list of a parent at another path', async () => {
  const found = await planOf(
    api({
      '/orgs/{org}/repos': answers(list(object({ id: COUNT, name: TEXT })), [inPath('org')]),
      '/repos/{owner}/{repo}/tags': answers(list(ITEM), [inPath('owner'), inPath('repo')]),
    }),
  );
  expectSound(found);
  expect(found.plan.config).toMatchObject([{ name: 'org', required: true, schema: { type: 'string', title: 'Org' } }]);
  expect(found.plan.streams.map(({ name, pathParams }) => [name, pathParams])).toEqual([
    ['repos', { org: fromConfig('org') }],
    ['tags', { owner: fromConfig('org'), repo: fromParent('repos', 'name') }],
  ]);
});

test('does not give a number the name of a record', async () => {
  const found = await planOf(
    api({
      '/files': answers(list(object({ id: TEXT, name: TEXT }))),
      '/files/{file_id}/pages': answers(list(ITEM), [inPath('file_id', COUNT)]),
    }),
    { streams: ['pages'] },
  );
  expectSound(found);
  expect(found.plan.streams).toMatchObject([{ name: 'pages', pathParams: { file_id: fromConfig('file_id') } }]);
  expect(found.plan.config).toMatchObject([{ name: 'file_id', schema: { type: 'integer' } }]);
});

test('asks in the config for each id that no stream has', async () => {
  const found = await planOf(
    api({
      '/albums/{id}/tracks': answers(list(ITEM), [inPath('id')]),
      '/artists/{id}/concerts': answers(list(ITEM), [inPath('id')]),
    }),
  );
  expectSound(found);
  expect(found.plan.config.map(({ name }) => name).toSorted()).toEqual(['album_id', 'artist_id']);
});

test('breaks off circles of parents', async () => {
  const found = await planOf(
    api({
      '/a/{b}/b': answers(list(object({ id: COUNT })), [inPath('b', COUNT)]),
      '/b/{a}/a': answers(list(object({ id: COUNT })), [inPath('a', COUNT)]),
    }),
  );
  expectSound(found);
  expect(found.plan.streams).toHaveLength(2);
});

test('names streams by the last words that tell them apart', async () => {
  const paths = [
    '/api/v2/issues',
    '/api/v2/users/{user}/issues',
    '/api/v2/repos/{repo}/issues',
    '/api/v2/repos/{repo}/issues/{number}/comments',
    '/conversations.list',
    '/pets/findByStatus',
    '/orderItems/search',
    '/users/keys',
    '/users/{user}/keys',
    '/2fa',
  ];
  const { candidates } = await planOf(
    api(
      Object.fromEntries(
        paths.map((path) => [
          path,
          { ...things, parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => inPath(name)) },
        ]),
      ),
    ),
  );
  expect(candidates.map(({ name }) => name)).toEqual([
    'issues',
    'user_issues',
    'repo_issues',
    'comments',
    'conversations',
    'pets',
    'order_items',
    'users_keys',
    'user_keys',
    'records_2fa',
  ]);
});

test('takes the streams that are asked for, and their parents', async () => {
  const description = api({
    '/teams': things,
    '/teams/{team_id}/members': answers(list(ITEM), [inPath('team_id', COUNT)]),
    '/invoices': things,
  });
  const { plan, candidates } = await planOf(description, { streams: ['members'] });
  expect(plan.streams.map(({ name }) => name)).toEqual(['teams', 'members']);
  expect(candidates.map(({ name, taken, because }) => [name, taken, because])).toEqual([
    ['teams', true, '"members" is made of its records.'],
    ['members', true, 'The answer is a list of objects.'],
    ['invoices', false, 'it was not asked for'],
  ]);
});

test('names the nearest streams for one that is not there', async () => {
  const description = api({ '/teams': things, '/invoices': things });
  expect(await failureOf(description, { streams: ['invoice'] })).toBe(
    'CommandError: openapi.json: there is no stream "invoice". Did you mean invoices?',
  );
  expect(await failureOf(description, { streams: ['unheard_of'] })).toBe(
    'CommandError: openapi.json: there is no stream "unheard_of". Known: teams, invoices.',
  );
});

test('takes twenty streams when nobody chooses', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`/list_${index}`, things]));
  const { plan } = await planOf(
    api({
      ...many,
      '/old': { ...things, deprecated: true },
      '/search/all': answers(list(ITEM), [query('q', TEXT, { required: true })]),
    }),
  );
  expect(plan.streams).toHaveLength(20);
  expect(plan.guesses).toContainEqual(expect.objectContaining({ about: 'streams', decided: '20 of 32' }));
});
