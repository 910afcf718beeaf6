import { join } from 'node:path';

import { createClient } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { useCassettes, type Cassette, type CassetteOptions } from '../../src/cassette/index.ts';
import { mockApi } from '../../src/mock-api.ts';
import type { Reply } from '../../src/reply.ts';
import type { TemporaryFolder } from '../../src/temporary-folder.ts';
import { filesIn, temporaryFolder } from './setup.ts';

const record = async (folder: TemporaryFolder, url: string, options: Partial<CassetteOptions> = {}, headers = {}) => {
  const directory = join(folder.path, 'cassettes');
  await using cassettes = await useCassettes({ directory, mode: 'record', ...options });
  await createClient()({ method: 'GET', url, headers });
  return cassettes.mode;
};

const text = async (folder: TemporaryFolder): Promise<string> => (await filesIn(folder))['connection.json'] ?? '';

const TOKEN = 'never-seen-before-0123';

test.each<[what: string, reply: Reply]>([
  ['a relative link', { body: { next: `/items?page=2&access_token=${TOKEN}`, data: [1] } }],
  ['a link without a slash', { body: { next: `items?access_token=${TOKEN}#top` } }],
  ['a header', { status: 201, headers: { location: `/items/1?signature=${TOKEN}` }, body: {} }],
  ['JSON within JSON', { body: { payload: JSON.stringify({ session: { access_token: TOKEN } }) } }],
  ['XML within JSON', { body: { payload: `<login><password>${TOKEN}</password></login>` } }],
  ['a form that says to be a text', { headers: { 'content-type': 'text/plain' }, body: `access_token=${TOKEN}&a=b` }],
])('replaces a credential that only its name gives away in %s', async (_, reply) => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', reply);

  await record(folder, `${api.url}/x`);

  expect(await text(folder)).not.toContain(TOKEN);
  expect(await text(folder)).toMatch(/=redacted-\d|"redacted-\d|>redacted-\d/);
});

test('leaves links and texts without credentials as they are', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  const body = { next: '/items?page=2&q=a+b%20c&at=10:30', note: 'is a=b; c="d", <i>e</i>?', payload: '{"a":"b"}' };
  api.on('GET /x', { body });

  await record(folder, `${api.url}/x`);

  const { interactions } = JSON.parse(await text(folder)) as Cassette;
  expect(interactions[0]?.response.json).toEqual(body);
});

test('knows a key that is the user of Basic authentication where the API repeats it', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /x', { status: 200, body: { note: `Hello ${TOKEN}.` } });

  await record(folder, `${api.url}/x`, {}, { authorization: `Basic ${btoa(`${TOKEN}:`)}` });

  expect(await text(folder)).not.toContain(TOKEN);
});

test('keeps nothing of an earlier recording in which a chosen field was not replaced', async () => {
  await using folder = await temporaryFolder();
  await using api = await mockApi();
  api.on('GET /:name', ({ params }) => ({ body: { email: `${params['name']}@corp.test` } }));

  await record(folder, `${api.url}/ada`);
  expect(await text(folder)).toContain('ada@corp.test');
  await record(folder, `${api.url}/bob`, { redact: ['E-Mail'] });
  await record(folder, `${api.url}/cyd`, { redact: ['email'] });

  const { interactions, complete } = JSON.parse(await text(folder)) as Cassette;
  expect(await text(folder)).not.toContain('corp.test');
  expect(interactions.map(({ request }) => new URL(request.url).pathname)).toEqual(['/bob', '/cyd']);
  expect(complete).toBe(true);
});
