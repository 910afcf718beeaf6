import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { mockApi, temporaryFolder } from '@headwater/testing';
import { expect, test } from '@jest/globals';

import { planFromResponses } from '../../src/from-response/index.ts';
import { harOf, type Entry } from './har-of.ts';

const API = 'https://api.acme.com/v1';

const planOf = async (name: string, text: string) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, name);
  await writeFile(file, text);
  return planFromResponses([file]);
};

const planOfHar = (...entries: readonly Entry[]) => planOf('acme.har', harOf(...entries));

const user = (id: number) => ({ id, name: `U${id}`, email: `u${id}@acme.com`, updated_at: `2026-01-0${id}T00:00:00Z` });

test('makes streams, a base URL and auth of a HAR file', async () => {
  const sent = { Authorization: 'Bearer sesame-4711' };
  const plan = await planOfHar(
    { url: `${API}/users?limit=2`, body: { data: [user(1), user(2)], next_cursor: 'c1' }, sent },
    { url: `${API}/users?limit=2&cursor=c1`, body: { data: [user(3)], next_cursor: null }, sent },
    { url: `${API}/users/1/orders`, body: { data: [{ id: 11, total: 9.5 }] }, sent },
    { url: `${API}/users/2/orders`, body: { data: [{ id: 12, total: null }] }, sent },
    { url: 'https://cdn.acme.com/app.js', body: 'alert()', type: 'text/javascript' },
    { url: `${API}/broken`, body: { error: 'no' }, status: 500 },
  );

  expect(plan).toMatchObject({ title: 'Acme', baseUrl: API, auth: { kind: 'bearer' }, config: [] });
  expect(plan.streams.map(({ name }) => name)).toEqual(['users', 'orders']);
  expect(plan.streams[0]).toMatchObject({
    path: '/users',
    recordsPath: '$.data[*]',
    primaryKey: 'id',
    cursorField: 'updated_at',
    query: { limit: 2 },
    pagination: { kind: 'cursor', options: { from: '$.next_cursor' } },
  });
  expect(plan.streams[1]).toMatchObject({
    path: '/users/{user_id}/orders',
    pathParams: { user_id: { from: 'parent', stream: 'users', field: 'id' } },
    schema: { properties: { total: { type: ['number', 'null'] } } },
  });
  expect(JSON.stringify(plan)).not.toContain('4711');
});

test('confirms page numbers by the requests that followed', async () => {
  const plan = await planOfHar(
    { url: `${API}/things?pageNo=0&size=2`, body: [{ id: 1 }, { id: 2 }] },
    { url: `${API}/things?pageNo=1&size=2`, body: [{ id: 3 }, { id: 4 }] },
    { url: `${API}/things?pageNo=2&size=2`, body: [{ id: 5 }] },
  );

  expect(plan.streams[0]?.pagination).toEqual({
    kind: 'pageNumber',
    options: { param: 'pageNo', start: 0, pageSize: 2, sizeParam: 'size' },
  });
  expect(plan.streams[0]?.query).toEqual({});
  expect(guess(plan.streams[0]?.guesses, 'pagination')?.because).toContain('Confirmed');
});

test('corrects the parameter of a cursor by the request that followed', async () => {
  const plan = await planOfHar(
    { url: `${API}/things`, body: { items: [{ id: 1 }], meta: { next_cursor: 'abc' } } },
    { url: `${API}/things?page_token=abc`, body: { items: [{ id: 2 }], meta: { next_cursor: null } } },
  );

  expect(plan.streams[0]?.pagination).toEqual({
    kind: 'cursor',
    options: { from: '$.meta.next_cursor', param: 'page_token' },
  });
});

test('follows a Link header, and offsets, where requests did', async () => {
  const next = `<${API}/things?page=2&access_token=hush>; rel="next"`;
  const linked = await planOfHar(
    { url: `${API}/things?access_token=hush`, body: [{ id: 1 }], headers: { Link: next } },
    { url: `${API}/things?page=2&access_token=hush`, body: [{ id: 2 }] },
  );
  const counted = await planOfHar(
    { url: `${API}/things`, body: [{ id: 1 }, { id: 2 }] },
    { url: `${API}/things?from=2`, body: [{ id: 3 }] },
  );

  expect(linked.streams[0]?.pagination).toEqual({ kind: 'linkHeader', options: {} });
  expect(linked.auth).toEqual({ kind: 'api-key', in: 'query', name: 'access_token' });
  expect(JSON.stringify(linked)).not.toContain('hush');
  expect(counted.streams[0]?.pagination).toEqual({ kind: 'offset', options: { param: 'from', limit: 2 } });
});

test('says when later requests do not confirm the pages', async () => {
  const plan = await planOfHar(
    { url: `${API}/things?state=open`, body: { data: [{ id: 1 }], next_cursor: 'x' } },
    { url: `${API}/things?state=closed`, body: { data: [{ id: 2 }], next_cursor: 'y' } },
  );

  expect(guess(plan.streams[0]?.guesses, 'pagination')?.because).toContain('Not confirmed');
  expect(plan.streams[0]?.query).toEqual({});
});

