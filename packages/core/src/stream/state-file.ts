import { createHash, randomBytes, type Hash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { InputFileError, messageOf } from '../errors.ts';
import { excerpt } from '../output/redact.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { sliceId } from './slice-id.ts';

/** Names the directory, for messages. */
export const STATE_DIR = 'HEADWATER_STATE_DIR';

/** The directory for what is kept from sync to sync beside the state; undefined where the environment names none. */
export const stateDirectory = (): string | undefined => process.env[STATE_DIR] || undefined;

/** A file's path: readable, and the same whenever `identity` is. */
export const stateFilePath = (directory: string, name: string, kind: string, identity: JsonObject): string =>
  join(directory, `${name.replaceAll(/[^\w-]/g, '_').slice(0, 60)}-${sliceId(identity)}.${kind}`);

const CHUNK = 64 * 1024;
const STALE = 24 * 60 * 60 * 1000;

/**
 * A file that is being written: a header and lines of JSON, and at the end their number and checksum. It has a name of its
 * own until it is whole, and only its user can read it.
 *
 * Writing is synchronous, 64 KiB at a time: a line must not be lost between the record it stands for and a crash.
 */
export class StateFileDraft {
  readonly #path: string;
  readonly #draft: string;
  readonly #hash: Hash = createHash('sha256');
  #file: number | undefined;
  #pending = '';
  #lines = 0;

  /** @throws InputFileError when the directory cannot be made or written */
  constructor(path: string, header: JsonObject) {
    this.#path = path;
    this.#draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
    this.#doing(() => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      removeStale(path);
      this.#file = openSync(this.#draft, 'wx', 0o600);
    });
    this.#pending = `${JSON.stringify(header)}\n`;
  }

  add(line: string): void {
    this.#pending += `${line}\n`;
    this.#lines++;
    if (this.#pending.length >= CHUNK) this.#write();
  }

  /** Puts the file in the place of the one before it, at once and whole. */
  commit(): void {
    this.#write();
    this.#pending = `${JSON.stringify({ lines: this.#lines, sha256: this.#hash.digest('hex') })}\n`;
    this.#doing(() => {
      writeSync(this.#file!, this.#pending);
      fsyncSync(this.#file!);
      closeSync(this.#file!);
      this.#file = undefined;
      renameSync(this.#draft, this.#path);
    });
  }

  /** Leaves nothing behind; does nothing after `commit`. */
  discard(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#draft, { force: true });
  }

  #write(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    this.#hash.update(bytes);
    this.#doing(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file!, bytes, at);
    });
  }

  #doing(work: () => void): void {
    try {
      work();
    } catch (cause) {
      throw new InputFileError(`${STATE_DIR}: ${this.#path} cannot be written: ${messageOf(cause)}`, { cause });
    }
  }
}

/** Drafts of processes that ended before they were whole. */
const removeStale = (path: string): void => {
  const directory = dirname(path);
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.tmp')) continue;
    const draft = join(directory, name);
    const { mtimeMs } = statSync(draft, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs !== undefined && Date.now() - mtimeMs > STALE) rmSync(draft, { force: true });
  }
};

/** A file that is whole. */
export class StateFile {
  readonly header: JsonObject;
  readonly #file: FileHandle;
  readonly #start: number;
  readonly #end: number;

  private constructor(file: FileHandle, header: JsonObject, start: number, end: number) {
    this.#file = file;
    this.header = header;
    this.#start = start;
    this.#end = end;
  }

  /**
   * Opens a file and makes sure that it is what was written. Undefined when there is none.
   *
   * @param version what its header has to say
   * @throws an error that says what is wrong with it
   */
  static async open(path: string, version: number): Promise<StateFile | undefined> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      // Not `instanceof Error`: in a test's own realm the errors of the system are not its errors.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const end = await checkedEnd(file);
      const [first = ''] = (await piece(file, 0, Math.min(end, CHUNK))).split('\n', 1);
      const header: unknown = JSON.parse(first);
      if (!isJsonObject(header) || header['version'] !== version) {
        throw new TypeError(`its header is ${excerpt(first, 100)}, and this release knows only version ${version}`);
      }
      return new StateFile(file, header, Buffer.byteLength(first) + 1, end);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async *lines(): AsyncIterable<string> {
    if (this.#start >= this.#end) return;
    let rest = '';
    const options = { start: this.#start, end: this.#end - 1, encoding: 'utf8', autoClose: false } as const;
    for await (const text of this.#file.createReadStream(options)) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Where the lines end, provided that they are what the last line says. */
const checkedEnd = async (file: FileHandle): Promise<number> => {
  const { size } = await file.stat();
  const tail = await piece(file, Math.max(0, size - 200), Math.min(size, 200));
  const last = tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1);
  const end = size - Buffer.byteLength(last);
  const hash = createHash('sha256');
  if (end > 0) {
    for await (const chunk of file.createReadStream({ start: 0, end: end - 1, autoClose: false })) {
      hash.update(chunk as Buffer);
    }
  }
  if (!last.endsWith('\n') || !last.includes(hash.digest('hex'))) throw new TypeError('it is damaged');
  return end;
};

const piece = async (file: FileHandle, position: number, length: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString('utf8', 0, bytesRead);
};
