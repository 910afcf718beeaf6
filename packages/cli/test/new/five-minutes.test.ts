import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { mockApi, temporaryFolder } from '@headwater/testing';

import { headwater, startProgram } from './program.ts';

/** What npm says when the registry is out of reach and its cache does not do. */
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ECONNRESET/;

/** Nothing beyond this machine can be reached. */
const OFFLINE = {
  ...process.env,
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
  npm_config_offline: 'true',
};

/** The lines below a heading, without their indent. */
const linesBelow = (text: string, heading: string): string[] => {
  const lines = text.split('\n');
  const rest = lines.slice(lines.findIndex((line) => line.startsWith(heading)) + 1);
  const end = rest.findIndex((line) => !line.startsWith('  '));
  return rest.slice(0, end).map((line) => line.trim());
};

test('leads from nothing to a tested connector, and each printed command works', async () => {
  await using folder = await temporaryFolder();
  const start = performance.now();

  const made = headwater(folder.path, 'new', 'source-acme', '--yes');

  if (made.status !== 0 && NO_REGISTRY.test(made.stderr)) {
    process.stderr.write('The npm registry is out of reach: the five-minute path is not tried.\n');
    return;
  }
  expect(made.stderr).toContain('Running its tests: ok');
  expect(made.status).toBe(0);
  const commands = linesBelow(made.stderr, 'Next:');
  expect(commands).toHaveLength(3);
  const pasted = spawnSync('bash', ['-e'], {
    cwd: folder.path,
    input: commands.join('\n'),
    encoding: 'utf8',
    env: OFFLINE,
  });
  expect(`${pasted.stdout}${pasted.stderr}`).toMatch(/# fail 0|fail 0/);
  expect(pasted.status).toBe(0);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stderr.write(`From nothing to a tested connector and its first records: ${seconds} s.\n`);
  expect(pasted.stdout).toContain('"name":"A first item"');

  // From here on it reads from an API that runs.
  const directory = join(folder.path, 'source-acme');
  await using api = await mockApi();
  const items = [{ id: 77, name: 'From the API', updated_at: '2026-05-01T00:00:00Z' }];
  api.on('GET /items', { body: { data: items, has_more: false } });
  await folder.write('source-acme/config.json', { api_token: 'a-token', base_url: api.url });
  const [command = ''] = linesBelow(made.stderr, 'To read from the API');
  const read = await startProgram('bash', ['-c', command], { cwd: directory, env: OFFLINE });

  expect(read.stdout).toContain('"name":"From the API"');
  expect(read.status).toBe(0);
  expect(api.requests[0]?.headers['authorization']).toBe('Bearer a-token');
  expect((await readdir(directory)).filter((name) => name.startsWith('.source'))).toEqual([]);
}, 400_000);
