import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { headwater, ROOT, startHeadwater } from '../headwater.ts';

test('tells what a failed install said, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['headwater-core-0.1.0', 'headwater-testing-0.1.0', 'headwater-0.1.0']) {
    await folder.write(`kit/${name}.tgz`, 'this is no archive');
  }

  const { status, stderr } = headwater(folder.path, 'new', 'source-acme', '--yes', '--kit', 'kit');

  expect(stderr).toContain('Installing with npm: failed');
  expect(stderr).toMatch(/`npm install .*` failed \(exit code \d+\)\. The end of what it said:\n\n.*npm error/s);
  expect(status).toBe(1);
  expect(await readdir(folder.path)).toEqual(['kit']);
});

test('tells when the package manager is not there', async () => {
  await using folder = await temporaryFolder();
  const command = join(ROOT, 'packages/cli/bin/headwater.js');

  const { status, stderr } = spawnSync(process.execPath, [command, 'new', 'source-acme', '--yes'], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { PATH: folder.path },
  });

  expect(stderr).toContain('npm is not on the PATH. Install it, or use --no-install.');
  expect(status).toBe(1);
  expect(await readdir(folder.path)).toEqual([]);
});

test('stops on Ctrl-C and leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  const run = startHeadwater(folder.path, 'new', '--yes', '--directory', 'deep/source-acme');
  await run.says('Installing with npm ...');
  const working = await readdir(join(folder.path, 'deep'));

  expect(await run.interrupt()).toBe(130);
  expect(working).toEqual([expect.stringMatching(/^\.source-acme-/)]);
  expect(await readdir(folder.path)).toEqual([]);
});
