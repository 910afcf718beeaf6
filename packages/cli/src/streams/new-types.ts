import { mkdir, writeFile } from 'node:fs/promises';
import { readdir, copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { temporaryFolder } from '@headwater/testing';

import { CommandError } from '../command-error.ts';
import { bundleSchemas } from '../types/bundle.ts';
import { findConnectorFiles } from '../types/connector-files.ts';
import { generateTypes } from '../types/generate.ts';

/**
 * The text of `src/record-types.ts` as it will be with these files.
 *
 * @param files by their paths in the connector; others than schemas and the spec do not matter
 * @throws CommandError for a schema of which no type can be made
 */
export const newTypes = async (directory: string, files: ReadonlyMap<string, string>): Promise<string> => {
  await using folder = await temporaryFolder();
  const put = async (path: string, write: (file: string) => Promise<void>): Promise<void> => {
    const file = join(folder.path, path);
    await mkdir(dirname(file), { recursive: true });
    await write(file);
  };
  for (const path of await schemasAndSpec(directory)) await put(path, (file) => copyFile(join(directory, path), file));
  for (const [path, text] of files) await put(path, (file) => writeFile(file, text));
  try {
    return await generateTypes(bundleSchemas(findConnectorFiles(folder.path)));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(error.message.replaceAll(folder.path, directory), { cause: error });
  }
};

const schemasAndSpec = async (directory: string): Promise<readonly string[]> => {
  const schemas = existsSync(join(directory, 'schemas'))
    ? (await readdir(join(directory, 'schemas'), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    : [];
  const specs = ['spec.json', 'spec.yaml', 'spec.yml'].filter((name) => existsSync(join(directory, name)));
  return [...schemas, ...specs];
};
