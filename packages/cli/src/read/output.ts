import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

import { CommandError } from '../command-error.ts';

/** Where the result of a command goes. */
export interface Output {
  readonly isTerminal: boolean;
  /** Characters of a line. */
  readonly width: number;
  /** Resolves when there is room for more. Rejects when nobody reads on, or the file cannot be written. */
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Nobody reads on, as with `| head`: no failure, but the end. */
export class ReaderGone extends Error {}

const WIDTH = 120;

/**
 * Opens standard output, or a file with the folders on its way.
 *
 * @param path `-` for standard output
 */
export const openOutput = async (path: string): Promise<Output> => {
  if (path === '-') return standardOutput();
  try {
    await mkdir(dirname(path), { recursive: true });
    return outputTo((await open(path, 'w')).createWriteStream(), `--output ${path}`);
  } catch (cause) {
    throw new CommandError(`--output ${path}: cannot be written: ${String(cause)}.`, { cause });
  }
};

let standard: Output | undefined;

/** There is one, however many runs write to it. */
export const standardOutput = (): Output => (standard ??= outputTo(process.stdout, 'standard output'));

const outputTo = (stream: Writable & { isTTY?: boolean; columns?: number }, place: string): Output => {
  let broken: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken =
      error.code === 'EPIPE'
        ? new ReaderGone('The reader has gone away.')
        : new CommandError(`${place}: cannot be written: ${error.message}.`, { cause: error });
  });
  const check = (): void => {
    if (broken) throw broken;
  };
  return {
    isTerminal: stream.isTTY === true,
    width: stream.columns || WIDTH,
    async write(text) {
      check();
      if (stream.write(text)) return;
      // An error is told above; waiting for room ends with it as well.
      await once(stream, 'drain').catch(() => {});
      check();
    },
    async end() {
      check();
      // Standard output stays open: another run may follow.
      if (stream === process.stdout) {
        await new Promise<void>((resolve) => stream.write('', () => resolve()));
      } else {
        await new Promise<void>((resolve) => stream.end(() => resolve()));
      }
      check();
    },
  };
};
