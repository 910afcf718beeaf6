import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../../scripts/dist/check-imports.js', import.meta.url));

const CORE_PACKAGE = JSON.stringify({ name: '@headwater/core', exports: { '.': './index.js', './wire': './wire.js' } });

/** Runs the script on a tree of its own: a sound one, with some files added. */
const check = async (files: { readonly [path: string]: string }) => {
  const root = await mkdtemp(join(tmpdir(), 'headwater-imports-'));
  const tree = {
    'packages/core/package.json': CORE_PACKAGE,
    'packages/core/src/errors.ts': 'export class Broken extends Error {}\n',
    'packages/core/src/http/client.ts': "import { Broken } from '../errors.ts';\nexport const client = Broken;\n",
    'packages/core/src/index.ts': "export { client } from './http/client.ts';\n",
    ...files,
  };
  try {
    for (const [path, text] of Object.entries(tree)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
    return { status, stdout, lines: stderr.split('\n').filter(Boolean) };
  } finally {
    await rm(root, { recursive: true });
  }
};

test('passes a sound tree and says what it read', async () => {
  expect(await check({})).toEqual({
    status: 0,
    stdout: 'check-imports: files 3, imports 2, parts 1, violations 0.\n',
    lines: [],
  });
});

test('passes the declared ways between packages', async () => {
  const { status, lines } = await check({
    'packages/testing/src/mock.ts': "import type { client } from '@headwater/core';\n",
    'packages/cli/src/main.ts': "import { wire } from '@headwater/core/wire';\nimport { readFile } from 'node:fs';\n",
    'templates/source-http/src/main.ts': "import {\n  a,\n  b,\n} from '@headwater/testing';\n",
    'packages/testing/package.json': JSON.stringify({ name: '@headwater/testing', exports: './index.js' }),
  });
  expect(lines).toEqual([]);
  expect(status).toBe(0);
});

test.each<[rule: string, files: { [path: string]: string }, line: string]>([
  [
    'a climbed floor',
    { 'packages/core/src/output/writer.ts': "import type { client } from '../http/client.ts';\n" },
    'packages/core/src/output/writer.ts: floor: imports "../http/client.ts", but output is on floor 1 and http on floor 2.',
  ],
  [
    'a floor climbed by a re-export',
    { 'packages/core/src/output/writer.ts': "export {\n  client,\n  Broken,\n} from '../http/client.ts';\n" },
    'packages/core/src/output/writer.ts: floor: imports "../http/client.ts", but output is on floor 1 and http on floor 2.',
  ],
  [
    'a floor climbed by a dynamic import',
    { 'packages/core/src/output/writer.ts': "export const load = () => import('../http/client.ts');\n" },
    'packages/core/src/output/writer.ts: floor: imports "../http/client.ts", but output is on floor 1 and http on floor 2.',
  ],
  [
    'a folder without a floor',
    { 'packages/core/src/cellar/wine.ts': 'export {};\n' },
    'packages/core/src/cellar/wine.ts: floor: "cellar" is not in the floor table.',
  ],
  [
    'source and destination importing each other',
    {
      'packages/core/src/source/read.ts': "import { write } from '../destination/write.ts';\n",
      'packages/core/src/destination/write.ts': 'export const write = 1;\n',
    },
    'packages/core/src/source/read.ts: strangers: imports "../destination/write.ts", but source and destination do not import each other.',
  ],
  [
    'a cycle of types',
    {
      'packages/core/src/auth/a.ts': "import type { B } from './b.ts';\nexport type A = B;\n",
      'packages/core/src/auth/b.ts': "import type { A } from './a.ts';\nexport type B = A;\n",
    },
    'packages/core/src/auth/b.ts: cycle: imports "packages/core/src/auth/a.ts": packages/core/src/auth/a.ts -> packages/core/src/auth/b.ts -> packages/core/src/auth/a.ts.',
  ],
  [
    'a subpath that core does not declare',
    { 'packages/testing/src/mock.ts': "import { client } from '@headwater/core/dist/http/client.js';\n" },
    'packages/testing/src/mock.ts: border: imports "@headwater/core/dist/http/client.js", which @headwater/core does not export.',
  ],
  [
    'a relative path into another package',
    { 'packages/testing/src/mock.ts': "import { client } from '../../core/src/http/client.ts';\n" },
    'packages/testing/src/mock.ts: border: imports "../../core/src/http/client.ts", which is outside packages/testing: import a package by its name.',
  ],
  [
    'core importing testing',
    { 'packages/core/src/http/fake.ts': "import { mock } from '@headwater/testing';\n" },
    'packages/core/src/http/fake.ts: direction: imports "@headwater/testing", but packages/core imports no other package.',
  ],
  [
    'a template importing the command',
    { 'templates/source-http/src/main.ts': "import { main } from 'headwater';\n" },
    'templates/source-http/src/main.ts: direction: imports "headwater", but templates/source-http imports @headwater/core and @headwater/testing.',
  ],
  [
    'a package without a direction',
    { 'packages/extra/src/main.ts': 'export {};\n' },
    'packages/extra/src/main.ts: direction: packages/extra is not in the direction table.',
  ],
  [
    'a package importing its own index',
    { 'packages/cli/src/run.ts': "import { main } from './index.ts';\n", 'packages/cli/src/index.ts': 'export {};\n' },
    'packages/cli/src/run.ts: index: imports "./index.ts": import the file that has the name.',
  ],
  [
    'a drawer',
    { 'packages/cli/src/utils/text.ts': 'export {};\n' },
    'packages/cli/src/utils/text.ts: name: "utils" says nothing about what is inside.',
  ],
  [
    'a drawer file in scripts',
    { 'scripts/helpers.ts': 'export {};\n' },
    'scripts/helpers.ts: name: "helpers" says nothing about what is inside.',
  ],
  [
    'a long file',
    { 'packages/cli/src/long.ts': '//\n'.repeat(401) },
    'packages/cli/src/long.ts: length: 401 lines, the limit is 400.',
  ],
])('catches %s', async (_rule, files, line) => {
  const { status, lines } = await check(files);
  expect(lines).toEqual([line]);
  expect(status).toBe(1);
});

test('allows a generated file to be long', async () => {
  const { status } = await check({ 'packages/core/src/protocol/types.ts': '//\n'.repeat(900) });
  expect(status).toBe(0);
});

test('ignores imports in comments and built files', async () => {
  const { status, lines } = await check({
    'packages/core/src/output/logger.ts':
      "/**\n * import { client } from '../http/client.ts';\n */\n// import('../http/client.ts')\nexport {};\n",
    'scripts/dist/old.d.ts': "import { main } from 'headwater';\n",
  });
  expect(lines).toEqual([]);
  expect(status).toBe(0);
});

test('fails where there is nothing to read', async () => {
  const root = await mkdtemp(join(tmpdir(), 'headwater-imports-'));
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
  await rm(root, { recursive: true });
  expect(stderr).toBe(`${root}: no source file found.\n`);
  expect(status).toBe(1);
});
