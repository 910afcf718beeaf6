import type { JsonObject } from '../protocol/json.ts';
import type { RawRecords } from '../parse/json-page.ts';

/** Records that arrived together. They travel through the kit as one piece: a step per page, not a step per record. */
export class Page<R extends JsonObject = JsonObject> {
  readonly #records: { readonly values: readonly R[] };
  /** The bytes the API sent for each value; there only when the kit itself took the records from the page. */
  readonly raw: RawRecords | undefined;

  /** @param records the records, or what a page gave: records with their bytes */
  constructor(records: readonly R[] | { readonly values: readonly R[]; readonly raw?: RawRecords }) {
    this.#records = isList(records) ? { values: records } : records;
    this.raw = isList(records) ? undefined : records.raw;
  }

  /** How many records there are; asking parses nothing. */
  get count(): number {
    return this.raw?.count ?? this.#records.values.length;
  }

  /** Parsed when first looked at, if the kit took the records from the page and had no need to. */
  get values(): readonly R[] {
    return this.#records.values;
  }
}

const isList = <R>(records: readonly R[] | object): records is readonly R[] => Array.isArray(records);
