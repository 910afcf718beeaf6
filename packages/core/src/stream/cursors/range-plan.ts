import type { Logger } from '../../output/logger.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Bound } from './cursor.ts';

/** What happens to a record that has no value in the cursor field, or one that cannot be read. */
export type MissingRule = 'emit' | 'drop' | 'fail';

/**
 * A cursor whose values are points on a line, be they times or counts, ready for one sync. All values are bigints in
 * the cursor's own unit.
 */
export interface RangePlan {
  /** The stream's name, for messages. */
  readonly stream: string;
  readonly log: Logger;
  /** The field as the state names it. */
  readonly key: string;
  /** Where the field stands in a record. */
  readonly path: readonly string[];

  /** A value of a record or a state; undefined when it is none. */
  readonly parse: (value: JsonValue) => bigint | undefined;
  /** How bounds and the state are written. */
  readonly format: (at: bigint) => Bound;
  /** How the inner bounds of the state are written: without loss. */
  readonly formatExactly: (at: bigint) => Bound;
  /** What `parse` reads, for messages: `a time such as 2026-01-31T08:30:00Z`. */
  readonly expected: string;
  /**
   * Whether a value of a record comes after another, as they stand and thus faster; undefined where that cannot be told
   * or the value may be none.
   */
  readonly isAfter?: (value: JsonValue, top: JsonValue) => boolean | undefined;

  /** Where the range begins, a place where a window may begin; null for the oldest record. */
  readonly start: bigint | null;
  /** Where the range ends; null when only the API knows. */
  readonly end: bigint | null;
  /** Whether all that will ever be before `end` is there to be read. Else only records tell how far a read came. */
  readonly isSettled: boolean;
  /** Whether the API is asked for what comes after `end` too. */
  readonly isEndOpen?: boolean;
  /** The last place where a window may begin that is not after `at`. */
  readonly floor: (at: bigint) => bigint;
  /** So much is read again before the place where the last sync ended. */
  readonly lookBack: (at: bigint) => bigint;
  /** So many steps after `from`; without it there is one window. */
  readonly step?: (from: bigint, times: number) => bigint;
  /** How the end of a window is written; whether a value at the end belongs to it is the options' choice. */
  readonly windowEnd: (start: bigint | null, end: bigint, isSettled: boolean) => Bound;
  /** How many units a second has; none for what is no time. */
  readonly second?: bigint;
  /** The smallest distance of two values, added to inclusive ends that other kits wrote. */
  readonly granularity?: bigint;

  readonly missing: MissingRule;
  readonly clientSide: boolean;
  readonly dataFeed: boolean;
  readonly ascending: boolean;
  readonly adaptive?: AdaptivePlan;
}

export interface AdaptivePlan {
  readonly maxRecords: number;
  /** No window becomes shorter by being cut. */
  readonly minStep: bigint;
  /** The end of the longest window that begins at `from`; none when it may be the whole rest. */
  readonly maxEnd?: (from: bigint) => bigint;
}

/** A window to be read. */
export interface RangeWindow {
  /** Inclusive; null for the oldest record. */
  readonly start: bigint | null;
  /** Exclusive; null for the newest record. */
  readonly end: bigint | null;
  /** Where what it covers begins: null where nothing before it is left to read. */
  readonly from: bigint | null;
  /** Whether nothing will be added to it later. */
  readonly isSettled: boolean;
  /** How many steps it was cut to; 0 for one that was cut out of another. */
  readonly steps: number;
}
