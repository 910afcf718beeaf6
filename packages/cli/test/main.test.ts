import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { headwater, ROOT } from './headwater.ts';

test('prints its version', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'packages/cli/package.json'), 'utf8'));
  expect(headwater(ROOT, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('prints help that names its commands', () => {
  const { status, stdout } = headwater(ROOT, '--help');
  expect(stdout).toContain('types [options] [directory]');
  expect(status).toBe(0);
});

test.each([
  ['no command', [], 'Usage: headwater'],
  ['an unknown command', ['tpyes'], "error: unknown command 'tpyes'"],
  ['an unknown option', ['types', '--chekc'], "error: unknown option '--chekc'"],
  ['too many arguments', ['types', 'a', 'b'], 'error: too many arguments'],
  ['options that exclude each other', ['types', '--check', '--watch'], 'exclude each other'],
])('exits with 2 on %s', (_, args, message) => {
  const { status, stdout, stderr } = headwater(ROOT, ...args);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
