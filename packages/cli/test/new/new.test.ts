import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { headwater, ROOT } from '../headwater.ts';

const read = async (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');

test('writes a connector as the flags say, and one JSON document', async () => {
  await using folder = await temporaryFolder();
  const flags = ['--base-url', 'https://api.acme.com/v2/', '--auth', 'api-key-header:X-Acme', '--pagination', 'offset'];

  const { status, stdout, stderr } = headwater(folder.path, 'new', 'source-acme', '--no-install', '--json', ...flags);

  const directory = join(folder.path, 'source-acme');
  const made = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(made).toMatchObject({ name: 'source-acme', directory, installed: false, tested: false, guesses: [] });
  expect(made.files).toEqual(
    expect.arrayContaining(['README.md', 'package.json', 'src/record-types.ts', 'Dockerfile']),
  );
  expect(made.commands[0]).toBe('cd source-acme');
  expect(stderr).toContain(`source-acme is made in ${directory}: ${made.streams.length} streams`);
  expect(await readdir(folder.path)).toEqual(['source-acme']);
  expect(await read(directory, 'README.md')).toContain('Reads Acme for');
  expect(JSON.parse(await read(directory, 'package.json'))).toMatchObject({ name: 'source-acme' });
  expect(await read(directory, 'src/api.ts')).toContain('X-Acme');
  expect(await read(directory, 'src/api.ts')).toContain('offset(');
  expect(await read(directory, 'spec.json')).toContain('"https://api.acme.com/v2"');
});

test('takes the kit from the checkout that it runs from, and says so', async () => {
  await using folder = await temporaryFolder();

  const { stderr } = headwater(folder.path, 'new', 'source-acme', '--no-install', '--yes');

  const { dependencies } = JSON.parse(await read(folder.path, 'source-acme/package.json'));
  const [protocol, path] = dependencies['@headwater/core'].split(':');
  expect(protocol).toBe('file');
  expect(join(folder.path, 'source-acme', path)).toBe(join(ROOT, 'packages/core'));
  expect(stderr).toContain('The kit is linked from the checkout in');
});

test('makes a connector of a sample answer, and reports what was guessed', async () => {
  await using folder = await temporaryFolder();
  await folder.write('customers.json', { data: [{ id: 1, updated_at: '2026-01-01T00:00:00Z' }], next_cursor: null });
  const flags = ['--from-response', 'customers.json', '--base-url', 'https://api.acme.com/v1', '--auth', 'bearer'];

  const { status, stdout, stderr } = headwater(folder.path, 'new', '--no-install', '--json', ...flags);

  const { name, streams, guesses } = JSON.parse(stdout);
  expect(status).toBe(0);
  expect({ name, streams }).toEqual({ name: 'source-acme', streams: ['customers'] });
  expect(guesses).toContainEqual(expect.objectContaining({ stream: 'customers', about: 'primary key', decided: 'id' }));
  expect(guesses.map(({ about }: { about: string }) => about)).not.toContain('auth');
  expect(stderr).toContain('  customers: primary key: id. ');
  expect(await read(folder.path, 'source-acme/src/api.ts')).toContain('TokenAuthenticator');
});

test('makes a connector of the chosen streams of an OpenAPI description', async () => {
  await using folder = await temporaryFolder();
  const list = (name: string) => ({
    get: {
      responses: {
        200: {
          description: name,
          content: {
            'application/json': {
              schema: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
            },
          },
        },
      },
    },
  });
  await folder.write('acme.json', {
    openapi: '3.0.3',
    info: { title: 'Acme CRM', version: '1' },
    servers: [{ url: 'https://api.acme.com' }],
    paths: { '/customers': list('customers'), '/orders': list('orders') },
  });

  const args = ['--openapi', 'acme.json', '--streams', 'orders', '--pagination', 'link-header'];
  const { status, stdout } = headwater(folder.path, 'new', '--no-install', '--json', ...args);

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'source-acme-crm', streams: ['orders'] });
  const code = await read(folder.path, 'source-acme-crm/src/api.ts');
  expect(code + (await read(folder.path, 'source-acme-crm/src/streams/orders.ts'))).toContain('linkHeader()');
});

test('fills an empty folder, also the one it stands in, without replacing it', async () => {
  await using folder = await temporaryFolder();
  await folder.write('source-acme/keep', '');
  const here = join(folder.path, 'source-acme');
  spawnSync('rm', [join(here, 'keep')]);
  const { ino } = await stat(here);

  const { status, stderr } = headwater(here, 'new', '--directory', '.', '--no-install');

  expect(stderr).not.toContain('\n  cd ');
  expect(status).toBe(0);
  expect(await stat(here)).toMatchObject({ ino });
  expect(await readdir(here)).toContain('package.json');
  expect(await readdir(folder.path)).toEqual(['source-acme']);
});

test('takes an absolute path anywhere', async () => {
  await using here = await temporaryFolder();
  await using there = await temporaryFolder();
  const directory = join(there.path, 'a folder', 'source-acme');

  const { status, stdout } = headwater(here.path, 'new', '--no-install', '--json', '--directory', directory);

  expect(status).toBe(0);
  expect(JSON.parse(stdout).commands[0]).toBe(`cd '${directory}'`);
  expect(await readdir(here.path)).toEqual([]);
});

test('is what npm create headwater runs', async () => {
  await using folder = await temporaryFolder();
  const program = join(ROOT, 'packages/create-headwater/bin/create-headwater.js');

  const { status, stderr } = spawnSync(process.execPath, [program, 'Acme'], { cwd: folder.path, encoding: 'utf8' });

  expect(stderr).toContain('Try "source-acme".');
  expect(status).toBe(1);
});
