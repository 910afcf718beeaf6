import type { Buffer } from 'node:buffer';
import type { JsonObject } from '../protocol/json.ts';
import { skipValue } from './json-bytes.ts';
import { learnLayout } from './record-layout.ts';
import { recordPattern, type Layout } from './record-pattern.ts';
import { compileShape, type Field } from './shape.ts';

/** Characters, of the pattern that allows for blanks; the engine does not optimise much longer ones. */
const LONGEST_PATTERN = 30_000;

/** Records in ever new orders are not worth a pattern each. */
const MOST_LESSONS = 20;

/**
 * Bytes of a page that are looked at as text at a time. Text takes fresh memory, and what of it is in use when the
 * engine collects makes its heap grow.
 */
const SMALLEST_WINDOW = 4 * 1024;
const RECORDS_IN_WINDOW = 8;
/** Bytes; a longer one does not match. */
const LONGEST_RECORD = 256 * 1024;

/**
 * Checks records without making objects of them: many times as fast as parsing and validating. The engine compiles the
 * pattern to machine code, so this is also faster than any loop over the bytes.
 *
 * Undefined when the schema says more than a pattern can: types, properties, required, items, enum of strings, and the
 * formats date and date-time.
 *
 * @param noted the field whose place is noted at each match: a stream's cursor
 */
export const compileRecordMatcher = (schema: JsonObject, noted?: string): RecordMatcher | undefined => {
  const fields = compileShape(schema)?.fields;
  if (fields === undefined) return undefined;
  return recordPattern({ fields, isSpaced: true }, noted).length > LONGEST_PATTERN
    ? undefined
    : new RecordMatcher(fields, noted);
};

/** What the records of one stream look like. It learns from the records that do not fit: the order of fields, blanks. */
export class RecordMatcher {
  readonly noted: string | undefined;
  #layout: Layout;
  #pattern: RegExp;
  #lessons = 0;
  #window = SMALLEST_WINDOW;

  constructor(fields: readonly Field[], noted: string | undefined) {
    this.noted = noted;
    this.#layout = { fields, isSpaced: false };
    this.#pattern = this.#compile();
  }

  /** @param bytes a page in valid UTF-8 */
  on(bytes: Buffer): PageMatcher {
    return new PageMatcher(this, bytes);
  }

  /** Looks at its `lastIndex` and nowhere else. */
  get pattern(): RegExp {
    return this.#pattern;
  }

  /** How many bytes of a page to look at, at a time. */
  get window(): number {
    return this.#window;
  }

  /** Whether the window has become so large that a record of so many bytes stands in it. */
  makeRoom(bytes: number): boolean {
    if (bytes <= this.#window || bytes > LONGEST_RECORD) return false;
    this.#window = bytes * RECORDS_IN_WINDOW;
    return true;
  }

  /** Whether the pattern is another one now. */
  learn(record: string): boolean {
    const layout = this.#lessons < MOST_LESSONS ? learnLayout(this.#layout, record) : this.#layout;
    if (layout === this.#layout) return false;
    this.#lessons++;
    this.#layout = layout;
    this.#pattern = this.#compile();
    return true;
  }

  #compile(): RegExp {
    return new RegExp(recordPattern(this.#layout, this.noted), 'y');
  }
}

/** A check of the records of one page in their bytes. */
export class PageMatcher {
  /** Where the value of the noted field started in the record matched last; -1 if the record has none. */
  notedStart = -1;
  /** Where it ended. */
  notedEnd = -1;
  readonly #records: RecordMatcher;
  readonly #bytes: Buffer;
  /** The bytes from `#from` on, a character for each. */
  #text = '';
  #from = -1;

  constructor(records: RecordMatcher, bytes: Buffer) {
    this.#records = records;
    this.#bytes = bytes;
  }

  /**
   * The place after the record that starts at `start`, if the bytes are for certain well-formed JSON, valid by the
   * schema, and have no field the schema does not know; else -1, which says nothing.
   */
  match(start: number): number {
    const end = start < this.#from + this.#text.length ? this.#find(start) : -1;
    if (end >= 0) return end;
    // The end of the text may have cut it off, but not where it is the first in it.
    return start === this.#from ? this.#learn(start) : this.#findAnew(start);
  }

  #findAnew(start: number): number {
    const bytes = this.#bytes;
    this.#from = start;
    this.#text = bytes.toString('latin1', start, Math.min(bytes.length, start + this.#records.window));
    const end = this.#find(start);
    return end >= 0 ? end : this.#learn(start);
  }

  #learn(start: number): number {
    const bytes = this.#bytes;
    const end = skipValue(bytes, start);
    if (this.#records.makeRoom(end - start)) return this.#findAnew(start);
    return this.#records.learn(bytes.toString('utf8', start, end)) ? this.#find(start) : -1;
  }

  #find(start: number): number {
    const { pattern, noted } = this.#records;
    pattern.lastIndex = start - this.#from;
    if (noted === undefined) return pattern.test(this.#text) ? this.#from + pattern.lastIndex : -1;
    const found = pattern.exec(this.#text);
    if (found === null) return -1;
    const [, before = '', key, value] = found;
    this.notedStart = key === undefined ? -1 : start + before.length + key.length;
    this.notedEnd = value === undefined ? -1 : this.notedStart + value.length;
    return this.#from + pattern.lastIndex;
  }
}
