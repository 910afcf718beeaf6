import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ConnectorError, messageOf } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { keyOf, primaryKeyPaths } from './primary-key.ts';
import { sliceId } from './slice-id.ts';
import { STATE_DIR, StateFile, StateFileDraft, stateDirectory, stateFilePath } from './state-file.ts';
import type { Stream } from './stream.ts';

const VERSION = 1;
const MAX = 100_000;

/**
 * Remembers what was emitted last for each key, by 64 bits of a hash each, so that the same record is not emitted twice in
 * a row. A record that has changed and changed back is emitted: only the last content of a key counts. Without a primary
 * key the whole record is its key.
 *
 * About 100 bytes a record; beyond `max` the one that was not seen for longest is forgotten.
 */
export class SeenRecords {
  readonly #stream: Pick<Stream, 'name' | 'namespace'>;
  readonly #log: Logger;
  readonly #paths: readonly (readonly string[])[];
  readonly #max: number;
  /** The state the sync began with. */
  #from: string | undefined;
  /** The hash of the last content by the hash of the key; the one not seen for longest comes first. */
  readonly #contents = new Map<bigint, bigint>();

  /** @throws ConnectorError for a maximum that is none */
  constructor(stream: Stream, log: Logger) {
    const { name, dedupe } = stream;
    this.#stream = stream;
    this.#log = log;
    this.#paths = primaryKeyPaths(stream);
    this.#max = typeof dedupe === 'object' ? dedupe.max : MAX;
    if (!Number.isSafeInteger(this.#max) || this.#max < 1) {
      throw new ConnectorError(`dedupe.max of stream "${name}" is ${this.#max}. Give a whole number from 1 on.`);
    }
  }

  get size(): number {
    return this.#contents.size;
  }

  /** Whether a record is another than the one emitted last for its key. */
  isNew(record: JsonObject): boolean {
    const content = hashOf(stringifyJson(record));
    const values = this.#paths.length > 0 ? keyOf(record, this.#paths) : undefined;
    const key = values ? hashOf(stringifyJson(values)) : content;
    const last = this.#contents.get(key);
    this.#put(key, content);
    return last !== content;
  }

  /**
   * Recalls what was kept with this very state. What was kept with another is removed: nobody knows which of its records
   * have arrived.
   */
  async load(state: JsonObject): Promise<void> {
    const path = this.#path();
    if (path === undefined) return;
    this.#from = sliceId(state);
    try {
      const file = await StateFile.open(path, VERSION);
      if (file === undefined) return;
      try {
        if (file.header['state'] !== this.#from || Object.keys(state).length === 0) return await rm(path);
        for await (const line of file.lines()) {
          const [key, content] = JSON.parse(line) as [string, string];
          this.#put(BigInt(key), BigInt(content));
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      this.#warn(`cannot be read: ${messageOf(error)}`, path);
    }
  }

  /**
   * Keeps it for the sync that goes on from this state. If that is the one this sync began with, what was kept then stays:
   * by the state alone nobody can tell whether what came since has arrived.
   */
  save(state: JsonObject): void {
    const path = this.#path();
    if (path === undefined || sliceId(state) === this.#from) return;
    let draft: StateFileDraft | undefined;
    try {
      draft = new StateFileDraft(path, { version: VERSION, stream: this.#stream.name, state: sliceId(state) });
      for (const [key, content] of this.#contents) draft.add(`["${key}","${content}"]`);
      draft.commit();
    } catch (error) {
      draft?.discard();
      this.#warn(`cannot be written: ${messageOf(error)}`, path);
    }
  }

  #put(key: bigint, content: bigint): void {
    this.#contents.delete(key);
    this.#contents.set(key, content);
    if (this.#contents.size <= this.#max) return;
    for (const oldest of this.#contents.keys()) {
      this.#contents.delete(oldest);
      return;
    }
  }

  #path(): string | undefined {
    const directory = stateDirectory();
    const { name, namespace = null } = this.#stream;
    return directory && stateFilePath(directory, name, 'seen', { name, namespace, paths: this.#paths });
  }

  #warn(what: string, path: string): void {
    this.#log.warn(
      `Stream "${this.#stream.name}": what is kept of records in ${path} (${STATE_DIR}) ${what} Records may come twice.`,
    );
  }
}

const hashOf = (text: string): bigint => hash('sha256', text, 'buffer').readBigUInt64LE(0);
