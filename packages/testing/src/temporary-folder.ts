import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { toJson } from './to-json.ts';

/** A folder of its own for one test. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /**
   * Writes a file, with the folders on its way, and gives its full path. A string or a `Buffer` is written as it is,
   * any other value as JSON.
   */
  write(name: string, content: unknown): Promise<string>;
  /** Removes the folder and all that is in it. */
  remove(): Promise<void>;
}

/**
 * Creates an empty folder that goes away with its scope.
 *
 * @example
 * await using folder = await temporaryFolder();
 * const config = await folder.write('config.json', { api_key: 'k' });
 */
export const temporaryFolder = async (): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'headwater-'));

  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' || content instanceof Uint8Array ? content : toJson(content));
    return file;
  };
  const remove = () => rm(path, { recursive: true, force: true });

  return { path, write, remove, [Symbol.asyncDispose]: remove };
};
