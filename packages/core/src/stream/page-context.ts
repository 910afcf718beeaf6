import type { JsonObject } from '../protocol/json.ts';
import type { Slice, SliceState } from './stream.ts';

/** What leads to the next page: a page number, an offset, a cursor, a URL. Put several parts into one string. */
export type PageToken = string | number;

/** What every hook of an `HttpStream` is given. */
export interface PageContext<C extends JsonObject = JsonObject> {
  readonly slice: Slice;
  /** What `nextPageToken` returned for the page before; undefined for the first page of a slice. */
  readonly nextPageToken: PageToken | undefined;
  /** E.g. `{ updated_at: '2026-01-01T00:00:00Z' }`. */
  readonly state: SliceState;
  readonly config: C;
}
