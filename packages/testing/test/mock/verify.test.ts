import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

import { mockApi, MockApiError, type MockApi } from '../../src/mock-api.ts';

const accountOf = (api: MockApi): string => {
  try {
    api.verify();
  } catch (error) {
    if (error instanceof MockApiError) return error.message;
    throw error;
  }
  return 'all well';
};

test('is content when all is asked for and nothing else', async () => {
  await using api = await mockApi();
  api.reply(200).on('GET /a', { status: 204 }, { status: 404 });
  api.fault({ at: 1 }, { delay: 1 }).fault({ rate: 0.001 }, { status: 503 });
  for (const path of ['/', '/a', '/a', '/a']) await fetch(`${api.url}${path}`);

  expect(accountOf(api)).toBe('all well');
});

test('tells of requests that nothing answers, with the nearest route', async () => {
  await using api = await mockApi({ seed: 7 });
  api
    .on('GET /v1/issues/:id', { body: 1 })
    .on('GET /v1/users', { body: [] })
    .on('GET /boom', () => {
      throw new RangeError('no');
    });
  await fetch(`${api.url}/v1/users`);
  await fetch(`${api.url}/v1/issues/7`);
  for (let attempt = 0; attempt < 2; attempt++) await fetch(`${api.url}/v1/isues/7?page=2`);
  await fetch(`${api.url}/v1/users`, { method: 'POST', body: '{"name":"x"}' });
  await fetch(`${api.url}/boom`);

  expect(accountOf(api)).toBe(`The mock API was not used as the test says (seed 7).

3 kinds of request came that nothing answers:
  #3, #4 GET /v1/isues/7?page=2: no route fits and the script has no reply left.
    the nearest route:
    - GET /v1/issues/:id
    + GET /v1/isues/7
  #5 POST /v1/users: no route fits and the script has no reply left.
    body: {"name":"x"}
    the nearest route:
    - GET /v1/users
    + POST /v1/users
  #6 GET /boom: the route threw RangeError: no`);
});

test('tells of answers and faults that were not used', async () => {
  await using api = await mockApi();
  api.reply(200, 'used').reply(503, { error: 'x'.repeat(200) });
  api.reply({ body: Buffer.alloc(9), fault: { kind: 'reset' } });
  api.on('GET /a', { body: 1 }).on('GET /b', { body: 1 }, { body: 2 }, { body: 3 });
  api.on('GET /set-up', { body: 1 }).on('GET /set-up', { body: 2 });
  api.fault({ at: 30 }, { status: 503 });
  for (const path of ['/', '/b', '/set-up']) await fetch(`${api.url}${path}`);

  expect(accountOf(api)).toBe(`The mock API was not used as the test says (seed 2026).

5 answers or faults were not used:
  reply 2 of 3 in the script: 503 {"error":"${'x'.repeat(110)}…
  reply 3 of 3 in the script: 200 9 bytes (reset)
  GET /a: no request came
  GET /b: 1 of its 3 answers was given
  the fault for {"at":30}: no request met it`);
});

test('cuts a long account', async () => {
  await using api = await mockApi();
  for (let index = 0; index < 14; index++) api.reply(200);

  expect(accountOf(api).split('\n').slice(2).at(-1)).toBe('  and 4 more');
});

test('does not judge at the end what it is told to leave', async () => {
  {
    await using api = await mockApi({ strict: false });
    api.reply(200);
  }
  await using judged = await mockApi();
  judged.reply(200);
  expect(() => judged.verify()).toThrow(MockApiError);
});

const FIXTURE = fileURLToPath(new URL('fails-at-the-end.fixture.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

test('fails a test of Jest at the end of its scope, beside its own error', async () => {
  const args = [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--json',
    '--testMatch',
    '**/*.fixture.ts',
    '--runTestsByPath',
    FIXTURE,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch(
    (error: { stdout: string }) => error,
  );

  const { testResults } = JSON.parse(stdout) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
  };
  const results = new Map(testResults[0]?.assertionResults.map((result) => [result.title, result]));
  expect(results.get('passes')).toMatchObject({ status: 'passed' });
  expect(results.get('leaves a reply')).toMatchObject({
    status: 'failed',
    failureMessages: [expect.stringContaining('reply 1 of 1 in the script: 200')],
  });
  expect(results.get('fails and leaves a reply')).toMatchObject({
    status: 'failed',
    failureMessages: [
      expect.stringContaining('the own error of the test'),
      expect.stringContaining('reply 1 of 1 in the script: 200'),
    ],
  });
  expect(results.get('leaves a reply in each of two APIs')).toMatchObject({
    status: 'failed',
    failureMessages: [expect.stringContaining('(seed 22)'), expect.stringContaining('(seed 11)')],
  });
  expect(results.get('passes after them')).toMatchObject({ status: 'passed' });
});

test('throws at the end of a scope outside of Jest', async () => {
  const worker = process.env['JEST_WORKER_ID'];
  delete process.env['JEST_WORKER_ID'];
  try {
    const api = await mockApi();
    api.reply(200);
    await expect(api[Symbol.asyncDispose]()).rejects.toThrow(MockApiError);
    await expect(fetch(api.url)).rejects.toThrow('fetch failed');
  } finally {
    process.env['JEST_WORKER_ID'] = worker;
  }
});
