import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import { Deletes } from './deletes.ts';
import type { Keep, RecordOutput } from './record-output.ts';
import { SeenRecords } from './seen-records.ts';
import type { Stream } from './stream.ts';

export interface RecordMemoryOptions {
  readonly stream: Stream;
  readonly incremental: boolean;
  /** The state the sync begins with. */
  readonly state: JsonObject;
  readonly log: Logger;
}

/** What is remembered of a stream's records beyond its state: which there are, and which have been emitted. */
export class RecordMemory {
  #deletes: Deletes | undefined;
  readonly #seen: SeenRecords | undefined;
  readonly #incremental: boolean;
  readonly #log: Logger;
  readonly #stream: string;

  private constructor({ stream, incremental, log }: RecordMemoryOptions) {
    this.#seen = stream.dedupe === false ? undefined : new SeenRecords(stream, log);
    this.#deletes = stream.detectDeletes && !incremental ? new Deletes(stream, log) : undefined;
    this.#incremental = incremental;
    this.#log = log;
    this.#stream = stream.name;
  }

  /** @throws ConnectorError when the stream cannot have what it asks for */
  static async open(options: RecordMemoryOptions): Promise<RecordMemory> {
    const memory = new RecordMemory(options);
    if (options.incremental) await memory.#seen?.load(options.state);
    return memory;
  }

  /** Sees each record on its way out; undefined when there is nothing to remember. */
  get keep(): Keep | undefined {
    const [seen, deletes] = [this.#seen, this.#deletes];
    if (!seen && !deletes) return undefined;
    return (record, isValid) => {
      deletes?.see(record);
      return !seen || !isValid || seen.isNew(record);
    };
  }

  /** Everything has been read: emits what has gone. @param isShort whether the API says that there is more */
  async complete(output: RecordOutput, isShort: boolean): Promise<void> {
    if (!this.#deletes) return;
    if (isShort) {
      this.#deletes.discard();
      this.#deletes = undefined;
      this.#log.warn(
        `Stream "${this.#stream}": deletes are not told in this sync, since fewer records came than the API says.`,
      );
      return;
    }
    for await (const record of this.#deletes.vanished()) await output.asItIs(record);
  }

  /** The last state of the sync has been emitted, after `complete` or a failure. */
  async close(output: RecordOutput, state: JsonObject, hasFailed: boolean): Promise<void> {
    if (this.#incremental) this.#seen?.save(state);
    if (!this.#deletes) return;
    if (hasFailed) return this.#deletes.discard();
    // Not before what has gone is in the pipe: it is told only once.
    await output.flush();
    this.#deletes.keep();
  }
}
