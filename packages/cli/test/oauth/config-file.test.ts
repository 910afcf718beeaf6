import { chmod, lstat, readFile, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { ConfigFile } from '../../src/oauth/config-file.ts';

test('writes for the owner only, keeps a link a link, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write('real/config.json', '{"a": 1}');
  await chmod(file, 0o644);
  const link = join(folder.path, 'config.json');
  await symlink(file, link);

  const config = await ConfigFile.open(link);
  await config.write([{ path: ['b', 'c'], value: 'token' }]);

  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ a: 1, b: { c: 'token' } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder.path, 'real'))).toEqual(['config.json']);
});

test('keeps what was changed while the login was waiting', async () => {
  await using folder = await temporaryFolder();
  const file = await folder.write('config.json', '{"a": 1}');
  const config = await ConfigFile.open(file);
  await folder.write('config.json', '{"a": 2, "d": 3}');
  await config.write([{ path: ['token'], value: 't' }]);
  expect(await readFile(file, 'utf8')).toBe('{"a": 2, "d": 3, "token": "t"}\n');
});

test('resolves the references of a value, and no other', async () => {
  await using folder = await temporaryFolder();
  const secret = await folder.write('secret', 'from a file\n');
  process.env['HEADWATER_TEST_VALUE'] = 'from the environment';
  const config = await ConfigFile.open(
    await folder.write('config.json', {
      env: 'x ${env:HEADWATER_TEST_VALUE}',
      file: `\${file:${secret}}`,
      literal: '$${env:NAME}',
      missing: '${env:HEADWATER_TEST_MISSING}',
      command: '${command:echo secret}',
      number: 5,
      empty: '',
    }),
  );
  expect(await config.text(['env'])).toBe('x from the environment');
  expect(await config.text(['file'])).toBe('from a file');
  expect(await config.text(['literal'])).toBe('${env:NAME}');
  expect(await config.text(['number'])).toBe('5');
  expect(await config.text(['empty'])).toBeUndefined();
  await expect(config.text(['missing'])).rejects.toThrow(
    'config.json, missing: ${env:HEADWATER_TEST_MISSING}: this environment variable is not set. Set it',
  );
  await expect(config.text(['command'])).rejects.toThrow(
    'commands are not run unless HEADWATER_ALLOW_COMMANDS is "true"',
  );
  process.env['HEADWATER_ALLOW_COMMANDS'] = 'true';
  expect(await config.text(['command'])).toBe('secret');
  delete process.env['HEADWATER_ALLOW_COMMANDS'];
});
