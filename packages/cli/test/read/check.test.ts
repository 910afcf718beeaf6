import { expect, test } from '@jest/globals';
import { demoApi, mockApi, temporaryFolder } from '@headwater/testing';
import { configFor, FOREIGN, headwater, TEMPLATE } from './run.ts';

const check = (config: string, ...args: string[]) => headwater(TEMPLATE, 'check', '--config', config, ...args);

test('finds that every stream can be read, and what quota is left', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  const quota = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4990' };
  api.on('GET /v1/repositories', { body: { items: [{ id: 1, name: 'a' }], next_page: null } });
  api.on('GET /v1/issues', { body: { data: [], next_cursor: null }, headers: quota });

  const { status, stdout, stderr } = await check(config, '--stream', 'repositories,issues');

  expect(stderr).toContain('The check of source-http succeeded.');
  expect(stderr).toMatch(/^repositories +yes +yes +–$/m);
  expect(stderr).toMatch(/^issues +yes +yes +4,990 of 5,000 +no records$/m);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test('tells which stream is not permitted, in the words of the API', async () => {
  await using api = await mockApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(api));
  api.on('GET /v1/repositories', { body: { items: [{ id: 1, name: 'a' }], next_page: null } });
  api.on('GET /v1/issues', { status: 403, body: { message: 'Your plan has no issues' } });

  const { status, stdout, stderr } = await check(config, '--stream', 'repositories,issues', '--json');

  expect(stderr).toMatch(/^issues +yes +no +– +not permitted$/m);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    streams: [
      { stream: 'repositories', reachable: true, permitted: true, readable: true },
      {
        stream: 'issues',
        reachable: true,
        permitted: false,
        readable: false,
        message: expect.stringContaining('Your plan has no issues'),
      },
    ],
  });
  expect(status).toBe(1);
});

test('stops at a config that the connector itself refuses', async () => {
  await using api = await demoApi();
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor({ url: api.url, apiKey: 'wrong-key' }));

  const { status, stdout, stderr } = await check(config, '--json');

  expect(stderr).toContain('The check of source-http failed: ');
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, message: expect.stringContaining('401'), streams: [] });
  expect(stdout + stderr).not.toContain('wrong-key');
  expect(status).toBe(1);
});

test('gives up on a stream that has no record in time', async () => {
  await using folder = await temporaryFolder();
  const hanging = "if (process.argv[2] === 'read') await new Promise(() => setInterval(() => {}, 1000));";
  await folder.write('foreign.mjs', `${hanging}\n${FOREIGN}`);

  const args = ['--command', 'node foreign.mjs', '--stream', 'a', '--timeout', '1'];
  const { status, stderr } = await headwater(folder.path, 'check', ...args);

  expect(stderr).toMatch(/^a +– +– +– +not readable$/m);
  expect(stderr).toContain('a: no record came within 1 s. Give it longer with --timeout.');
  expect(status).toBe(1);
});

test('checks any program that speaks the protocol', async () => {
  await using folder = await temporaryFolder();
  await folder.write('foreign.mjs', FOREIGN);

  const { status, stderr } = await headwater(folder.path, 'check', '--command', 'node foreign.mjs');

  expect(stderr).toMatch(/^a +yes +yes +–$/m);
  expect(status).toBe(0);
});
