import { ConnectorError } from '../errors.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { pageValue } from './page-value.ts';
import type { AnsweredPage } from './paginator.ts';

/** When to stop, for every paginator. */
export interface StopRules {
  /**
   * Where a page says whether there are more: a path into the body, such as `$.has_more`, or the name of a header.
   * False, 0, null, an empty text and the texts "false" and "0" mean no; a page without it does not say.
   *
   * @default none
   */
  readonly hasMore?: string;
  /**
   * How many pages of a slice are read at most.
   *
   * @default no limit
   */
  readonly maxPages?: number;
}

export interface StopCheck {
  /** Whether the page was the last one allowed, or says there are more or not; undefined when it does not say. */
  (page: AnsweredPage): 'more' | 'end' | undefined;
}

/** The two rules as one question about a page. */
export const stopCheck = (owner: string, { hasMore, maxPages }: StopRules): StopCheck => {
  if (maxPages !== undefined) requireCount(`${owner}.maxPages`, maxPages);
  const more = hasMore === undefined ? undefined : pageValue(`${owner}.hasMore`, hasMore);
  return (page) => {
    if (maxPages !== undefined && page.pageIndex + 1 >= maxPages) return 'end';
    const value = more?.(page);
    if (value === undefined) return undefined;
    return NO_MORE.has(typeof value === 'string' ? value.toLowerCase() : value) ? 'end' : 'more';
  };
};

const NO_MORE: ReadonlySet<unknown> = new Set([false, 0, null, '', 'false', '0']);

/** Reads a number of a page, such as how many records there are in all; undefined where the page does not say. */
export const pageCount = (option: string, place: string): ((page: AnsweredPage) => number | undefined) => {
  const read = pageValue(option, place);
  return (page) => {
    const value = read(page);
    if (value === undefined || value === null) return undefined;
    // `Content-Range: items 0-99/1234` tells the total after a slash, and `*` there when it is unknown.
    const text = (typeof value === 'string' ? value : stringifyJson(value)).replace(/^.*\//, '').trim();
    if (text === '*') return undefined;
    const count = Number(text);
    if (text !== '' && Number.isFinite(count)) return count;
    throw new ConnectorError(
      `${option}: at ${place} stands ${JSON.stringify(text)}, which is no number. It came from ${page.url}.`,
    );
  };
};

/** @throws ConnectorError unless the value is a whole number of at least `least` */
export const requireCount = (option: string, value: number, least = 1): void => {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConnectorError(`${option}: ${value} is not a whole number of at least ${least}.`);
};
