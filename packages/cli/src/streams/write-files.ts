import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CommandError } from '../command-error.ts';

export interface FileChanges {
  /** Files that must not be there, by their paths. */
  readonly created: ReadonlyMap<string, string>;
  /** Files that are replaced, or made where they are not there. */
  readonly changed: ReadonlyMap<string, string>;
}

/**
 * Writes all files of a change or, when one of them cannot be written, none.
 *
 * @throws CommandError for a file to be created that is there already, or one that cannot be written
 */
export const writeFiles = async (directory: string, { created, changed }: FileChanges): Promise<void> => {
  const end = `.${randomBytes(4).toString('hex')}.tmp`;
  const files = [...created, ...changed].map(([path, text]) => ({
    path,
    text,
    file: join(directory, path),
    isNew: created.has(path),
  }));
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { file, text } of files) {
      const made = await mkdir(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
      undo.push(() => rm(file + end, { force: true }));
      await writeFile(file + end, text, { flag: 'wx' });
    }
    for (const { file, isNew } of files) {
      const before = isNew ? undefined : await readFile(file, 'utf8').catch(() => undefined);
      if (isNew && (await isThere(file))) throw new Error(`${file} is there already`);
      await rename(file + end, file);
      undo.push(() => (before === undefined ? rm(file, { force: true }) : writeFile(file, before)));
    }
  } catch (cause) {
    for (const step of undo.toReversed()) await step();
    const why = cause instanceof Error ? cause.message.replaceAll(end, '') : String(cause);
    throw new CommandError(`${directory}: the files cannot be written: ${why}. Nothing was added.`, { cause });
  }
};

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );
