import { isLosslessNumber } from 'lossless-json';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { watchOf, type FieldWatch, type Watch } from './watch.ts';

/** After so many names the stream's field names are data themselves, and no longer worth a note. */
const MOST_NAMES = 1000;

/** Notices the fields of a stream's records that its schema does not know. */
export class UnknownFields {
  readonly #watch: Watch | undefined;
  readonly #seen = new Set<string>();
  #fresh: string[] = [];

  constructor(schema: JsonObject) {
    this.#watch = watchOf(schema);
  }

  /** Looks at one record. Made for being called with every record. */
  see(record: JsonObject): void {
    if (this.#watch !== undefined && this.#seen.size < MOST_NAMES) this.#look(record, this.#watch);
  }

  /** The names not seen before the last call, with dots between the levels; items of an array count as one. */
  take(): string[] {
    const fresh = this.#fresh;
    if (fresh.length > 0) this.#fresh = [];
    return fresh;
  }

  #look(value: unknown, { fields, items }: Watch): void {
    if (isJsonObject(value)) {
      if (fields !== undefined) this.#lookAtFields(value, fields);
    } else if (items !== undefined && Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.#look(value[index], items);
    }
  }

  #lookAtFields(object: JsonObject, fields: FieldWatch): void {
    if (!fields.open) this.#compare(object, fields);
    const { nested } = fields;
    for (let index = 0; index < nested.length; index++) {
      const { name, watch } = nested[index]!;
      this.#look(object[name], watch);
    }
  }

  #compare(object: JsonObject, fields: FieldWatch): void {
    // Records of a stream mostly have the same fields in the same order: comparing with the last one is all it takes.
    const { order, known } = fields;
    let index = 0;
    let isSame = true;
    for (const name in object) {
      if (isSame && order[index++] === name) continue;
      isSame = false;
      if (known.has(name)) continue;
      if (isLosslessNumber(object)) return;
      known.add(name);
      this.#report(fields.prefix + name);
    }
    if (!isSame) fields.order = Object.keys(object);
  }

  #report(name: string): void {
    if (this.#seen.has(name) || this.#seen.size >= MOST_NAMES) return;
    this.#seen.add(name);
    this.#fresh.push(name);
  }
}
