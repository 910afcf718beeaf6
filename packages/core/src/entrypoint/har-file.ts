import { openSync, writeSync } from 'node:fs';
import { InputFileError, messageOf } from '../errors.ts';
import type { Exchange } from '../http/exchanges.ts';
import { harEntry } from '../http/har.ts';

const END = '\n]}}\n';

/** The file of `--har`: an HTTP Archive that grows by an entry for each exchange and is whole after each. */
export class HarFile {
  readonly #path: string;
  readonly #file: number;
  /** Where the next entry goes: over the end of the document, which is written anew behind it. */
  #at: number;
  #isEmpty = true;

  /**
   * Only its owner may read the file: it holds whatever the API sends. One that is there is overwritten.
   *
   * @throws InputFileError when the file cannot be written
   */
  constructor(path: string, creator: { readonly name: string; readonly version: string }) {
    this.#path = path;
    this.#file = this.#writing(() => openSync(path, 'w', 0o600));
    const start = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`;
    this.#at = Buffer.byteLength(start);
    this.#writing(() => writeSync(this.#file, start + END, 0));
  }

  /** Writes one exchange down. Synchronous: a kill right after it finds it there. */
  add(exchange: Exchange): void {
    const entry = Buffer.from(`${this.#isEmpty ? '' : ','}\n${JSON.stringify(harEntry(exchange))}`);
    this.#isEmpty = false;
    this.#writing(() => writeSync(this.#file, Buffer.concat([entry, Buffer.from(END)]), 0, null, this.#at));
    this.#at += entry.length;
  }

  #writing<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      throw new InputFileError(`--har ${this.#path}: cannot be written: ${messageOf(cause)}`, { cause });
    }
  }
}
