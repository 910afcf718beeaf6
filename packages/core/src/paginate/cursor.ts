import { isLosslessNumber } from 'lossless-json';
import { ConnectorError } from '../errors.ts';
import { followPath, pageValue } from './page-value.ts';
import type { AnsweredPage, PageToken, Paginator } from './paginator.ts';
import { carrying, type SentIn } from './sent-in.ts';
import { stopCheck, type StopRules } from './stop-rules.ts';

interface CursorRequest extends StopRules, SentIn {
  /**
   * The parameter the cursor is sent in.
   *
   * @default 'cursor'
   */
  readonly param?: string;
  /**
   * Whether a page without records is the last one though it has a cursor. An API that filters after it has cut the
   * pages may give an empty page in the middle.
   *
   * @default false
   */
  readonly emptyPageEnds?: boolean;
}

export type CursorOptions = CursorRequest &
  (
    | {
        /**
         * Where a page has the cursor of the next one: a path into the body, such as `$.next_cursor`, or the name of a
         * header. No cursor, null, an empty text, false or the number 0 there means that the page is the last one.
         */
        readonly from: string;
        readonly lastRecord?: never;
      }
    | {
        /** The path of the cursor in the last record of a page, such as `$.id`. An empty page is the last one. */
        readonly lastRecord: string;
        readonly from?: never;
      }
  );

/**
 * Sends back the cursor that the page before gave.
 *
 * @example cursor({ from: '$.paging.next_cursor' })
 * @example cursor({ lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' })
 * @throws ConnectorError for a path that cannot be read
 */
export const cursor = (options: CursorOptions): Paginator => {
  const { param = 'cursor', emptyPageEnds = false } = options;
  const stop = stopCheck('cursor', options);
  const read = cursorReader(options);
  const place = options.from ?? `${options.lastRecord} of the last record`;

  return {
    request: (token) => (token === undefined ? {} : carrying('cursor', options.in, { [param]: token })),
    next(page) {
      const said = stop(page);
      if (said === 'end') return undefined;
      if (page.recordCount === 0 && (emptyPageEnds || options.from === undefined)) return undefined;
      const token = cursorOf(read(page), place, page);
      if (token === undefined && (said === 'more' || options.from === undefined)) {
        throw new ConnectorError(
          `cursor: there are more pages after ${page.url}, but no cursor stands at ${place}. Correct that path.`,
        );
      }
      return token;
    },
  };
};

const cursorReader = ({ from, lastRecord }: CursorOptions): ((page: AnsweredPage) => unknown) => {
  if (from !== undefined) return pageValue('cursor.from', from);
  const follow = followPath('cursor.lastRecord', lastRecord);
  return (page) => follow(page.lastRecord);
};

const cursorOf = (value: unknown, place: string, { url }: AnsweredPage): PageToken | undefined => {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint' || isLosslessNumber(value)) return value.toString();
  throw new ConnectorError(
    `cursor: at ${place} of ${url} stands ${Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`}. ` +
      `A cursor is a text or a number.`,
  );
};
