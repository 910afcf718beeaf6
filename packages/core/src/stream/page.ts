import type { JsonObject } from '../protocol/json.ts';
import type { RawRecords } from '../parse/json-page.ts';

/** Records that arrived together. They travel through the kit as one piece: a step per page, not a step per record. */
export class Page<R extends JsonObject = JsonObject> {
  readonly values: readonly R[];
  /** The bytes the API sent for each value; there only when the kit itself took the records from the page. */
  readonly raw: RawRecords | undefined;

  constructor(values: readonly R[], raw?: RawRecords) {
    this.values = values;
    this.raw = raw;
  }
}
