import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from '@headwater/testing';
import { expect, test } from '@jest/globals';

const fixture = fileURLToPath(new URL('fixture', import.meta.url));
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const EXPECTATION = /^\s*\/\/ @ts-expect-error\b.*\n/gm;

/** What the compiler says of the files of a folder; empty when it has nothing to say. */
const compile = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], (_error, stdout, stderr) => {
      const lines = stdout.split('\n');
      // Without a place, it is the settings that are wrong.
      const general = lines.filter((line) => line.startsWith('error TS'));
      if (stderr !== '' || general.length > 0) reject(new Error(stderr + general.join('\n')));
      else resolve(lines.filter((line) => /(^|\/)(right|record-types|wrong-[\w-]+)\.ts\(\d/.test(line)).join('\n'));
    });
  });

/** Compiles a changed copy of the fixture with its own settings. */
const compileChanged = async (change: (text: string) => string): Promise<string> => {
  await using folder = await temporaryFolder();
  await cp(fixture, folder.path, { recursive: true });
  for (const file of await readdir(folder.path)) {
    if (!file.startsWith('wrong-')) continue;
    const path = join(folder.path, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  }
  const compilerOptions = {
    paths: { '@headwater/core': [join(root, 'packages/core/src/index.ts')] },
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const settings = {
    extends: join(fixture, 'tsconfig.json'),
    compilerOptions,
    include: [join(folder.path, '*.ts'), join(root, 'packages/core/src/**/*.d.ts')],
  };
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ type: 'module' }));
  return await compile(folder.path);
};

const textOf = (file: string) => readFile(join(fixture, file), 'utf8');

test('compiles what fits the record type, and refuses each mistake', async () => {
  expect(await compile(fixture)).toBe('');
});

test('reports each mistake once its expectation is taken away', async () => {
  const wrong = await Promise.all(['wrong-parse-response.ts', 'wrong-transform.ts'].map(textOf));
  const expected = wrong.join('').match(EXPECTATION)?.length ?? 0;

  const said = await compileChanged((text) => text.replace(EXPECTATION, ''));

  expect(expected).toBeGreaterThan(15);
  expect(said.match(/^\S.*: error TS/gm)).toHaveLength(expected);
});

test('reports an expectation without a mistake below it', async () => {
  const said = await compileChanged((text) =>
    text
      .replaceAll("titel: 'x'", "title: 'x'")
      .replaceAll('title: 5', "title: '5'")
      .replaceAll("state: 'gone'", "state: 'open' as const"),
  );

  expect(said.match(/error TS2578: Unused '@ts-expect-error' directive/g)).toHaveLength(9);
});
