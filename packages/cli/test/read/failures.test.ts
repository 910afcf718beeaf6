import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { demoApi, temporaryFolder } from '@headwater/testing';
import { configFor, copyOfTemplate, FOREIGN, headwater, TEMPLATE } from './run.ts';

const NOWHERE = { url: 'http://127.0.0.1:9' };

test('names the nearest stream when there is none of that name', async () => {
  await using folder = await temporaryFolder();
  const config = await folder.write('config.json', configFor(NOWHERE));

  expect(await headwater(TEMPLATE, 'read', '--config', config, '--stream', 'isues')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'There is no stream "isues". Did you mean "issues"? The connector has: repositories, issues, commits.\n',
  });
});

test('says what a missing config has to hold', async () => {
  await using place = await copyOfTemplate();

  const { status, stderr } = await headwater(place.path, 'read');

  expect(stderr).toBe(
    'config.json: there is no such file. Write it with:\n' +
      '  "base_url": string. Where the API is, without the version. For example "https://api.example.com".\n' +
      '  "api_key": string, secret. Sent in the header X-API-Key.\n',
  );
  expect(status).toBe(1);
});

test('advises to begin with the example of a config', async () => {
  await using place = await copyOfTemplate();
  await place.write('config.example.json', {});

  const { stderr } = await headwater(place.path, 'check');

  expect(stderr).toContain('config.json: there is no such file. Begin with: cp config.example.json config.json.');
});

test('says where a config is not JSON', async () => {
  await using place = await copyOfTemplate();
  await place.write('config.json', '{"base_url": nothing}');

  expect(await headwater(place.path, 'read')).toMatchObject({
    status: 1,
    stderr: 'config.json:1:14: not valid JSON: unexpected "n".\n',
  });
});

test('says what the spec has against a config, without its values', async () => {
  await using place = await copyOfTemplate({ base_url: 'http://127.0.0.1:9', api_key: 123_456_789 });

  const { status, stderr } = await headwater(place.path, 'read');

  expect(stderr).toContain('Config validation error: /api_key: expected string, got number.');
  expect(stderr).not.toContain('123456789');
  expect(status).toBe(1);
});

test.each([
  ['a syntax error', 'src/streams.ts', "return 'repositories';", 'return return;', /src\/streams\.ts:25:11: .+\.$/m],
  ['a missing module', 'src/main.ts', './source.ts', './sauce.ts', /src\/main\.ts: .*Cannot find module .*sauce\.ts/],
  [
    'a missing export',
    'src/source.ts',
    'Commits, Issues',
    'Commits, Tissues as Issues',
    /src\/source\.ts:3: .*Tissues/,
  ],
  ['a throw on import', 'src/streams.ts', 'const keyOf', 'nothing();\nconst keyOf', /src\/streams\.ts:15:1: .*nothing/],
])('points at %s in the author’s code', async (_, file, from, to, expected) => {
  await using place = await copyOfTemplate(configFor(NOWHERE));
  await place.change(file, from, to);

  const { status, stdout, stderr } = await headwater(place.path, 'read', '--limit', '1');

  expect(stderr).toMatch(expected);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('points at the line that threw while reading', async () => {
  await using api = await demoApi({ faults: false });
  await using place = await copyOfTemplate(configFor(api));
  await place.change('src/streams.ts', "return 'repositories';", "throw new Error('my mistake');");

  const { status, stderr } = await headwater(place.path, 'read', '--stream', 'repositories');

  expect(stderr).toMatch(/^repositories: .*my mistake\.\n {2}system_error: .* At src\/streams\.ts:25:11\.$/m);
  expect(status).toBe(1);
});

test('hides the secrets of a config in what a foreign connector says', async () => {
  await using folder = await temporaryFolder();
  await folder.write('foreign.mjs', `console.error('Login with hunter-seven failed'); process.exit(4);\n${FOREIGN}`);
  await folder.write('config.json', { user: 'ann', password: 'hunter-seven' });

  const { status, stderr } = await headwater(folder.path, 'read', '--command', 'node foreign.mjs');

  expect(stderr).toContain('ended with exit code 4 and said:\nLogin with **** failed');
  expect(status).toBe(1);
});

test.each([
  ['a folder without a connector', [], /src\/main\.ts: there is no such file, and no dist\/main\.js either/],
  ['a program that is not there', ['--command', 'no-such-program-here'], /cannot be started: .*ENOENT/],
  ['a quote that does not end', ['--command', 'node "main.js'], /the quote " does not end/],
])('says what is wrong with %s', async (_, args, expected) => {
  await using folder = await temporaryFolder();
  await folder.write('config.json', {});

  const { status, stderr } = await headwater(folder.path, 'read', ...args);

  expect(stderr).toMatch(expected);
  expect(status).toBe(1);
});

test.each([
  ['no number', ['--limit', 'few'], 'Expected a whole number from 1'],
  ['two beginnings', ['--since', '2026', '--state', 'a.json'], 'cannot be used with'],
  ['two documents on standard output', ['--json', '--output', '-'], 'exclude each other'],
])('exits with 2 on %s', async (_, args, expected) => {
  const { status, stderr } = await headwater(TEMPLATE, 'read', ...args);

  expect(stderr).toContain(expected);
  expect(status).toBe(2);
});

test('fails before it reads when the output cannot be written', async () => {
  await using folder = await temporaryFolder();
  const foreign = await folder.write('foreign.mjs', FOREIGN);
  const output = join(foreign, 'records.jsonl');

  const args = ['--command', 'node foreign.mjs', '--output', output];
  const { status, stderr } = await headwater(folder.path, 'read', ...args);

  expect(stderr).toContain(`--output ${output}: cannot be written`);
  expect(status).toBe(1);
});
