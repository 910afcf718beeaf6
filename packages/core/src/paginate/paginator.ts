import type { HttpHeaders } from '../http/types.ts';
import type { QueryParams } from '../http/url.ts';
import type { JsonObject } from '../protocol/json.ts';

/** What leads to a page: a page number, an offset, a cursor, a URL. Put several parts into one string. */
export type PageToken = string | number;

/** What is special about the request for one page: it is laid over what the stream's own hooks say. */
export interface PageRequest {
  /** The whole URL: `path` and `requestParams` are not asked. It has to have the origin of `urlBase`. */
  readonly url?: string;
  /** Each replaces the parameter of that name in `requestParams`. */
  readonly params?: QueryParams;
  readonly headers?: HttpHeaders;
  /** Merged into `requestBody`, objects within objects too. */
  readonly body?: JsonObject;
}

/** What a page was, as a paginator sees it. What `nextPageToken` is given fits as well. */
export interface AnsweredPage {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** The decoded body. Looking at it beside the records costs next to nothing; looking at the records parses them. */
  readonly body: unknown;
  /** What the page was asked for with; undefined for the first page of a slice. */
  readonly nextPageToken: PageToken | undefined;
  /** Which page of the slice it is, from 0. */
  readonly pageIndex: number;
  /** How many records were taken out of the page. */
  readonly recordCount: number;
  /** The last of them; undefined on an empty page. Looking at it parses the records of the page. */
  readonly lastRecord: unknown;
  /** Leaves a warning in the log; the request, the stream and the slice are named before it. */
  readonly warn?: (message: string) => void;
}

/** A page not yet asked for, while others before it are still under way. */
export interface PageAhead {
  /** The token of the page before it. */
  readonly token: PageToken | undefined;
  /** Which page of the slice it would be, from 0. */
  readonly pageIndex: number;
  /** The last page that has been read in order: what it says of the total tells where to stop. */
  readonly read: AnsweredPage;
}

/**
 * A convention by which an API gives page after page. A stream names one in its `paginator` field.
 *
 * It keeps nothing between calls: all that leads to a page is in its token. So one paginator serves all slices at once,
 * and can be used by hand: `next(response)` in `nextPageToken`, `request(nextPageToken)` in the hooks of the request.
 */
export interface Paginator {
  /** What to ask for a page with; the token is undefined for the first page of a slice. */
  request(token: PageToken | undefined): PageRequest;
  /** The token of the page after this one; undefined after the last page. */
  next(page: AnsweredPage): PageToken | undefined;
  /**
   * The token of a page before the one ahead of it is read; undefined when it is not certain or beyond the end. Only
   * where tokens can be counted: it is what makes `parallelPages` possible.
   */
  predict?(ahead: PageAhead): PageToken | undefined;
}
