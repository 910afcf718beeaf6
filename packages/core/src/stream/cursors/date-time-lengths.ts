import { NANOS_PER_DAY } from './clamp.ts';
import type { DateTimeCursorOptions } from './date-time-options.ts';
import { isZero, loadCalendar, type Calendar, type Duration } from './duration.ts';
import { floorTo, NANOS_PER_SECOND, type Instant } from './iso.ts';
import { wrong } from './range-options.ts';
import type { AdaptivePlan } from './range-plan.ts';

/** The durations among the options, as functions of time. */
export interface Lengths {
  /** The end of so many steps after `from`. */
  readonly step?: (from: Instant, times: number) => Instant;
  /** In nanoseconds; a month as its shortest. */
  readonly granularity?: bigint;
  /** One granularity earlier. */
  readonly before: (end: Instant) => Instant;
  /** The last multiple of the granularity that is not after `at`; `at` itself when it varies with the month. */
  readonly granule: (at: Instant) => Instant;
  readonly lookBack: (at: Instant) => Instant;
  readonly settle: (now: Instant) => Instant;
  readonly adaptive?: AdaptivePlan;
}

const unchanged = (at: Instant): Instant => at;

/** @throws ConnectorError for an option that is no duration, and for lengths that do not fit together */
export const loadLengths = async (kind: string, options: DateTimeCursorOptions): Promise<Lengths> => {
  const { step, granularity, lookback, settleLag } = options;
  if ([step, granularity, lookback, settleLag].every((text) => text === undefined)) {
    return { before: unchanged, granule: unchanged, lookBack: unchanged, settle: unchanged };
  }
  const calendar = await loadCalendar();
  const read = (option: string, text: string | undefined): Duration | undefined =>
    text === undefined ? undefined : calendar.parse(text, `${kind}.${option}`);
  const positive = (option: string, text: string | undefined): Duration | undefined => {
    const duration = read(option, text);
    if (duration && isZero(duration)) throw wrong(kind, option, text, 'It has to be longer than nothing.');
    return duration;
  };
  const earlier = (duration: Duration | undefined): ((at: Instant) => Instant) =>
    duration ? (at) => calendar.add(at, duration, -1) : unchanged;

  const window = positive('step', step);
  const smallest = positive('granularity', granularity);
  if (window && smallest && shortest(smallest) >= shortest(window)) {
    throw wrong(kind, 'granularity', granularity, `It has to be shorter than the step, ${JSON.stringify(step)}.`);
  }
  return {
    ...(window && { step: (from, times) => calendar.add(from, window, times) }),
    ...(smallest && { granularity: shortest(smallest) }),
    before: earlier(smallest),
    granule: smallest?.months === 0 ? (at) => floorTo(at, smallest.nanos) : unchanged,
    lookBack: earlier(read('lookback', lookback)),
    settle: earlier(read('settleLag', settleLag)),
    ...(window &&
      options.adaptive && { adaptive: adaptivePlan(kind, options.adaptive, { window, smallest, calendar, positive }) }),
  };
};

interface Known {
  readonly window: Duration;
  readonly smallest: Duration | undefined;
  readonly calendar: Calendar;
  readonly positive: (option: string, text: string | undefined) => Duration | undefined;
}

const adaptivePlan = (
  kind: string,
  { maxRecords, minStep, maxStep }: NonNullable<DateTimeCursorOptions['adaptive']>,
  { window, smallest, calendar, positive }: Known,
): AdaptivePlan => {
  const asked = positive('adaptive.minStep', minStep);
  const [least, granularity] = [asked && shortest(asked), smallest && shortest(smallest)];
  const most = positive('adaptive.maxStep', maxStep);
  if (most && shortest(most) < shortest(window)) {
    throw wrong(kind, 'adaptive.maxStep', maxStep, 'It has to be at least as long as the step.');
  }
  return {
    maxRecords,
    minStep: least !== undefined && least > (granularity ?? 0n) ? least : (granularity ?? NANOS_PER_SECOND),
    ...(most && { maxEnd: (from: Instant) => calendar.add(from, most, 1) }),
  };
};

/** In nanoseconds, with the shortest month there is. */
const shortest = ({ months, nanos }: Duration): bigint => BigInt(months) * 28n * NANOS_PER_DAY + nanos;
