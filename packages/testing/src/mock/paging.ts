import type { CursorOptions, linkHeader, NextUrlOptions, OffsetOptions, PageNumberOptions } from '@headwater/core';

/**
 * The convention by which a list is served: the server's half of one of the kit's paginators, in the same words. What
 * `cursor({ from: '$.next_cursor' })` reads, `{ kind: 'cursor', from: '$.next_cursor' }` serves. Options that are for a
 * client only, such as `maxPages`, change nothing.
 */
export type Paging =
  /** The whole list in one answer. */
  | { readonly kind: 'none' }
  | ({ readonly kind: 'pageNumber' } & PageNumberOptions & PageSize)
  /** `limit` is the size of a page that is asked for without one. */
  | ({ readonly kind: 'offset' } & OffsetOptions & Pick<PageSize, 'maxPageSize'>)
  | ({ readonly kind: 'cursor' } & CursorOptions & PageSize)
  | ({ readonly kind: 'nextUrl' } & NextUrlOptions & Linked)
  | ({ readonly kind: 'linkHeader' } & NonNullable<Parameters<typeof linkHeader>[0]> & Linked);

interface PageSize {
  /**
   * Records in a page that is asked for without a size.
   *
   * @default 20
   */
  readonly pageSize?: number;
  /**
   * The parameter that asks for another size.
   *
   * @default none: every page has `pageSize`
   */
  readonly sizeParam?: string;
  /**
   * The largest page; whoever asks for more gets this, as with most APIs.
   *
   * @default no limit
   */
  readonly maxPageSize?: number;
}

interface Linked extends PageSize {
  /**
   * The parameter that the links have the number of the page in.
   *
   * @default 'page'
   */
  readonly param?: string;
  /**
   * What the links begin with, such as `https://api.example.com`.
   *
   * @default the host that the request was sent to
   */
  readonly origin?: string;
}

/** One kind of paging with its options. */
export type PagingOf<K extends Paging['kind']> = Extract<Paging, { readonly kind: K }>;
