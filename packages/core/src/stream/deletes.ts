import { ConnectorError, messageOf } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { parseLossless, stringifyJson } from '../protocol/lossless-json.ts';
import { KeySet } from './key-set.ts';
import { keyOf, primaryKeyPaths, recordOfKey } from './primary-key.ts';
import { STATE_DIR, StateFile, StateFileDraft, stateDirectory, stateFilePath } from './state-file.ts';
import type { Stream } from './stream.ts';

/** The field of a record that tells when it was found to be no longer there. */
export const DELETED_AT = '_headwater_deleted_at';

const VERSION = 1;

/**
 * Finds out which records of a stream are gone: the keys of each complete read are kept in a file, and those of the last
 * one that did not come again are told.
 */
export class Deletes {
  readonly #stream: string;
  readonly #log: Logger;
  readonly #path: string;
  readonly #paths: readonly (readonly string[])[];
  readonly #keys = new KeySet();
  readonly #draft: StateFileDraft;
  #hasWarned = false;

  /**
   * @throws ConnectorError for a stream without a primary key, or no directory to keep keys in
   * @throws InputFileError when the directory cannot be written
   */
  constructor(stream: Stream, log: Logger) {
    const { name, namespace = null } = stream;
    const paths = primaryKeyPaths(stream);
    if (paths.length === 0) {
      throw new ConnectorError(`Stream "${name}" is to detect deletes, but has no primaryKey. Name one.`);
    }
    const directory = stateDirectory();
    if (directory === undefined) {
      throw new ConnectorError(
        `Stream "${name}" is to detect deletes, but the environment names no directory to keep its keys in. Set ` +
          `${STATE_DIR} to one that outlasts the sync and belongs to this connection alone.`,
      );
    }
    this.#stream = name;
    this.#log = log;
    this.#paths = paths;
    this.#path = stateFilePath(directory, name, 'keys', { name, namespace, paths });
    this.#draft = new StateFileDraft(this.#path, { version: VERSION, stream: name, key: paths });
  }

  /** There is such a record. */
  see(record: JsonObject): void {
    const key = keyOf(record, this.#paths);
    if (key === undefined) return this.#warnOnce();
    const text = stringifyJson(key);
    if (this.#keys.add(text)) this.#draft.add(text);
  }

  /** After everything has been read: a record for each key that was there the last time and is not there now. */
  async *vanished(): AsyncIterable<JsonObject> {
    const before = await this.#before();
    if (before === undefined) return;
    try {
      const time = new Date().toISOString();
      for await (const text of before.lines()) {
        if (this.#keys.has(text)) continue;
        const record = recordOfKey(parseLossless(text) as JsonValue[], this.#paths);
        yield { ...record, [DELETED_AT]: time };
      }
    } finally {
      await before.close();
    }
  }

  /** The keys of this read are those to compare the next one with. */
  keep(): void {
    this.#draft.commit();
  }

  /** The read was not complete: the keys of the last one stay. Does nothing after `keep`. */
  discard(): void {
    this.#draft.discard();
  }

  async #before(): Promise<StateFile | undefined> {
    try {
      return await StateFile.open(this.#path, VERSION);
    } catch (error) {
      this.#log.warn(
        `Stream "${this.#stream}": the keys of the last read, in ${this.#path}, cannot be used: ${messageOf(error)} ` +
          `This sync tells no deletes; the next one will.`,
      );
      return undefined;
    }
  }

  #warnOnce(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const fields = this.#paths.map((path) => path.join('.')).join(', ');
    this.#log.warn(
      `Stream "${this.#stream}": a record has no value in its primary key (${fields}); deletes of such records are not seen.`,
    );
  }
}
