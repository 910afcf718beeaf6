import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder, type TemporaryFolder } from '@headwater/testing';

export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What a document may change; everything else of the repository is linked. */
const COPIED = new Set(['package.json', 'templates']);
const LEFT_OUT = new Set(['.git', 'demo-output', 'coverage']);
const MADE = /\/(?:node_modules|dist|[^/]*\.tsbuildinfo)$/;

/**
 * A folder that looks like a clone of the repository after `npm ci` and the build: what a reader of the documents has.
 * Needs the packages to be built.
 */
export const builtClone = async (): Promise<TemporaryFolder> => {
  const clone = await temporaryFolder();
  for (const name of await readdir(ROOT)) {
    if (!COPIED.has(name) && !LEFT_OUT.has(name)) await symlink(join(ROOT, name), join(clone.path, name));
  }
  await mkdir(join(clone.path, 'templates'));
  await cp(join(ROOT, 'templates/source-http'), join(clone.path, 'templates/source-http'), {
    recursive: true,
    filter: (source) => !MADE.test(source),
  });
  // Another build of what is only linked would get in the way of tests that run at the same time.
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  await writeFile(join(clone.path, 'package.json'), manifest.replaceAll('npm run build && ', ''));
  return clone;
};
