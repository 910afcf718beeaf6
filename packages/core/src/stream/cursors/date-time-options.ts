import type { CalendarUnit } from './clamp.ts';
import type { InstantFormatName } from './instant.ts';
import type { AdaptiveOptions, RangeOptions } from './range-options.ts';

/**
 * How a stream is read by a time that grows with every change; see `dateTimeCursor`. Lengths are ISO 8601 durations,
 * such as `P30D`, `P1M` or `PT1H`; everything is in UTC.
 */
export interface DateTimeCursorOptions extends RangeOptions {
  /**
   * How the API takes times: windows and the state are written like this.
   *
   * @default 'iso'
   */
  readonly format?: InstantFormatName;
  /**
   * Other formats that records may have. `format` is tried first and `iso` last, in any case.
   *
   * @default none
   */
  readonly formats?: readonly InstantFormatName[];
  /**
   * The oldest time to read, in `format` or as `iso`.
   *
   * @default none: from the oldest record
   */
  readonly start?: string | number;
  /**
   * Where to end, in `format` or as `iso`; records of this time or a later one are not read. It counts once it is past.
   *
   * @default none: the time when the sync began
   */
  readonly end?: string | number;
  /**
   * The length of a window. Months are counted from the first window's start. Needs `start`.
   *
   * @default none: one window
   */
  readonly step?: string;
  /**
   * The smallest difference of two values, such as `PT1S`. With it a window's end belongs to the window: it is the start
   * of the next one less this.
   *
   * @default none: a window ends where the next one begins
   */
  readonly granularity?: string;
  /**
   * Read so much again before the place where the last sync ended.
   *
   * @default none
   */
  readonly lookback?: string;
  /**
   * Do not read the newest: for an API that shows changes late.
   *
   * @default none
   */
  readonly settleLag?: string;
  /**
   * Windows begin and end with whole units, and a unit that is not over is left for a later sync. Weeks begin on Monday.
   *
   * @default none
   */
  readonly clampTo?: CalendarUnit;
  /**
   * Let the windows' length follow the data. Needs `step`. The shortest, unless it says otherwise, is `granularity`, or
   * one second.
   *
   * @default none: each window is one step
   */
  readonly adaptive?: AdaptiveOptions<string>;
}
