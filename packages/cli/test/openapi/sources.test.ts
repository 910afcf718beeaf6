import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { planFromOpenApi } from '../../src/openapi/index.ts';
import { writeFiles } from '../headwater.ts';
import { answers, api, ITEM, list } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const things = answers(list(ITEM));

const serve = async (listener: RequestListener) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};

const folder = async (files: { readonly [path: string]: unknown }) => {
  const root = await mkdtemp(join(tmpdir(), 'headwater-openapi-'));
  await writeFiles(root, files);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
};

test('reads a description from the web, and its servers against its URL', async () => {
  await using place = await serve((_, response) =>
    response.end(JSON.stringify(api({ '/things': things }, { servers: [{ url: '../v2' }] }))),
  );
  const found = await planFromOpenApi(`${place.url}/docs/openapi.json`);
  expectSound(found);
  expect(found.plan.baseUrl).toBe(`${place.url}/v2`);
});

test('says which URL did not answer well', async () => {
  await using place = await serve((_, response) => response.writeHead(404).end());
  await expect(planFromOpenApi(`${place.url}/openapi.json`)).rejects.toThrow(
    `${place.url}/openapi.json: the answer has status 404. Save the description to a file and give its path.`,
  );
});

test('says which host cannot be reached', async () => {
  const place = await serve(() => {});
  await place[Symbol.asyncDispose]();
  await expect(planFromOpenApi(`${place.url}/openapi.json`)).rejects.toThrow(
    /openapi\.json: cannot be reached: .*ECONNREFUSED/,
  );
});

test('says which file is missing', async () => {
  await expect(planFromOpenApi('nowhere/openapi.json')).rejects.toThrow('nowhere/openapi.json: there is no such file.');
});

test('follows references to other files', async () => {
  await using place = await folder({
    'openapi.json': api({ '/things': answers(list({ $ref: 'parts/thing.json' })) }),
    'parts/thing.json': {
      type: 'object',
      properties: { id: { type: 'integer' }, owner: { $ref: 'owner.yaml#/Owner' } },
    },
    'parts/owner.yaml': 'Owner:\n  type: object\n  properties:\n    login: { type: string }\n',
  });
  const found = await planFromOpenApi(join(place.root, 'openapi.json'));
  expectSound(found);
  expect(found.plan.streams[0]?.schema).toMatchObject({
    properties: { owner: { properties: { login: { type: 'string' } } } },
  });
});

test('names the reference to a file that is missing', async () => {
  await using place = await folder({ 'openapi.json': api({ '/things': answers(list({ $ref: 'gone.json' })) }) });
  await expect(planFromOpenApi(join(place.root, 'openapi.json'))).rejects.toThrow(/cannot be followed: .*gone\.json/);
});

test('refuses a URL that is none', async () => {
  await expect(planFromOpenApi('http://:x')).rejects.toThrow('http://:x: not a URL.');
});
