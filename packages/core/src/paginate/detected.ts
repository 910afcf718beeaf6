import type { HttpHeaders } from '../http/types.ts';
import type { JsonObject } from '../protocol/json.ts';

/** A paginator that would fit an API, by the look of its first page. */
export interface DetectedPaginator {
  /** The name of the paginator. */
  readonly kind: 'linkHeader' | 'nextUrl' | 'cursor' | 'pageNumber' | 'offset';
  /** The options of that paginator. */
  readonly options: JsonObject;
  /** The TypeScript expression that makes it, e.g. `nextUrl({ from: '$.links.next' })`. */
  readonly code: string;
  /** What in the answer says so, and what to check, in plain text. */
  readonly because: string;
}

/** The first page of an API. */
export interface FirstResponse {
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  /** The URL it was asked for with: its query tells the names of parameters. */
  readonly url: string;
  /** The decoded body. */
  readonly body: unknown;
}

/** The same before its code is written. */
export type Clue = Omit<DetectedPaginator, 'code'>;
