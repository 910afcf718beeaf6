import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts';
import type { Page, Resumption } from '../page.ts';
import type { OpenCursor, Reading, Window } from './cursor.ts';
import { COMPLETE, fullRefresh, laterPage, PAGE, pageIn } from './full-refresh.ts';

/** A page to go on at in the only window of a slice, with the bounds its token was made for. */
interface Place {
  readonly page: Resumption;
  readonly window: Window;
}

/** How much of a slice has been read: all of it, or what the cursor says, or all before a page. */
type Read<P> = 'all' | { readonly windows?: P | undefined; readonly place?: Place | undefined };

/**
 * The cursor of a full refresh of a stream that has one: where its options say where to begin, each slice is read in the
 * windows of a sync without a state.
 */
export const fullRefreshOf = (cursor: OpenCursor | undefined): OpenCursor =>
  cursor?.isBounded ? windowedRefresh(cursor) : fullRefresh;

const windowedRefresh = <P>(cursor: OpenCursor<P>): OpenCursor<Read<P>> => ({
  parse: (json, place) => {
    if (json[COMPLETE] === true) return 'all';
    const own = isJsonObject(json['headwater']) ? json['headwater'] : {};
    const { windows } = own;
    const read = {
      windows: isJsonObject(windows) ? cursor.parse(windows, `${place}, member "headwater.windows"`) : undefined,
      place: placeIn(json, own['window']),
    };
    return read.windows === undefined && read.place === undefined ? undefined : read;
  },
  toJson: (read): JsonObject => {
    if (read === 'all') return { [COMPLETE]: true };
    const { windows, place } = read;
    return {
      ...(place && { [PAGE]: place.page.token }),
      headwater: {
        version: 1,
        ...(place && { page: place.page.index, window: { ...place.window } }),
        ...(windows !== undefined && { windows: cursor.toJson(windows) }),
      },
    };
  },
  merge: (one, other) => {
    if (one === 'all' || other === 'all') return 'all';
    return {
      windows: merged(one.windows, other.windows, (a, b) => cursor.merge(a, b)),
      place: merged(one.place, other.place, later),
    };
  },
  *readings(read): Generator<Reading<Read<P>>> {
    if (read === 'all') return;
    for (const reading of cursor.readings(read?.windows)) {
      yield new WindowReading(reading, cursor.isCut === true, read?.place);
    }
  },
  ...(cursor.isCut !== undefined && { isCut: cursor.isCut }),
  whole: 'all',
});

class WindowReading<P> implements Reading<Read<P>> {
  /** A full refresh begins nowhere, even where it goes on. */
  readonly state = {};
  readonly window: Window;
  readonly resumption?: Resumption;
  readonly see?: (record: JsonObject) => boolean;
  readonly #reading: Reading<P>;
  readonly #isCut: boolean;
  #next: Resumption | undefined;

  constructor(reading: Reading<P>, isCut: boolean, place?: Place) {
    const { window = {} } = reading;
    this.#reading = reading;
    this.#isCut = isCut;
    if (reading.see) this.see = (record) => reading.see!(record);
    // A token leads on only in the list it came with. Another start is another list; a later end would be one too.
    const isSame = !isCut && place?.window.start === window.start;
    this.window = isSame && place ? place.window : window;
    if (isSame && place) this.resumption = place.page;
  }

  seePage(page: Page): void {
    this.#reading.seePage?.(page);
    this.#next = page.notes.resumption;
  }

  get isPast(): boolean {
    return this.#reading.isPast ?? false;
  }

  get isTooLarge(): boolean {
    return this.#reading.isTooLarge ?? false;
  }

  split(): readonly Reading<Read<P>>[] | undefined {
    return this.#reading.split?.()?.map((part) => new WindowReading(part, this.#isCut));
  }

  covered(): Read<P> | undefined {
    const windows = this.#reading.covered?.();
    if (windows !== undefined) return { windows };
    // Of several windows that are read at once, each would need a page of its own.
    return this.#next && !this.#isCut ? { place: { page: this.#next, window: this.window } } : undefined;
  }

  finished(): Read<P> | undefined {
    const windows = this.#reading.finished();
    return windows === undefined ? undefined : { windows };
  }
}

const merged = <T>(one: T | undefined, other: T | undefined, merge: (one: T, other: T) => T): T | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return merge(one, other);
};

const later = (one: Place, other: Place): Place => {
  const page = laterPage(one.page, other.page);
  const isEqual = one.page.index === other.page.index && one.page.token === other.page.token;
  if (!isEqual) return page === one.page ? one : other;
  return rank(one.window) >= rank(other.window) ? one : other;
};

const rank = ({ start, end }: Window): string => JSON.stringify([start, end]);

const placeIn = (json: JsonObject, window: JsonValue): Place | undefined => {
  const page = pageIn(json);
  if (!page || !isJsonObject(window)) return undefined;
  const { start, end } = window;
  if (!isBound(start) || !(end === undefined || isBound(end))) return undefined;
  return { page, window: { start, ...(end !== undefined && { end }) } };
};

const isBound = (value: JsonValue): value is string | number => typeof value === 'string' || typeof value === 'number';
