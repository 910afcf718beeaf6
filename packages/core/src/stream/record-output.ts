import { RecordInvalidError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { Writer } from '../output/writer.ts';
import type { RawRecords } from '../parse/json-page.ts';
import type { NotedField } from '../parse/match-records.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { parseLossless, stringifyJson } from '../protocol/lossless-json.ts';
import {
  recordPrefixes,
  recordSuffix,
  stateMessage,
  streamStatusMessage,
  type StreamDescriptor,
} from '../protocol/messages.ts';
import type { UnknownFields } from '../schema/unknown-fields.ts';
import type { CheckRecord, Verdict } from '../schema/validator.ts';
import type { Page } from './page.ts';
import type { Rejects } from './rejects.ts';

export interface RecordOutputOptions {
  readonly stream: StreamDescriptor;
  readonly check: CheckRecord;
  readonly unknownFields: UnknownFields;
  readonly writer: Writer;
  readonly log: Logger;
  /** Where invalid records go; without it the first one fails the stream. */
  readonly rejects?: Rejects | undefined;
}

/**
 * Sees every record in the form it is written in, and those that are set aside. False leaves out one that would have been
 * written.
 */
export type Keep = (record: JsonObject, isValid: boolean) => boolean;

/** What happens to a record on its way out. */
export interface Passage {
  /** Changes a record, or leaves it out by returning null. */
  readonly transform?: ((record: JsonObject) => JsonObject | null) | undefined;
  /** Sees every record that is about to be written; false leaves it out. */
  readonly see?: ((record: JsonObject) => boolean) | undefined;
  readonly keep?: Keep | undefined;
}

const SUFFIX = recordSuffix();
const SUFFIX_BYTES = Buffer.from(SUFFIX);

/** One stream's way out: pages become valid RECORD lines, states become STATE messages with exact counts. */
export class RecordOutput {
  readonly #options: RecordOutputOptions;
  readonly #prefix: (emittedAt: number) => string;
  #isRunning = false;
  #total = 0;
  #sinceState = 0;
  #rejectedSinceState = 0;
  #lastState: string | undefined;

  constructor(options: RecordOutputOptions) {
    this.#options = options;
    this.#prefix = recordPrefixes(options.stream);
  }

  /** Records written so far. */
  get total(): number {
    return this.#total;
  }

  /** Records since the last STATE, written or set aside. */
  get sinceState(): number {
    return this.#sinceState + this.#rejectedSinceState;
  }

  /** Validates and writes the records of a page; resolves when the reader has room for another. */
  async page(page: Page, { transform, see, keep }: Passage): Promise<void> {
    if (page.raw?.matched && !transform && !keep) return this.#matchedPage(page.raw, page.raw.matched, see);
    const { values, raw } = page;
    const { stream, check, unknownFields, writer, log } = this.#options;
    this.#running(values.length);
    const prefix = this.#prefix(Date.now());
    const prefixBytes = raw && Buffer.from(prefix);
    const source = raw?.hasLineBreaks ? onOneLine(raw.bytes) : raw?.bytes;
    try {
      for (let index = 0; index < values.length; index++) {
        const given = values[index];
        if (!isJsonObject(given)) {
          this.#refuse(given, notAnObject(given));
          continue;
        }
        const record = transform ? transform(given) : given;
        if (record === null) continue;
        unknownFields.see(record);
        const verdict = check(record);
        if (see && !see(record)) continue;
        if (keep && !keep(verdict.kind === 'repaired' ? verdict.record : record, verdict.kind !== 'invalid')) continue;
        if (verdict.kind === 'invalid') {
          this.#refuse(record, verdict.violations);
          continue;
        }
        if (raw && source && prefixBytes && !transform && verdict.kind === 'valid') {
          writer.lineOf(prefixBytes, source, raw.starts[index]!, raw.ends[index]!, SUFFIX_BYTES);
        } else {
          writer.line(lineOf(prefix, record, verdict));
        }
        this.#sinceState++;
        this.#total++;
        const wait = writer.ready();
        if (wait) await wait;
      }
    } finally {
      const names = unknownFields.take();
      if (names.length > 0) {
        log.info(`Stream "${stream.name}": the schema does not know ${names.join(', ')}. Passed through as they are.`);
      }
    }
  }

  /** The same for records that are known to be valid: their bytes are all that is needed of them. */
  async #matchedPage(raw: RawRecords, { field, starts, ends }: NotedField, see: Passage['see']): Promise<void> {
    const { writer } = this.#options;
    this.#running(raw.count);
    const prefix = Buffer.from(this.#prefix(Date.now()));
    const source = raw.hasLineBreaks ? onOneLine(raw.bytes) : raw.bytes;
    for (let index = 0; index < raw.count; index++) {
      if (see && field !== undefined) {
        const start = starts[index]!;
        if (!see(start < 0 ? {} : { [field]: parseValue(source, start, ends[index]!) })) continue;
      }
      writer.lineOf(prefix, source, raw.starts[index]!, raw.ends[index]!, SUFFIX_BYTES);
      this.#sinceState++;
      this.#total++;
      const wait = writer.ready();
      if (wait) await wait;
    }
  }

  /** Writes a record that no schema is asked about. */
  async asItIs(record: JsonObject): Promise<void> {
    const { writer } = this.#options;
    this.#running(1);
    writer.line(this.#prefix(Date.now()) + stringifyJson(record) + SUFFIX);
    this.#sinceState++;
    this.#total++;
    await writer.ready();
  }

  /** Resolves when everything has been handed to the pipe. */
  flush(): Promise<void> {
    return this.#options.writer.end();
  }

  /** The stream has its first record. */
  #running(records: number): void {
    const { stream, writer } = this.#options;
    if (!this.#isRunning && records > 0) writer.message(streamStatusMessage(stream, 'RUNNING'));
    this.#isRunning ||= records > 0;
  }

  /** Emits a STATE that covers all records written before it; not when it would only repeat the last one. */
  state(state: JsonObject): void {
    const text = stringifyJson(state);
    if (text === this.#lastState && this.sinceState === 0) return;
    const { stream, writer } = this.#options;
    const rejected = this.#rejectedSinceState > 0 ? { rejectedRecordCount: this.#rejectedSinceState } : {};
    writer.message(stateMessage(stream, state, { recordCount: this.#sinceState, ...rejected }));
    this.#lastState = text;
    this.#sinceState = 0;
    this.#rejectedSinceState = 0;
  }

  #refuse(record: unknown, violations: RecordInvalidError['violations']): void {
    const { stream, rejects } = this.#options;
    if (!rejects) throw new RecordInvalidError(stream.name, violations);
    rejects.add(stream.name, record, violations);
    this.#rejectedSinceState++;
  }
}

const lineOf = (prefix: string, record: JsonObject, verdict: Exclude<Verdict, { kind: 'invalid' }>): string =>
  verdict.kind === 'valid'
    ? prefix + stringifyJson(record) + SUFFIX
    : prefix + stringifyJson(verdict.record) + recordSuffix(verdict.changes);

const notAnObject = (value: unknown): RecordInvalidError['violations'] => [
  {
    pointer: '',
    message: `expected object, got ${value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value}`,
  },
];

const parseValue = (bytes: Uint8Array, start: number, end: number): unknown => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  // Once a record: of a text without escapes, such as a time, there is nothing to parse.
  return text.startsWith('"') && !text.includes('\\') ? text.slice(1, -1) : parseLossless(text);
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** The bytes with every line break turned into a space: in JSON one can only stand between values. */
const onOneLine = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte));
