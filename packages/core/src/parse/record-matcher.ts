import type { Buffer } from 'node:buffer';
import type { JsonObject } from '../protocol/json.ts';
import { skipValue } from './json-bytes.ts';
import { compileRecordCode, recordCodeLength, type Layout, type MatchRecord, type Noted } from './record-code.ts';
import { learnLayout } from './record-layout.ts';
import { compileShape, type Field } from './shape.ts';

/** Characters, some hundred fields; the engine does not optimise a function that is much longer. */
const LONGEST_CODE = 90_000;

/** Records in ever new orders are not worth a function each. */
const MOST_LESSONS = 20;

/** Bytes; a longer record that does not match teaches nothing. */
const LONGEST_LESSON = 256 * 1024;

/**
 * What checks records in their bytes, without making objects of them: many times as fast as parsing and validating.
 *
 * Undefined when the schema says more than is checked so: types, properties, required, items, enum of strings, and the
 * formats date and date-time.
 *
 * @param noted the field whose place is noted at each match: a stream's cursor
 */
export const compileRecordMatcher = (schema: JsonObject, noted?: string): RecordMatcher | undefined => {
  const fields = compileShape(schema)?.fields;
  if (fields === undefined || recordCodeLength({ fields, isSpaced: true }) > LONGEST_CODE) return undefined;
  return new RecordMatcher(fields, noted);
};

/**
 * Checks the records of one stream. They are expected to look alike; from those that do not match it learns in which
 * order their fields stand, and whether there are blanks between tokens.
 */
export class RecordMatcher {
  /** The field whose place is noted. */
  readonly noted: string | undefined;
  /** Where its value stood in the record matched last. */
  readonly place: Noted = { start: -1, end: -1 };
  #layout: Layout;
  #code: MatchRecord;
  #lessons = 0;

  constructor(fields: readonly Field[], noted: string | undefined) {
    this.noted = noted;
    this.#layout = { fields, isSpaced: false };
    this.#code = compileRecordCode(this.#layout, noted);
  }

  /**
   * The place after the record that starts at `start`, if the bytes are for certain well-formed JSON, valid by the
   * schema, and have no field the schema does not know; else -1, which says nothing.
   *
   * @param bytes valid UTF-8
   */
  match(bytes: Buffer, start: number): number {
    const end = this.#code(bytes, start, this.place);
    return end < 0 && this.#learn(bytes, start) ? this.#code(bytes, start, this.place) : end;
  }

  /** Whether there is other code now. */
  #learn(bytes: Buffer, start: number): boolean {
    if (this.#lessons === MOST_LESSONS) return false;
    const end = skipValue(bytes, start);
    if (end - start > LONGEST_LESSON) return false;
    const layout = learnLayout(this.#layout, bytes.toString('utf8', start, end));
    if (layout === this.#layout) return false;
    this.#lessons++;
    this.#layout = layout;
    this.#code = compileRecordCode(layout, this.noted);
    return true;
  }
}
