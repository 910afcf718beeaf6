import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import type { Cassette } from '../../src/cassette/index.ts';
import { mockApi } from '../../src/mock-api.ts';
import { runConnector } from '../../src/run-connector.ts';
import { startConnector } from '../../src/start-connector.ts';
import { argsOf, CONNECTOR, exampleApi, filesIn, run, temporaryFolder } from './setup.ts';

test.each([
  [{ HEADWATER_CASSETTE: 'rewind' }, 'unknown value "rewind". Known: record, replay, off'],
  [{ HEADWATER_CASSETTE: 'replay' }, 'there is no cassette in'],
  [{ HEADWATER_CASSETTE: 'record', HEADWATER_CASSETTE_ORIGIN: 'nowhere' }, '"nowhere" is no origin'],
  [{ HEADWATER_CASSETTE: 'record', HEADWATER_CASSETTE_LIMIT: 'all' }, '"all" is no number of exchanges'],
  [{ HEADWATER_CASSETTE: 'replay', HEADWATER_CASSETTE_FAULT: '418@0' }, '"418@0" is no fault. Give KIND@N'],
])('refuses %j as a config error', async (env, message) => {
  await using folder = await temporaryFolder();
  const ended = await run(folder, 'http://127.0.0.1:1', { env });

  expect(ended.exitCode).toBe(1);
  expect(ended.errors[0]).toMatchObject({ failure_type: 'config_error', message: expect.stringContaining(message) });
});

test('does without cassettes for spec, and with the mode off', async () => {
  await using folder = await temporaryFolder();
  const spec = await runConnector(CONNECTOR, ['spec'], { env: { HEADWATER_CASSETTE: 'rewind' } });
  const off = await run(folder, 'http://127.0.0.1:1', { command: 'check', env: { HEADWATER_CASSETTE: 'off' } });

  expect(spec.exitCode).toBe(0);
  expect(off.messages.at(-1)?.connectionStatus?.status).toBe('SUCCEEDED');
});

test('keeps what was recorded when the process is killed, and says that it is incomplete', async () => {
  await using folder = await temporaryFolder();
  const api = await mockApi();
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  api.on('POST /token', { body: { access_token: 'token-of-a-killed-run', expires_in: 60 } });
  api.on('GET /users', async ({ query }) => {
    if (query.has('page')) await held;
    return { body: { data: [{ id: 1, updated_at: '2026-01-01T00:00:00Z' }], next: `${api.url}/users?page=2` } };
  });
  const directory = join(folder.path, 'cassettes');
  const args = await argsOf(folder, api.url, { streams: ['users'], env: {} });
  await using running = startConnector(CONNECTOR, args, {
    env: { HEADWATER_CASSETTE: 'record', HEADWATER_CASSETTE_DIR: directory },
  });
  // The first page is on the disk while the second is still asked for.
  const file = join(directory, 'users.json');
  let text = '';
  while (text === '') text = await readFile(file, 'utf8').catch(() => sleep(20, ''));
  running.kill('SIGKILL');
  await running.result;
  letGo();
  await api.close();

  const cassette = JSON.parse(text) as Cassette;
  expect(cassette.complete).toBe(false);
  expect(cassette.interactions).toHaveLength(1);
  const replayed = await run(folder, api.url, { env: { HEADWATER_CASSETTE: 'replay' }, streams: ['users'] });
  expect(replayed.exitCode).toBe(1);
  expect(replayed.recordsOf('users')).toHaveLength(1);
  expect(replayed.errors[0]?.message).toContain('users?page=2');
  expect(replayed.errors[0]?.message).toContain('users.json is incomplete: its recording was stopped before its end.');
});

test('keeps no more than the limit says, and warns', async () => {
  await using folder = await temporaryFolder();
  const api = await exampleApi();
  const env = { HEADWATER_CASSETTE: 'record', HEADWATER_CASSETTE_LIMIT: '3' };
  const recorded = await run(folder, api.url, { env, streams: ['users'] });
  await api.close();

  expect(recorded.recordsOf('users')).toHaveLength(4);
  expect(recorded.logs.filter(({ message }) => message.includes('users.json is cut'))).toHaveLength(1);
  const users = JSON.parse((await filesIn(folder))['users.json'] ?? '') as Cassette;
  expect(users).toMatchObject({ complete: false, cut: expect.stringContaining('3 exchanges') });
  expect(users.interactions).toHaveLength(3);
});

test('tells how to install the kit when it is not beside the connector', async () => {
  await using folder = await temporaryFolder();
  // Core by itself, in a folder of its own, with what it needs.
  const core = join(folder.path, 'node_modules/@headwater/core');
  const modules = join(folder.path, 'node_modules');
  const root = join(import.meta.dirname, '../../../..');
  await mkdir(core, { recursive: true });
  await cp(join(root, 'packages/core/dist/bundle'), join(core, 'dist/bundle'), { recursive: true });
  await cp(join(root, 'packages/core/package.json'), join(core, 'package.json'));
  const needed = Object.keys(
    (JSON.parse(await readFile(join(core, 'package.json'), 'utf8')) as { dependencies: object }).dependencies,
  );
  for (const name of new Set(needed.map((one) => one.split('/')[0] ?? ''))) {
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  const main = await folder.write('main.mjs', await readFile(CONNECTOR));
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  const config = await folder.write('config.json', {
    base_url: 'http://127.0.0.1:1/',
    client_secret: 'x',
    refresh_token: 'y',
  });
  const child = spawn(process.execPath, [main, 'check', '--config', config], {
    env: { ...process.env, HEADWATER_CASSETTE: 'replay' },
  });
  let stdout = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  const [code] = (await once(child, 'close')) as [number];

  expect(code).toBe(1);
  expect(stdout).toContain('"failure_type":"config_error"');
  expect(stdout).toContain('npm install --save-dev @headwater/testing');
});
