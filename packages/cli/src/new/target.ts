import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { CommandError } from '../command-error.ts';

/** A folder that is built beside its place, and stands there whole or not at all. */
export interface Target {
  /** Where the connector will stand. */
  readonly path: string;
  /** Where it is built: in the same parent, so that relative links stay right. */
  readonly workplace: string;
  /** Moves the work to its place. */
  finish(): Promise<void>;
  /** Removes every trace. Does nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Finds the place of a new connector and opens a folder to build it in.
 *
 * @param directory relative to the working folder and inside it, or absolute, which may be anywhere
 * @throws CommandError when something stands there, or when the path leads outside
 */
export const openTarget = async (directory: string): Promise<Target> => {
  const path = resolve(directory);
  await refuseOutside(directory, path);
  const isThere = await refuseFull(path);
  const parent = dirname(path);
  const made = await attempt(`the folder ${parent}`, () => mkdir(parent, { recursive: true }));
  const workplace = join(parent, `.${basename(path)}-${randomBytes(4).toString('hex')}`);
  await attempt(`a folder in ${parent}`, () => mkdir(workplace));
  let isOpen = true;
  // A process that ends in the middle, for whatever reason, cleans up too.
  const atExit = (): void => rmSync(workplace, { recursive: true, force: true });
  process.once('exit', atExit);

  return {
    path,
    workplace,
    async finish() {
      // Somebody may have put a file there meanwhile.
      await refuseFull(path);
      if (isThere) {
        // A person or a shell may stand in that folder, so it stays, and what is in the workplace moves.
        for (const name of await readdir(workplace)) await rename(join(workplace, name), join(path, name));
        await rmdir(workplace);
      } else {
        await rename(workplace, path);
      }
      isOpen = false;
      process.removeListener('exit', atExit);
    },
    async discard() {
      if (!isOpen) return;
      isOpen = false;
      await rm(workplace, { recursive: true, force: true, maxRetries: 5 });
      if (made !== undefined) await removeEmpty(parent, made);
      process.removeListener('exit', atExit);
    },
  };
};

const refuseOutside = async (directory: string, path: string): Promise<void> => {
  if (isAbsolute(directory)) return;
  const here = await realpath('.');
  // What a link points to counts, not where the link is.
  const there = join(await nearestReal(dirname(path)), basename(path));
  const way = relative(here, path === resolve('.') ? here : there);
  if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new CommandError(
    `--directory ${directory} is outside of ${here}. Give the absolute path, ${path}, if you mean it.`,
  );
};

/** The real path of a folder, or of the nearest one above it that is there, with the rest of the path. */
const nearestReal = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await nearestReal(above), basename(path));
  }
};

/** Whether an empty folder is there. */
const refuseFull = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory())
    throw new CommandError(`${path} is there already, and is no folder. Choose another --directory.`);
  const [first] = await attempt(`the folder ${path}`, () => readdir(path));
  if (first === undefined) return true;
  throw new CommandError(
    `${path} is there already, and is not empty: it holds ${first}. Choose another name or --directory.`,
  );
};

const removeEmpty = async (from: string, upTo: string): Promise<void> => {
  for (let path = from; ; path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone || path === upTo) return;
  }
};

const attempt = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`Cannot use ${what}: ${why}. Choose another --directory.`, { cause });
  }
};
