import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CacheEntry } from './entry.ts';
import { decodeEntry, encodeEntry } from './file.ts';
import { markUsed, readWhole, type ReadFile } from './read-file.ts';
import { cacheSecret } from './secret.ts';
import { sizeOnDisk, sweep } from './sweep.ts';

export type Warn = (message: string) => void;

export interface DiskLimits {
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly now: number;
}

/** Troubles that the next write would meet again. Any other costs one answer its place. */
const LASTING = new Set(['EACCES', 'EDQUOT', 'EIO', 'ENOSPC', 'ENOTDIR', 'EROFS']);
const SWEEP_EVERY = 600_000;
/** Of the limit: with so much more from this process alone, what the others have added is worth a look. */
const SWEEP_AFTER = 1 / 8;

/**
 * The files of the cache. Nothing here fails: what cannot be read is a miss, and what cannot be written is not kept.
 *
 * A file is written under another name and renamed, so that no reader meets half of one. It is not flushed to the
 * device: after a power cut it may hold anything, which its checksum turns into a miss, and waiting for the device would
 * cost more than many an API.
 */
export class CacheDisk {
  /** Keys both the names and the checksums of the files. */
  readonly secret: Uint8Array;
  /** Whether other processes read it too. A private one takes only what memory has no room for. */
  readonly shared: boolean;
  #root: Promise<string> | undefined;
  #writable = true;
  /** Bytes in the directory at the last sweep. */
  #swept = Number.POSITIVE_INFINITY;
  /** Bytes that this process has stored since. */
  #added = 0;
  #sweptAt = 0;
  #sweeping = false;

  private constructor(secret: Uint8Array, root?: string) {
    this.secret = secret;
    this.shared = root !== undefined;
    if (root !== undefined) this.#root = Promise.resolve(root);
  }

  /** Opens a directory, or one of its own where none is named: made when first needed, removed when the process exits. */
  static async open(directory: string | undefined, warn: Warn): Promise<CacheDisk> {
    if (directory === undefined) return new CacheDisk(randomBytes(32));
    try {
      return new CacheDisk(await cacheSecret(directory), directory);
    } catch (error) {
      const disk = new CacheDisk(randomBytes(32), directory);
      disk.#giveUp(directory, error, warn);
      return disk;
    }
  }

  async read(key: string, now: number): Promise<CacheEntry | undefined> {
    const root = await this.#root?.catch(() => undefined);
    if (root === undefined) return undefined;
    const path = pathOf(root, key);
    let file: ReadFile;
    try {
      file = await readWhole(path);
    } catch (error) {
      if (codeOf(error) === 'EACCES') await discard(path);
      return undefined;
    }
    const entry = await decodeEntry(file.content, key, this.secret).catch(() => undefined);
    if (entry) markUsed(path, file, now, entry.storedAt);
    else await discard(path);
    return entry;
  }

  async write(key: string, entry: CacheEntry, limits: DiskLimits, warn: Warn): Promise<void> {
    if (!this.#writable) return;
    let root = '';
    try {
      root = await (this.#root ??= privateDirectory());
      const file = await encodeEntry(entry, key, this.secret);
      if (file.length > limits.maxBytes) return;
      await replaceFile(pathOf(root, key), file);
      this.#added += sizeOnDisk(file.length);
      this.#sweepIfDue(root, limits);
    } catch (error) {
      if (root === '' || LASTING.has(codeOf(error) ?? '')) this.#giveUp(root, error, warn);
    }
  }

  /** The first write finds out how much there is; after that, when it is too much, or after a while. */
  #sweepIfDue(root: string, limits: DiskLimits): void {
    const { maxBytes, now } = limits;
    const due =
      this.#swept + this.#added > maxBytes ||
      this.#added > maxBytes * SWEEP_AFTER ||
      now - this.#sweptAt >= SWEEP_EVERY;
    if (!due || this.#sweeping) return;
    this.#sweeping = true;
    void this.#sweep(root, limits);
  }

  async #sweep(root: string, limits: DiskLimits): Promise<void> {
    this.#sweptAt = limits.now;
    this.#added = 0;
    this.#swept = await sweep(root, limits);
    this.#sweeping = false;
  }

  #giveUp(root: string, error: unknown, warn: Warn): void {
    if (!this.#writable) return;
    this.#writable = false;
    const where = root === '' ? tmpdir() : root;
    const reason = (error as Error).message;
    warn(
      `The response cache cannot be written in ${where} (${reason}); from now on it keeps new answers in memory only. ` +
        `Make room there, or name another directory in HEADWATER_CACHE_DIR.`,
    );
  }
}

const pathOf = (root: string, key: string): string => join(root, key.slice(0, 2), key);

/** Waited for: a removal that came late would take the file that replaces this one. */
const discard = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {});

const replaceFile = async (path: string, content: Uint8Array): Promise<void> => {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  const write = () => writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    try {
      await write();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await write();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
};

const privateDirectory = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'headwater-cache-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** Asks for no `Error`: in a test's own realm the errors of the system are not its errors. */
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
