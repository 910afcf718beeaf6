import type { Logger } from '../../output/logger.ts';
import type { AnsweredPage } from '../../paginate/paginator.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Page, Resumption } from '../page.ts';

/** A bound of a window in the form the API takes it: a text, or a number for epochs and counters. */
export type Bound = string | number;

/** The part of a slice that one read covers, such as a month; as hooks see it. */
export interface Window {
  /** Where it begins, inclusive; not there when it begins with the oldest record. */
  readonly start?: Bound;
  /** Where it ends; the cursor's options say whether a record at the end belongs to it. */
  readonly end?: Bound;
}

/** Where the last successful read of a slice ended: the value of its cursor field by name; empty at first. */
export type SliceState = Readonly<Record<string, string | number | bigint>>;

/**
 * How a stream knows what is new. A stream names one in its `cursor` field, such as `dateTimeCursor(…)`; a plain
 * `cursorField` is the simplest of them.
 */
export interface Cursor {
  /** The record's field that grows with every change, or the path to it; none for a token that comes with the page. */
  readonly field?: string | readonly string[];
  /** The position an answer of the API tells beside its records; undefined when it tells none. */
  positionIn?(page: AnsweredPage): Bound | undefined;
  /** Makes ready for one sync. */
  open(sync: CursorSync): Promise<OpenCursor> | OpenCursor;
}

export interface CursorSync {
  /** The stream's name, for messages. */
  readonly stream: string;
  readonly log: Logger;
  /** When the sync began, in milliseconds since 1970. */
  readonly now: number;
  /**
   * The newest window is to have no end, so that a record that changes during the sync is in it; set for a full refresh
   * that tells deletes.
   *
   * @default false: what is newer than the sync is left for the next one
   */
  readonly isEndOpen?: boolean;
}

/**
 * A cursor during a sync. Progress is a value that is never changed: all there is to know of how far one slice has been
 * read. Two of them merge into what both cover together, in any order and any number of times with the same result, so
 * that readings may end in any order, and on different machines.
 */
export interface OpenCursor<P = unknown> {
  /**
   * Reads what `toJson` wrote, or another kit in its way. `place` begins the message of an error.
   *
   * @returns undefined for a state that says nothing to this cursor
   * @throws StateError
   */
  parse(json: JsonObject, place: string): P | undefined;
  toJson(progress: P): JsonObject;
  merge(one: P, other: P): P;
  /** What is left to read of a slice, each to be read once; made one by one as there is room to read them. */
  readings(progress: P | undefined): Iterable<Reading<P>>;
  /**
   * Whether a full refresh reads what `readings` gives of an empty state, since the options say where to begin. Else it
   * reads each slice once, without a window.
   *
   * @default false
   */
  readonly isBounded?: boolean;
  /**
   * Whether a slice may be read in several windows.
   *
   * @default false
   */
  readonly isCut?: boolean;
  /** The progress of a slice whose readings have all ended well, where none of them can tell it alone. */
  readonly whole?: P;
  /** What makes one position for all slices possible, where there are too many to keep one for each. */
  readonly overall?: OverallCursor<P>;
}

export interface OverallCursor<P> {
  /** The one that reaches further. */
  furthest(one: P, other: P): P;
  /** So many seconds before it; undefined when it is no time. */
  earlier(progress: P, seconds: number): P | undefined;
}

/** One read of a slice: all of it, or one window of it. */
export interface Reading<P = unknown> {
  readonly state: SliceState;
  readonly window?: Window;
  readonly resumption?: Resumption;
  /** Sees a record about to be written; false leaves it out. A throw fails the slice. */
  see?(record: JsonObject): boolean;
  /** Sees a page whose records have all been written. */
  seePage?(page: Page): void;
  /** Whether no later page can hold anything new. */
  readonly isPast?: boolean;
  /** Whether it turns out to be more than the API gives at once; then `split` says how to read it. */
  readonly isTooLarge?: boolean;
  /** Smaller readings in its place, after it was too large or timed out; undefined when it cannot be cut. */
  split?(): readonly Reading<P>[] | undefined;
  /** What is certainly covered though more is to come; undefined when only the end tells. Asked after each page. */
  covered?(): P | undefined;
  /** What is covered, now that everything has been read. */
  finished(): P | undefined;
}
