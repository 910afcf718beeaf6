import { floorTo, NANOS_PER_MILLI, NANOS_PER_SECOND, type Instant } from './iso.ts';

/** A unit of the calendar in UTC; a week begins on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month';

export const NANOS_PER_DAY = 86_400n * NANOS_PER_SECOND;

/** 1970 began on a Thursday: this is the first Monday. */
const FIRST_MONDAY = 4n * NANOS_PER_DAY;

/** Where the unit that holds `at` begins. */
export const beginningOf: Readonly<Record<CalendarUnit, (at: Instant) => Instant>> = {
  day: (at) => floorTo(at, NANOS_PER_DAY),
  week: (at) => floorTo(at - FIRST_MONDAY, 7n * NANOS_PER_DAY) + FIRST_MONDAY,
  month(at) {
    const day = floorTo(at, NANOS_PER_DAY);
    const date = new Date(Number(day / NANOS_PER_MILLI));
    return day - BigInt(date.getUTCDate() - 1) * NANOS_PER_DAY;
  },
};
