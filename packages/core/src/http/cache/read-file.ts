import { Buffer } from 'node:buffer';
import { close, fstatSync, open, read, utimes } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const readInto = promisify(read);

/** A file as it was when it was opened. */
export interface ReadFile {
  readonly content: Buffer;
  /** Milliseconds since the epoch: its atime. */
  readonly usedAt: number;
}

/**
 * Reads a whole file in two steps that wait, opening and reading; `readFile` has five. Rejects as these two do.
 *
 * The size of a file just opened is known without asking the device, and nobody has to wait for the end of closing.
 */
export const readWhole = async (path: string): Promise<ReadFile> => {
  const file = await openFile(path, 'r');
  try {
    const { size, atimeMs } = fstatSync(file);
    const content = Buffer.allocUnsafeSlow(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await readInto(file, content, length, size - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { content: content.subarray(0, length), usedAt: atimeMs };
  } finally {
    close(file, () => {});
  }
};

/** Closer than this, times of use are not told apart: eviction needs no more, and each costs a write. */
const SAME_USE = 60_000;

/** Notes that a file has been used, unless it was just now, and when it was stored. Whether it succeeds is never known. */
export const markUsed = (path: string, { usedAt }: ReadFile, now: number, storedAt: number): void => {
  if (Math.abs(now - usedAt) >= SAME_USE) utimes(path, now / 1000, storedAt / 1000, () => {});
};
