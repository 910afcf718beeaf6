import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SweepLimits {
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Found {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
}

const SHARD = /^[0-9a-f]{2}$/;
const ENTRY = /^[0-9a-f]{64}$/;
const DRAFT = /\.tmp$/;
const FORGOTTEN_AFTER = 3_600_000;
const BLOCK = 4096;
/** Room left behind, so that the next answer stored does not make the next sweep. */
const KEPT_SHARE = 0.9;

/** What a file takes of the disk, which for a small one is more than its length. */
export const sizeOnDisk = (length: number): number => Math.ceil(length / BLOCK) * BLOCK;

/**
 * Removes what is older than `maxAge`, then what was longest not used until the rest fits, and drafts that a process
 * left behind when it died. A file's mtime is when it was stored, its atime when it was last used.
 *
 * Several processes may sweep at once: who comes second finds a file gone. Gives the bytes that are left.
 */
export const sweep = async (directory: string, { maxBytes, maxAge, now }: SweepLimits): Promise<number> => {
  const found: Found[] = [];
  for (const shard of await namesIn(directory)) {
    if (SHARD.test(shard)) found.push(...(await sweepShard(join(directory, shard), maxAge, now)));
  }
  let total = found.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxBytes) return total;
  for (const { path, size } of found.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes * KEPT_SHARE) break;
    if (await remove(path)) total -= size;
  }
  return total;
};

const sweepShard = async (shard: string, maxAge: number, now: number): Promise<Found[]> => {
  const look = async (name: string): Promise<Found | undefined> => {
    const path = join(shard, name);
    const draft = DRAFT.test(name);
    const status = draft || ENTRY.test(name) ? await stat(path).catch(() => undefined) : undefined;
    if (!status?.isFile()) return undefined;
    const tooOld = now - status.mtimeMs >= (draft ? FORGOTTEN_AFTER : maxAge);
    if (tooOld && (await remove(path))) return undefined;
    return draft ? undefined : { path, size: sizeOnDisk(status.size), usedAt: status.atimeMs };
  };
  const found = await Promise.all((await namesIn(shard)).map(look));
  return found.filter((file) => file !== undefined);
};

const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => []);

const remove = (path: string): Promise<boolean> =>
  rm(path, { force: true }).then(
    () => true,
    () => false,
  );
