import { execFile } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { temporaryFolder } from '@headwater/testing';
import { expect, test } from '@jest/globals';

import { connectorFiles } from '../../src/generate/connector-files.ts';
import { recordCassettes } from '../../src/generate/record-cassettes.ts';
import { starterPlan } from '../../src/generate/starter-plan.ts';
import { writeConnector } from '../../src/generate/write-connector.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const TEMPLATE = join(ROOT, 'templates/source-api');
const MADE = /(?:^|\/)(?:node_modules|dist|cassettes)(?:\/|$)|\.tsbuildinfo$/;

/** The text of every file, by its path. */
const filesIn = async (directory: string): Promise<Map<string, string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !MADE.test(path))
    .toSorted();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(directory, path), 'utf8')] as const)),
  );
};

interface Recorded {
  readonly complete: boolean;
  readonly interactions: readonly { readonly request: { readonly url: string } }[];
}

/** What a cassette has, in the order of its URLs: requests that are sent side by side have no order. */
const interactionsIn = async (directory: string, stream: string): Promise<unknown> => {
  const text = await readFile(join(directory, 'cassettes', `${stream}.json`), 'utf8');
  const { complete, interactions }: Recorded = JSON.parse(text);
  const sorted = interactions.toSorted((one, other) => (one.request.url < other.request.url ? -1 : 1));
  return { complete, interactions: sorted };
};

test('gives the template, byte for byte, for the usual answers', async () => {
  const template = await filesIn(TEMPLATE);
  const emitted = await connectorFiles(starterPlan(), 'source-api');

  for (const [path, text] of emitted) expect({ path, text }).toEqual({ path, text: template.get(path) });
  await using folder = await temporaryFolder();
  await writeConnector(starterPlan(), { name: 'source-api', template: TEMPLATE, directory: folder.path });
  const written = await filesIn(folder.path);
  expect([...written.keys()]).toEqual(
    [...template.keys()].map((path) => path.replace(/^gitignore$/, '.gitignore')).toSorted(),
  );
  for (const [path, text] of written) {
    expect({ path, text }).toEqual({ path, text: template.get(path.replace(/^\.gitignore$/, 'gitignore')) });
  }
});

test('records the cassettes of the template from the examples', async () => {
  await using folder = await temporaryFolder();
  await writeConnector(starterPlan(), { name: 'source-api', template: TEMPLATE, directory: folder.path });
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));

  await recordCassettes(starterPlan(), { directory: folder.path });

  expect((await readdir(join(folder.path, 'cassettes'))).toSorted()).toEqual(['item_notes.json', 'items.json']);
  for (const stream of ['items', 'item_notes']) {
    expect(await interactionsIn(folder.path, stream)).toEqual(await interactionsIn(TEMPLATE, stream));
  }
});

test('has a template whose own tests pass', async () => {
  const ran = await promisify(execFile)('npm', ['test'], { cwd: TEMPLATE }).then(
    () => ({ code: 0, output: '' }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: `${error.stdout}${error.stderr}`.slice(-4000),
    }),
  );

  expect(ran).toEqual({ code: 0, output: '' });
}, 600_000);
