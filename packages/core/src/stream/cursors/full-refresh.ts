import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import type { Page, Resumption } from '../page.ts';
import type { OpenCursor, Reading } from './cursor.ts';

/** How much of a slice a full refresh has read: all of it, or all before a page. */
type Read = 'all' | Resumption;

/** The reference's marker for a slice, or a whole stream, of which nothing is left to read. */
export const COMPLETE = '__ab_full_refresh_sync_complete';
export const PAGE = 'next_page_token';

/**
 * The cursor of a full refresh: it knows which slices have been read, and at which page to go on in those that were left
 * in their middle. It is worth something only until the stream is complete: then everything is read again.
 */
export const fullRefresh: OpenCursor<Read> = {
  parse: (json) => {
    if (json[COMPLETE] === true) return 'all';
    return pageIn(json);
  },
  toJson: (read): JsonObject =>
    read === 'all' ? { [COMPLETE]: true } : { [PAGE]: read.token, headwater: { version: 1, page: read.index } },
  merge: (one, other) => {
    if (one === 'all' || other === 'all') return 'all';
    return laterPage(one, other);
  },
  readings: (read) => (read === 'all' ? [] : [new FullReading(read)]),
};

/** The page to go on at that a state names. */
export const pageIn = (json: JsonObject): Resumption | undefined => {
  const token = json[PAGE];
  if (typeof token !== 'string' && typeof token !== 'number') return undefined;
  const own = json['headwater'];
  const index = isJsonObject(own) ? own['page'] : undefined;
  return { token, index: typeof index === 'number' ? index : 1 };
};

export const laterPage = (one: Resumption, other: Resumption): Resumption => {
  if (one.index !== other.index) return one.index > other.index ? one : other;
  return rank(one) >= rank(other) ? one : other;
};

/** Of two tokens for the same page one has to win, in whatever order they come. */
const rank = ({ token }: Resumption): string => `${typeof token}:${token}`;

class FullReading implements Reading<Read> {
  readonly state = {};
  readonly resumption?: Resumption;
  #next: Resumption | undefined;

  constructor(from: Resumption | undefined) {
    if (from) this.resumption = from;
  }

  seePage(page: Page): void {
    this.#next = page.notes.resumption;
  }

  covered(): Read | undefined {
    return this.#next;
  }

  finished(): Read {
    return 'all';
  }
}
