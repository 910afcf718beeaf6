import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { mockApi, temporaryFolder } from '@headwater/testing';
import { expect, test } from '@jest/globals';

import { CommandError } from '../../src/command-error.ts';
import { planFromResponses } from '../../src/from-response/index.ts';
import { harOf } from './har-of.ts';

const messageFor = async (name: string, text: string): Promise<string> => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, name);
  await writeFile(file, text);
  return messageOf(planFromResponses([file]));
};

const messageOf = async (plan: Promise<unknown>): Promise<string> => {
  const error = await plan.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CommandError);
  return (error as CommandError).message;
};

test('names line and column of malformed JSON', async () => {
  expect(await messageFor('a.json', '{\n  "data": [1, oops]\n}')).toMatch(
    /a\.json:2:15: not valid JSON: unexpected "o"/,
  );
  expect(await messageFor('a.json', '{"data": [')).toMatch(/ends too early/);
  expect(await messageFor('a.http', 'HTTP/1.1 200 OK\r\nx: y\r\n\r\n[1,]')).toMatch(/a\.http:4:4: not valid JSON/);
  expect(await messageFor('a.json', '{"id":1}\n{"id":2}')).toMatch(/a\.json:2:1: .*a line/);
});

test('says what an answer is that is no JSON', async () => {
  const page = '<!DOCTYPE html><html><head><title>Sign in</title></head></html>';

  expect(await messageFor('a.json', page)).toMatch(
    /an HTML page titled "Sign in" \(a login page, by its looks\), not JSON/,
  );
  expect(await messageFor('a.json', '<?xml version="1.0"?><a/>')).toMatch(/is XML, not JSON/);
  expect(await messageFor('a.json', ' ')).toMatch(/is empty/);
});

test('refuses samples without records', async () => {
  expect(await messageFor('a.json', '{"data": []}')).toMatch(/no records found/);
  expect(await messageFor('a.json', '[1, 2]')).toMatch(/no records found/);
  expect(await messageFor('a.http', 'HTTP/1.1 401 Unauthorized\r\n\r\n{}')).toMatch(/status 401/);
  expect(await messageFor('a.har', harOf())).toMatch(/none of its 0 entries/);
  expect(await messageFor('a.har', harOf({ url: 'https://a.b/c', body: '[1', method: 'GET' }))).toMatch(
    /ends too early/,
  );
  expect(await messageOf(planFromResponses([]))).toMatch(/No sample/);
  expect(await messageOf(planFromResponses(['/nowhere/a.json']))).toMatch(/cannot be read/);
});

test('hides the credential when a URL refuses it', async () => {
  await using api = await mockApi();
  api.on('GET /pets', { status: 401, body: { error: 'no: Bearer sesame-4711' } });

  const message = await messageOf(
    planFromResponses([`${api.url}/pets?api_key=hush-0815`], { headers: ['Authorization: Bearer sesame-4711'] }),
  );

  expect(message).toMatch(/401/);
  expect(message).not.toMatch(/4711|0815/);
  expect(await messageOf(planFromResponses([`${api.url}/pets`], { headers: ['sesame-4711'] }))).not.toMatch(/4711/);
});
