import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files that a connector is started with, for its owner only. */
export interface WorkFolder {
  /** Writes a file as JSON and gives its path. */
  write(name: string, content: unknown): Promise<string>;
}

/** What one run of a command works with. */
export interface Workplace {
  readonly folder: WorkFolder;
  /** Aborts when the run is to end early. */
  readonly signal: AbortSignal;
}

/** Gives work a folder that is gone when the work is done, however it ends. */
export const withWorkplace = async <T>(signal: AbortSignal, work: (place: Workplace) => Promise<T>): Promise<T> => {
  const path = await mkdtemp(join(tmpdir(), 'headwater-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(path, name);
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  try {
    return await work({ folder: { write }, signal });
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
};
