import { counted, type CountedOptions } from './counted.ts';
import type { Paginator } from './paginator.ts';
import { requireCount } from './stop-rules.ts';

export interface OffsetOptions extends CountedOptions {
  /** @default 'offset' */
  readonly param?: string;
  /** Records to ask for in a page. */
  readonly limit: number;
  /**
   * The parameter `limit` is sent in.
   *
   * @default 'limit'
   */
  readonly limitParam?: string;
  /**
   * The offset of the first record.
   *
   * @default 0
   */
  readonly start?: number;
}

/**
 * Counts records: `?offset=0&limit=100`, `?offset=100&limit=100` and so on, until a page is empty, shorter than `limit`,
 * or the last by what the API says.
 *
 * Where a page that is not the last has another size than `limit`, the next one begins after the records that came. To
 * leave records out, use `transform`: records that `parseResponse` leaves out are not counted.
 *
 * @throws ConnectorError for a limit that is no count
 */
export const offset = (options: OffsetOptions): Paginator => {
  const { param = 'offset', limit, limitParam = 'limit', start = 0 } = options;
  requireCount('offset.limit', limit);
  requireCount('offset.start', start, 0);
  return counted(
    {
      owner: 'offset',
      first: start,
      size: limit,
      values: (at) => ({ [param]: at, [limitParam]: limit }),
      after: (at, count) => at + count,
      before: (at) => at - start,
      // What the API gave more or less of once, it will again: then no offset is certain before its page.
      isBeyond: (read) => read.recordCount !== limit,
    },
    options,
  );
};
