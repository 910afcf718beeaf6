import type { JsonObject } from '../protocol/json.ts';
import type { PageToken } from '../paginate/paginator.ts';
import type { RawRecords } from '../parse/json-page.ts';

/** Where to go on within a slice that was left in its middle: the page to ask for first. */
export interface Resumption {
  readonly token: PageToken;
  /** Which page of the slice it is, from 0. */
  readonly index: number;
}

/** What a page tells beside its records. */
export interface PageNotes {
  /** The page after it, where a later sync may begin with that one. */
  readonly resumption?: Resumption | undefined;
  /** How many records the API says the slice has in all. */
  readonly total?: number | undefined;
  /** How far the API says this page reaches, for a `tokenCursor`. */
  readonly position?: string | number | undefined;
}

interface PageRecords<R> {
  /** May be parsed only when looked at. */
  readonly values: readonly R[];
  readonly raw?: RawRecords | undefined;
}

/** Records that arrived together. They travel through the kit as one piece: a step per page, not a step per record. */
export class Page<R extends JsonObject = JsonObject> {
  readonly #records: PageRecords<R>;
  /** The bytes the API sent for each value; there only when the kit itself took the records from the page. */
  readonly raw: RawRecords | undefined;
  readonly notes: PageNotes;

  /** @param records the records, or what a page gave: records with their bytes */
  constructor(records: readonly R[] | PageRecords<R>, notes: PageNotes = {}) {
    this.#records = isList(records) ? { values: records } : records;
    this.raw = this.#records.raw;
    this.notes = notes;
  }

  /** The same records with something more to tell beside them. */
  with(notes: PageNotes): Page<R> {
    return new Page(this.#records, { ...this.notes, ...notes });
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