test('asks the config for ids that no stream has', async () => {
  const plan = await planOfHar({ url: `${API}/teams/4411/members`, body: { members: [{ id: 1 }] } });

  expect(plan.streams[0]).toMatchObject({
    name: 'members',
    path: '/teams/{team_id}/members',
    pathParams: { team_id: { from: 'config', field: 'team_id' } },
    recordsPath: '$.members[*]',
  });
  expect(plan.config).toMatchObject([{ name: 'team_id', required: true, example: '4411' }]);
});

test('guesses auth from headers like API keys, and none', async () => {
  const entry = { url: `${API}/things`, body: [{ id: 1 }] };
  const keyed = await planOfHar({ ...entry, sent: { 'X-Api-Key': 'hush', 'X-CSRF-Token': 'x' } });
  const basic = await planOfHar({ ...entry, sent: { authorization: 'Basic aHVzaA==' } });
  const worded = await planOfHar({ ...entry, sent: { authorization: 'Token hush' } });
  const none = await planOfHar(entry);

  expect(keyed.auth).toEqual({ kind: 'api-key', in: 'header', name: 'x-api-key' });
  expect(basic.auth).toEqual({ kind: 'basic' });
  expect(worded.auth).toEqual({ kind: 'bearer', scheme: 'Token' });
  expect(none.auth).toEqual({ kind: 'none' });
  expect(guess(none.guesses, 'auth')?.because).toContain('Browsers');
  expect(JSON.stringify([keyed, basic, worded])).not.toMatch(/hush|aHVzaA/);
});

test('reads a saved answer with its headers, and its URL from the Link header', async () => {
  const head = ['HTTP/2 200', 'content-type: application/json', `link: <${API}/issues?page=2&state=all>; rel="next"`];
  const plan = await planOf(
    'saved.http',
    `HTTP/1.1 302 Found\r\nlocation: /x\r\n\r\n${head.join('\r\n')}\r\n\r\n[{"id":1}]`,
  );

  expect(plan.baseUrl).toBe(API);
  expect(plan.streams[0]).toMatchObject({
    path: '/issues',
    query: { state: 'all' },
    pagination: { kind: 'linkHeader' },
  });
});

test('names a stream by its file where nothing tells the URL', async () => {
  const plan = await planOf(
    'sales-orders-2.json',
    '[{"id":9007199254740993,"paid":12.5},{"id":9007199254740995,"paid":1}]',
  );

  expect(plan).toMatchObject({
    baseUrl: 'https://api.example.com',
    streams: [{ name: 'sales_orders', primaryKey: 'id' }],
  });
  expect(plan.streams[0]?.schema).toMatchObject({ properties: { id: { type: 'integer' }, paid: { type: 'number' } } });
  expect(new Set(plan.streams[0]?.examples.map(({ id }) => id)).size).toBe(2);
  expect(guess(plan.guesses, 'base URL')?.because).toContain('correct it');
});

test('fetches a URL with the credential, and keeps it out of the plan', async () => {
  await using api = await mockApi();
  api.on('GET /v2/pets', ({ headers }) =>
    headers['authorization'] === 'Bearer sesame-4711' ? { body: { pets: [{ id: 1 }] } } : { status: 401 },
  );

  const plan = await planFromResponses([`${api.url}/v2/pets?limit=1`], {
    headers: ['Authorization: Bearer sesame-4711'],
  });

  expect(plan).toMatchObject({
    auth: { kind: 'bearer' },
    baseUrl: `${new URL(api.url).origin}/v2`,
    streams: [{ name: 'pets' }],
  });
  expect(JSON.stringify(plan)).not.toContain('4711');
});

test('replaces addresses and credentials in examples', async () => {
  const record = {
    id: 1,
    email: 'jane@acme.com',
    note: 'ask jane@acme.com',
    api_key: '6f8e1b1c-9a53-4a5e-9b0d-0123456789ab',
    phone: '+49 30 1234567',
    url: 'https://files.acme.com/a?signature=hush&size=1',
    token_expires_at: '2026-01-01T00:00:00Z',
  };
  const plan = await planOf('people.json', JSON.stringify([record]));

  expect(plan.streams[0]?.examples).toEqual([
    {
      ...record,
      email: 'person1@example.com',
      note: 'ask person1@example.com',
      api_key: '00000000-0000-4000-8000-000000000001',
      phone: '+15550000001',
      url: 'https://files.acme.com/a?size=1',
    },
  ]);
  expect(guess(plan.streams[0]?.guesses, 'examples')?.decided).toContain('e-mail address (1)');
});

test('tells why a field is no key and no cursor', async () => {
  const records = [
    { id: 1, updated_at: null },
    { id: 1, updated_at: '2026-01-01T00:00:00Z' },
  ];
  const plan = await planOf('things.json', JSON.stringify({ data: records }));

  expect(plan.streams[0]).not.toHaveProperty('primaryKey');
  expect(plan.streams[0]).not.toHaveProperty('cursorField');
  expect(guess(plan.streams[0]?.guesses, 'primary key')?.because).toContain('id is not unique');
  expect(guess(plan.streams[0]?.guesses, 'cursor field')?.because).toContain('null in some records');
});

const guess = (guesses: readonly { about: string; decided: string; because: string }[] | undefined, about: string) =>
  guesses?.find((one) => one.about === about);
