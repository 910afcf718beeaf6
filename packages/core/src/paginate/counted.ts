import { ConnectorError } from '../errors.ts';
import type { QueryParams } from '../http/url.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { AnsweredPage, Paginator } from './paginator.ts';
import { plainParams, positionOf, tokenOf, type Position } from './position.ts';
import { carrying, type SentIn } from './sent-in.ts';
import { pageCount, requireCount, stopCheck, type StopRules } from './stop-rules.ts';

/** What page numbers and offsets have in common: they can be counted on. */
export interface CountedOptions extends StopRules, SentIn {
  /**
   * Where a page says how many records there are in all: a path into the body, such as `$.meta.total`, or the name of a
   * header, such as `X-Total-Count` or `Content-Range`.
   *
   * @default none
   */
  readonly total?: string;
  /**
   * Whether a page with fewer records than were asked for is the last one, where neither `hasMore` nor a total says
   * otherwise. Give false when the API may leave records out of a page, or gives fewer a page than it is asked for.
   *
   * @default true
   */
  readonly shortPageEnds?: boolean;
  /**
   * How many records deep the API lets a list be read, counted from its beginning; a page that would reach deeper is not
   * asked for.
   *
   * @default no limit
   */
  readonly maxDepth?: number;
  /**
   * Begins anew at `maxDepth`: makes parameters of the last record that came, which are sent with all pages from then
   * on, and the count starts again. The list has to be in the order of what the parameters filter by. Without it, a list
   * deeper than `maxDepth` fails the slice.
   *
   * @example ({ updated_at }) => ({ since: String(updated_at) })
   */
  readonly resetBy?: (lastRecord: JsonObject) => QueryParams;
}

/** How one way of counting differs from the other. */
export interface Counting {
  /** The name of the paginator, for messages. */
  readonly owner: string;
  readonly first: number;
  /** Records asked for in a page; undefined when that is left to the API. */
  readonly size: number | undefined;
  readonly values: (at: number) => QueryParams;
  /** Where the page after the one at `at` begins, which had `count` records. */
  readonly after: (at: number, count: number) => number;
  /** How many records stand before the page at `at`. Only asked where there is a `size`. */
  readonly before: (at: number) => number;
  /** Whether a page is the last, by a total; undefined when none is known. */
  readonly endsAt?: (page: AnsweredPage, at: number) => boolean | undefined;
  /** Whether a page not yet read lies beyond the end, by what the last page read said. */
  readonly isBeyond?: (read: AnsweredPage, at: number) => boolean;
}

/** The paginator of a count. Whether there are more is said by the first of `hasMore`, a total, and a short page. */
export const counted = (
  { owner, first, size, values, after, before, endsAt, isBeyond }: Counting,
  options: CountedOptions,
): Paginator => {
  const { maxPages, maxDepth, resetBy, shortPageEnds = true } = options;
  const stop = stopCheck(owner, options);
  const total = options.total === undefined ? undefined : pageCount(`${owner}.total`, options.total);
  if (maxDepth !== undefined) requireCount(`${owner}.maxDepth`, maxDepth, size);

  const isLast = (page: AnsweredPage, at: number): boolean => {
    const said = stop(page);
    if (said === 'end' || page.recordCount === 0) return true;
    if (said === 'more') return false;
    const ends = endsAt?.(page, at);
    if (ends !== undefined) return ends;
    const all = total?.(page);
    if (all !== undefined && size !== undefined) return hasAll(page.recordCount, before(at), size, all);
    return shortPageEnds && size !== undefined && page.recordCount < size;
  };
  // A page shorter than asked for, or than the total leaves room for, makes counted pages uncertain: then only a sum
  // that is exactly right, or an empty page, is an end.
  const hasAll = (count: number, earlier: number, asked: number, all: number): boolean =>
    count >= asked ? earlier + count >= all : earlier + count === all;

  const isTooDeep = (at: number): boolean =>
    maxDepth !== undefined && size !== undefined && before(at) + size > maxDepth;

  const reset = (page: AnsweredPage): Position => {
    if (resetBy) return { at: first, params: plainParams(resetBy(page.lastRecord as JsonObject)) };
    throw new ConnectorError(
      `${owner}: after ${page.url} there are more records, but the next page would reach deeper than maxDepth, ` +
        `${maxDepth} records. Give resetBy, which begins anew after the last record, or read smaller slices.`,
    );
  };

  return {
    request(token) {
      const { at, params } = positionOf(owner, token, first);
      return carrying(owner, options.in, { ...params, ...values(at) });
    },
    next(page) {
      const { at, params } = positionOf(owner, page.nextPageToken, first);
      if (isLast(page, at)) return undefined;
      const then = after(at, page.recordCount);
      return tokenOf(isTooDeep(then) ? reset(page) : { at: then, ...(params && { params }) });
    },
    predict({ token, pageIndex, read }) {
      if (maxPages !== undefined && pageIndex >= maxPages) return undefined;
      const { at, params } = positionOf(owner, token, first);
      const then = after(at, size ?? 0);
      // After a reset the total is that of a shorter list, which the page read may not be of yet.
      const all = params === undefined && size !== undefined ? total?.(read) : undefined;
      if ((all !== undefined && before(then) >= all) || isBeyond?.(read, then) || isTooDeep(then)) return undefined;
      return tokenOf({ at: then, ...(params && { params }) });
    },
  };
};
