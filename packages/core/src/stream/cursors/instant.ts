import { ConnectorError } from '../../errors.ts';
import type { Bound } from './cursor.ts';
import { scaled, unscaled } from './epoch.ts';
import { floorTo, formatIso, isInRange, NANOS_PER_MILLI, parseIso, type Instant } from './iso.ts';

/**
 * How a point in time is written:
 *
 * - `iso`: `2026-01-31T08:30:00Z`, with up to nine fraction digits where needed. Read with any offset, with a space in
 *   place of the `T`, or as a date only, which is midnight in UTC.
 * - `epoch-seconds`, `epoch-millis`, `epoch-micros`: a number since 1970, also as text, also with decimals.
 * - a pattern of strftime directives such as `%Y-%m-%d` or `%Y/%m/%d %H:%M:%S`, in UTC, to the millisecond; known are
 *   those of the library d3-time-format. `%s` and `%Q` are the seconds and milliseconds since 1970 as text.
 */
export type InstantFormatName = 'iso' | 'epoch-seconds' | 'epoch-millis' | 'epoch-micros' | (string & {});

/** A format, ready for use. */
export interface InstantFormat {
  /** Undefined for what is no point in time between the years 0 and 9999 in this format. */
  readonly parse: (value: unknown) => Instant | undefined;
  readonly format: (at: Instant) => Bound;
  /** The greatest point in time the format can say that is not after the one given. */
  readonly floor: (at: Instant) => Instant;
  /** Without fractions of the format's own unit: for the present time, whose fractions mean nothing. */
  readonly round: (at: Instant) => Instant;
}

const iso: InstantFormat = {
  parse: (value) => (typeof value === 'string' ? parseIso(value) : undefined),
  format: formatIso,
  floor: (at) => at,
  round: (at) => floorTo(at, NANOS_PER_MILLI),
};

const epoch = (digits: number): InstantFormat => ({
  parse(value) {
    const at = scaled(value, digits);
    return at !== undefined && isInRange(at) ? at : undefined;
  },
  format: (at) => unscaled(at, digits),
  floor: (at) => at,
  round: (at) => floorTo(at, 10n ** BigInt(digits)),
});

const NAMED: Readonly<Record<string, InstantFormat>> = {
  iso,
  'epoch-seconds': epoch(9),
  'epoch-millis': epoch(6),
  'epoch-micros': epoch(3),
};

/**
 * Makes a format ready.
 *
 * @param place begins the message of an error, such as `dateTimeCursor.format`
 * @throws ConnectorError for a name that is none, and a pattern that does not say the whole date
 */
export const instantFormat = async (name: InstantFormatName, place: string): Promise<InstantFormat> => {
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (named) return named;
  if (!name.includes('%')) {
    throw new ConnectorError(
      `${place}: there is no format ${JSON.stringify(name)}. Known: ${Object.keys(NAMED).join(', ')}, ` +
        `and patterns such as "%Y-%m-%d".`,
    );
  }
  const format = await pattern(name);
  if (!CHECKS.every((at) => isNear(format, at))) {
    throw new ConnectorError(
      `${place}: what the pattern ${JSON.stringify(name)} writes cannot be read back as the same time. ` +
        `Name the year, and only directives that are known: %Y %m %d %H %M %S %L %f %j %b %B %p %I %Z %s %Q.`,
    );
  }
  return format;
};

const pattern = async (specifier: string): Promise<InstantFormat> => {
  const { utcFormat, utcParse } = await import('d3-time-format');
  const [write, read] = [utcFormat(specifier), utcParse(specifier)];
  const parse = (value: unknown): Instant | undefined => {
    // A pattern of digits alone may come as a number: 20260131.
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    const date = typeof value === 'string' || isNumber ? read(String(value)) : null;
    const at = date && !Number.isNaN(date.getTime()) ? BigInt(date.getTime()) * NANOS_PER_MILLI : undefined;
    return at !== undefined && isInRange(at) ? at : undefined;
  };
  const format = (at: Instant): string => write(new Date(Number(floorTo(at, NANOS_PER_MILLI) / NANOS_PER_MILLI)));
  const floor = (at: Instant): Instant => parse(format(at)) ?? at;
  // Not to the pattern's unit: of `%Y-%m-%d`, today would not be read before tomorrow.
  return { parse, format, floor, round: (at) => at };
};

/** Times that a pattern without the year, or with a directive that cannot be read, does not give back. */
const CHECKS = ['2024-12-30T11:59:59.999Z', '2025-07-09T13:14:15.016Z'].map((text) => parseIso(text)!);
const YEAR = 366n * 86_400n * 1000n * NANOS_PER_MILLI;

const isNear = ({ parse, format }: InstantFormat, at: Instant): boolean => {
  const back = parse(format(at));
  return back !== undefined && back <= at && at - back < YEAR;
};

/** Reads a value in the first of several formats that can. */
export const parseAny =
  (formats: readonly InstantFormat[]): ((value: unknown) => Instant | undefined) =>
  (value) => {
    for (const format of formats) {
      const at = format.parse(value);
      if (at !== undefined) return at;
    }
    return undefined;
  };
