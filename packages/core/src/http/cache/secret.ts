import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LENGTH = 32;

/**
 * The secret that all processes on one cache directory share. The first of them makes it, readable by its user only.
 *
 * It appears under its name at once and whole (by a link), so that no process ever reads half of it. One of another
 * length is replaced: what was stored under it is no longer found.
 *
 * @throws the system's error when the directory cannot be made, read or written
 */
export const cacheSecret = async (directory: string): Promise<Uint8Array> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'key');
  const found = await readSecret(file);
  if (found?.length === LENGTH) return found;
  if (found) await rm(file, { force: true });

  const draft = join(directory, `key.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(draft, randomBytes(LENGTH), { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, file).catch(unlessCode('EEXIST'));
    return await readFile(file);
  } finally {
    await rm(draft, { force: true });
  }
};

const readSecret = (file: string): Promise<Uint8Array | undefined> => readFile(file).catch(unlessCode('ENOENT'));

const unlessCode =
  (code: string) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };
