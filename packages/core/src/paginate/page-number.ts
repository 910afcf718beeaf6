import { ConnectorError } from '../errors.ts';
import { counted, type CountedOptions } from './counted.ts';
import type { Paginator } from './paginator.ts';
import { pageCount, requireCount } from './stop-rules.ts';

export interface PageNumberOptions extends CountedOptions {
  /** @default 'page' */
  readonly param?: string;
  /**
   * The number of the first page.
   *
   * @default 1
   */
  readonly start?: number;
  /**
   * Records in a full page. `total`, `maxDepth` and the rule of the short page need it.
   *
   * @default unknown: the pages end with an empty one, or as `hasMore` or `totalPages` say
   */
  readonly pageSize?: number;
  /**
   * The parameter `pageSize` is sent in.
   *
   * @default none: the API has that size anyway, or `requestParams` asks for it
   */
  readonly sizeParam?: string;
  /**
   * Where a page says how many pages there are: a path into the body, such as `$.total_pages`, or the name of a header.
   *
   * @default none
   */
  readonly totalPages?: string;
}

/**
 * Counts pages: `?page=1`, `?page=2` and so on, until a page is empty, shorter than `pageSize`, or the last by what
 * the API says.
 *
 * @throws ConnectorError for options that do not fit together
 */
export const pageNumber = (options: PageNumberOptions = {}): Paginator => {
  const { param = 'page', start = 1, pageSize, sizeParam, totalPages } = options;
  requireCount('pageNumber.start', start, 0);
  if (pageSize !== undefined) requireCount('pageNumber.pageSize', pageSize);
  for (const name of ['sizeParam', 'total', 'maxDepth'] as const) {
    if (options[name] === undefined || pageSize !== undefined) continue;
    throw new ConnectorError(`pageNumber.${name} is of no use without pageSize. Give the size of a full page too.`);
  }
  const pages = totalPages === undefined ? undefined : pageCount('pageNumber.totalPages', totalPages);

  return counted(
    {
      owner: 'pageNumber',
      first: start,
      size: pageSize,
      values: (at) => ({ [param]: at, ...(sizeParam !== undefined && { [sizeParam]: pageSize }) }),
      after: (at) => at + 1,
      before: (at) => (at - start) * (pageSize ?? 0),
      endsAt(page, at) {
        const count = pages?.(page);
        return count === undefined ? undefined : at - start + 1 >= count;
      },
      isBeyond: (read, at) => at - start >= (pages?.(read) ?? Infinity),
    },
    options,
  );
};
