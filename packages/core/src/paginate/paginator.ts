import type { WireResponse } from '../http/types.ts';

/**
 * Finds the next page from the page just read. A stream names one in its `paginator` field instead of writing
 * `nextPageToken`.
 */
export interface Paginator {
  /** The URL of the next page, absolute or relative to the page's own; undefined after the last page. */
  nextUrl(response: Pick<WireResponse, 'headers' | 'url'>): string | undefined;
}
