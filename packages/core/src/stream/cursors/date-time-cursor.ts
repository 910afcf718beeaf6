import { beginningOf } from './clamp.ts';
import type { Cursor, CursorSync } from './cursor.ts';
import type { DateTimeCursorOptions } from './date-time-options.ts';
import { loadLengths, type Lengths } from './date-time-lengths.ts';
import { instantFormat, parseAny, type InstantFormat } from './instant.ts';
import { formatIso, isIsoAfter, LAST_SECOND, NANOS_PER_MILLI, NANOS_PER_SECOND, type Instant } from './iso.ts';
import { openRange } from './range-cursor.ts';
import { checkSteps, commonPlan, wrong } from './range-options.ts';
import type { RangePlan } from './range-plan.ts';

const KIND = 'dateTimeCursor';

/**
 * Reads what is new by the time of its last change.
 *
 * Opening it throws ConnectorError for a format, a time or a duration that cannot be read.
 *
 * @example dateTimeCursor({ field: 'updated_at' })
 * @example dateTimeCursor({ field: 'updated_at', start: '2024-01-01', step: 'P30D', lookback: 'PT1H' })
 * @example dateTimeCursor({ field: ['meta', 'changed'], format: 'epoch-seconds', granularity: 'PT1S' })
 * @throws ConnectorError for options that exclude one another
 */
export const dateTimeCursor = (options: DateTimeCursorOptions): Cursor => {
  const common = commonPlan(KIND, options);
  checkSteps(KIND, options);
  const { clampTo } = options;
  if (clampTo !== undefined && !Object.hasOwn(beginningOf, clampTo)) {
    throw wrong(KIND, 'clampTo', clampTo, `Choose one of ${Object.keys(beginningOf).join(', ')}.`);
  }
  return {
    field: options.field,
    open: async (sync) => openRange({ ...common, ...(await planOf(options, sync)) }),
  };
};

type TimePlan = Omit<RangePlan, keyof ReturnType<typeof commonPlan>>;

const planOf = async (
  options: DateTimeCursorOptions,
  { stream, log, now, isEndOpen = false }: CursorSync,
): Promise<TimePlan> => {
  const { format: name = 'iso', formats: others = [], clampTo } = options;
  const format = await instantFormat(name, `${KIND}.format`);
  const iso = await instantFormat('iso', KIND);
  const further = await Promise.all(others.map((other, index) => instantFormat(other, `${KIND}.formats[${index}]`)));
  const parse = parseAny([...new Set([format, ...further, iso])]);
  const lengths = await loadLengths(KIND, options);

  const clamp = clampTo ? beginningOf[clampTo] : undefined;
  const floor = clamp ? (at: Instant): Instant => format.floor(clamp(at)) : format.floor;
  const start = boundOf(options, 'start', parse);
  const range = { floor, start: start === undefined ? null : floor(start) };
  const { step } = lengths;
  if (step && range.start !== null && floor(step(range.start, 31)) <= range.start) {
    throw wrong(KIND, 'step', options.step, `It is too short for ${clampTo ? 'clampTo' : `the format ${name}`}.`);
  }
  return {
    stream,
    log,
    parse,
    format: format.format,
    formatExactly: name.includes('%') ? formatIso : format.format,
    expected: `a time such as ${JSON.stringify(format.format(format.round(BigInt(now) * NANOS_PER_MILLI)))}`,
    ...isAfter(name, others),
    ...range,
    ...endOf(options, { floor, parse, format, lengths, now, isEndOpen }),
    lookBack: lengths.lookBack,
    windowEnd: windowEnd(format, lengths),
    second: NANOS_PER_SECOND,
    ...(step && { step }),
    ...(lengths.granularity !== undefined && { granularity: lengths.granularity }),
    ...(lengths.adaptive && { adaptive: lengths.adaptive }),
  };
};

const boundOf = (
  options: DateTimeCursorOptions,
  option: 'start' | 'end',
  parse: (value: unknown) => Instant | undefined,
): Instant | undefined => {
  const value = options[option];
  if (value === undefined) return undefined;
  const at = parse(value);
  if (at === undefined) throw wrong(KIND, option, value, 'Write it in the format of the cursor, or as "2026-01-31".');
  return at;
};

interface Times {
  readonly floor: (at: Instant) => Instant;
  readonly parse: (value: unknown) => Instant | undefined;
  readonly format: InstantFormat;
  readonly lengths: Lengths;
  readonly now: number;
  readonly isEndOpen: boolean;
}

const endOf = (
  options: DateTimeCursorOptions,
  { floor, parse, format, lengths, now, isEndOpen }: Times,
): Pick<RangePlan, 'end' | 'isSettled' | 'isEndOpen'> => {
  const latest = lengths.settle(BigInt(now) * NANOS_PER_MILLI);
  const fixed = boundOf(options, 'end', parse);
  // An end that is still to come must not let the time until then count as read.
  const isFixed = fixed !== undefined && fixed <= latest;
  if (isEndOpen && !isFixed) {
    return { end: format.round(BigInt(now) * NANOS_PER_MILLI), isSettled: false, isEndOpen };
  }
  // A unit that is over is complete, as the option promises; whatever else ends with the present may still grow.
  if (isFixed || options.clampTo) return { end: floor(isFixed ? fixed : latest), isSettled: true };
  return { end: format.round(latest), isSettled: false };
};

const windowEnd =
  (format: InstantFormat, { before, granule }: Lengths): RangePlan['windowEnd'] =>
  (start, end, isSettled) => {
    const last = isSettled ? before(end) : granule(end);
    return format.format(start !== null && last < start ? start : last);
  };

/** Where all values have one form, most need not be read to know whether they are the greatest. */
const isAfter = (format: string, others: readonly string[]): Pick<RangePlan, 'isAfter'> => {
  if (others.some((other) => other !== format && other !== 'iso')) return {};
  if (format === 'iso') {
    return {
      isAfter: (value, top) =>
        typeof value === 'string' && typeof top === 'string' ? isIsoAfter(value, top) : undefined,
    };
  }
  const unit = EPOCH_UNITS.get(format);
  if (unit === undefined) return {};
  return {
    isAfter(value, top) {
      if (typeof value !== 'number' || typeof top !== 'number' || !Number.isSafeInteger(value)) return undefined;
      return value >= 0 && value <= LAST_SECOND * unit ? value > top : undefined;
    },
  };
};

const EPOCH_UNITS: ReadonlyMap<string, number> = new Map([
  ['epoch-seconds', 1],
  ['epoch-millis', 1000],
  ['epoch-micros', 1_000_000],
]);
