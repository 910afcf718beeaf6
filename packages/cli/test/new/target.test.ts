import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { headwater, writeFiles } from '../headwater.ts';

const NEW = ['new', '--yes', '--no-install'];

test.each([
  ['a folder that is not empty', ['full'], 'full is there already, and is not empty: it holds kept.txt.'],
  ['a file', ['file'], 'file is there already, and is no folder.'],
  ['a link to nowhere', ['dangling'], 'dangling is there already, and is no folder.'],
  [
    'an invalid name',
    ['Acme API'],
    '"Acme API" cannot be the name of a connector: npm wants small letters. Try "source-acme-api".',
  ],
  ['a name that is a path', ['../acme'], 'it is a path. Say the folder with --directory. Try "source-acme".'],
  ['a folder outside', ['acme', '--directory', '../acme'], '--directory ../acme is outside of'],
  ['a folder outside behind a link', ['acme', '--directory', 'link/acme'], '--directory link/acme is outside of'],
  ['a folder above', ['acme', '--directory', '..'], '--directory .. is outside of'],
  ['a folder below a file', ['acme', '--directory', 'file/acme'], 'Choose another --directory.'],
  ['a kit that is not there', ['acme', '--kit', 'nowhere'], '--kit nowhere: there is no such folder.'],
  ['a kit without its tarballs', ['acme', '--kit', 'full'], 'there is no tarball of @headwater/core. Run `npm pack'],
])('refuses %s and leaves nothing behind', async (_, args, message) => {
  await using outside = await temporaryFolder();
  const here = join(outside.path, 'here');
  await writeFiles(here, { 'full/kept.txt': 'kept', file: 'kept' });
  await symlink('nowhere', join(here, 'dangling'));
  await symlink('..', join(here, 'link'));
  const before = await readdir(outside.path, { recursive: true });

  const { status, stderr, stdout } = headwater(here, ...NEW, ...args);

  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(status).toBe(1);
  expect(await readdir(outside.path, { recursive: true })).toEqual(before);
});

test.each([
  ['--kind destination', ['--kind', 'destination'], 'A destination cannot be made yet. Known: source-http'],
  ['an unknown kind', ['--kind', 'tap'], '"tap" is unknown. Known: source-http, openapi, from-response.'],
  ['two origins', ['--openapi', 'a.json', '--from-response', 'b.json'], 'exclude each other'],
  ['a kind with the flag of another', ['--kind', 'source-http', '--openapi', 'a.json'], 'has no use for --openapi'],
  ['a base URL that is none', ['--base-url', 'acme'], '"acme" is no URL. One looks like https://'],
  ['a base URL with a password', ['--base-url', 'https://a:b@acme.com'], 'must not hold a password'],
  ['a base URL with a query', ['--base-url', 'https://acme.com/?a=b'], 'must end before "?a=b"'],
  ['an unknown auth', ['--auth', 'magic'], 'option \'--auth <how>\' argument "magic" is unknown'],
  ['an unknown pagination', ['--pagination', 'magic'], '"magic" is unknown. Known: none, link-header'],
  ['an empty stream', ['--streams', 'a,,b'], 'Expected names with commas between'],
])('exits with 2 on %s', async (_, args, message) => {
  await using folder = await temporaryFolder();

  const { status, stderr } = headwater(folder.path, ...NEW, 'source-acme', ...args);

  expect(stderr).toContain(message);
  expect(status).toBe(2);
  expect(await readdir(folder.path)).toEqual([]);
});

test.each([
  ['openapi', '--kind openapi needs the description: --openapi FILE or URL.'],
  ['from-response', '--kind from-response needs an answer: --from-response FILE or URL.'],
])('says which flag --kind %s lacks where nobody can be asked', async (kind, message) => {
  await using folder = await temporaryFolder();

  const { status, stderr } = headwater(folder.path, 'new', '--kind', kind);

  expect(stderr).toContain(message);
  expect(status).toBe(1);
});

test('removes the folders on the way that it has made', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'mine'));

  const { status } = headwater(folder.path, ...NEW, '--directory', 'mine/a/b/source-acme', '--kit', 'nowhere');

  expect(status).toBe(1);
  expect(await readdir(folder.path, { recursive: true })).toEqual(['mine']);
});
