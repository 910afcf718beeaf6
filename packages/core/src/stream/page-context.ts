import type { PageToken } from '../paginate/paginator.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Slice, SliceState, Window } from './stream.ts';

export type { PageToken };

/** What every hook of an `HttpStream` is given. */
export interface PageContext<C extends JsonObject = JsonObject> {
  readonly slice: Slice;
  /** For a child: the `extraFields` of its parent's record. */
  readonly parent?: Readonly<JsonObject> | undefined;
  /** What `nextPageToken` or `paginator` made of the page before; undefined for the first page of a slice. */
  readonly nextPageToken: PageToken | undefined;
  /** E.g. `{ updated_at: '2026-01-01T00:00:00Z' }`. */
  readonly state: SliceState;
  /** The part of the slice to ask for, where the stream's `cursor` cuts slices into windows. */
  readonly window?: Window | undefined;
  readonly config: C;
}
