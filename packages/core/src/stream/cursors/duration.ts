import type { Temporal as TemporalApi } from 'temporal-polyfill';
import { ConnectorError } from '../../errors.ts';
import type { Instant } from './iso.ts';

/** A length of time on the calendar. In UTC a day is always 24 hours, so that only months vary. */
export interface Duration {
  readonly months: number;
  readonly nanos: bigint;
}

/** The calendar in UTC, once its library is loaded. */
export interface Calendar {
  /**
   * Reads an ISO 8601 duration such as `P30D`, `P1M`, `PT1H` or `P1Y2M`.
   *
   * @param place begins the message of an error, such as `dateTimeCursor.step`
   * @throws ConnectorError when it is none or negative
   */
  parse(text: string, place: string): Duration;
  /**
   * So many times the duration later; earlier with a negative number. A day that the month does not have is its last:
   * to step from 31 January gives 28 February and then 31 March, when each step begins at the same `from`.
   */
  add(from: Instant, duration: Duration, times: number): Instant;
}

/** Loads the calendar. It takes its time, so that only a cursor that is opened and has a duration should ask for it. */
export const loadCalendar = async (): Promise<Calendar> => {
  const { Temporal } = await import('temporal-polyfill');
  return {
    parse: (text, place) => toDuration(parsed(Temporal, text, place)),
    add(from, { months, nanos }, times) {
      const later = from + nanos * BigInt(times);
      if (months === 0) return later;
      const date = Temporal.Instant.fromEpochNanoseconds(from)
        .toZonedDateTimeISO('UTC')
        .add({ months: months * times });
      return date.epochNanoseconds + nanos * BigInt(times);
    },
  };
};

const parsed = (Temporal: typeof TemporalApi, text: string, place: string): TemporalApi.Duration => {
  const duration = durationOf(Temporal, text);
  if (duration && duration.sign >= 0) return duration;
  throw new ConnectorError(
    `${place}: ${JSON.stringify(text)} is ${duration ? 'negative' : 'no ISO 8601 duration'}. ` +
      `Write one such as "P30D", "P1M" or "PT1H".`,
  );
};

const durationOf = (Temporal: typeof TemporalApi, text: unknown): TemporalApi.Duration | undefined => {
  if (typeof text !== 'string') return undefined;
  try {
    return Temporal.Duration.from(text);
  } catch {
    return undefined;
  }
};

const toDuration = (duration: TemporalApi.Duration): Duration => {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } = duration;
  const wholeHours = BigInt(weeks * 7 + days) * 24n + BigInt(hours);
  const wholeSeconds = (wholeHours * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const micros = (wholeSeconds * 1000n + BigInt(milliseconds)) * 1000n + BigInt(microseconds);
  return { months: years * 12 + months, nanos: micros * 1000n + BigInt(nanoseconds) };
};

export const isZero = ({ months, nanos }: Duration): boolean => months === 0 && nanos === 0n;
