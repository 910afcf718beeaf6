import { LosslessNumber } from 'lossless-json';
import type { JsonValue } from '../../protocol/json.ts';
import type { Bound, Cursor } from './cursor.ts';
import { openRange } from './range-cursor.ts';
import { checkSteps, commonPlan, wrong, type AdaptiveOptions, type RangeOptions } from './range-options.ts';
import type { RangePlan } from './range-plan.ts';

/** A whole number, as long as it may be. */
export type Count = number | bigint;

/** How a stream is read by a number that grows, such as a version or an id; see `counterCursor`. */
export interface CounterCursorOptions extends RangeOptions {
  /**
   * The least value to read.
   *
   * @default none: from the least there is
   */
  readonly start?: Count;
  /**
   * Where to end; records with this value or a greater one are not read.
   *
   * @default none: up to the greatest there is
   */
  readonly end?: Count;
  /**
   * The length of a window. Needs `start` and `end`.
   *
   * @default none: one window
   */
  readonly step?: Count;
  /**
   * The smallest difference of two values, mostly 1. With it a window's end belongs to the window: it is the start of
   * the next one less this.
   *
   * @default none: a window ends where the next one begins
   */
  readonly granularity?: Count;
  /**
   * Read so much again before the place where the last sync ended.
   *
   * @default 0
   */
  readonly lookback?: Count;
  /**
   * Let the windows' length follow the data. Needs `step`.
   *
   * @default none: each window is one step
   */
  readonly adaptive?: AdaptiveOptions<Count>;
}

const KIND = 'counterCursor';
const INTEGER = /^[+-]?\d{1,60}$/;

/**
 * Reads what is new by a whole number that grows with every change.
 *
 * @example counterCursor({ field: 'version' })
 * @example counterCursor({ field: 'id', start: 1, end: 1_000_000, step: 10_000 })
 * @throws ConnectorError for options that cannot be worked with
 */
export const counterCursor = (options: CounterCursorOptions): Cursor => {
  const plan = planOf(options);
  return { field: options.field, open: ({ stream, log }) => openRange({ ...plan, stream, log }) };
};

const planOf = (options: CounterCursorOptions): Omit<RangePlan, 'stream' | 'log'> => {
  const common = commonPlan(KIND, options);
  checkSteps(KIND, options);
  if (options.step !== undefined && options.end === undefined) {
    throw wrong(KIND, 'step', options.step, 'Windows need a place to end: give end as well, or leave out step.');
  }
  const start = count('start', options.start);
  const end = count('end', options.end);
  const step = count('step', options.step, 1n);
  const granularity = count('granularity', options.granularity, 1n);
  const lookback = count('lookback', options.lookback, 0n) ?? 0n;
  if (step !== undefined && granularity !== undefined && granularity >= step) {
    throw wrong(KIND, 'granularity', options.granularity, 'It has to be less than step.');
  }
  return {
    ...common,
    parse: parseCount,
    format: formatCount,
    formatExactly: formatCount,
    expected: 'a whole number',
    isAfter: (value, top) =>
      typeof value === 'number' && typeof top === 'number' && Number.isInteger(value) ? value > top : undefined,
    start: start ?? null,
    end: end ?? null,
    isSettled: end !== undefined,
    floor: (at) => at,
    lookBack: (at) => at - lookback,
    windowEnd: (begin, next) => {
      const last = next - (granularity ?? 0n);
      return formatCount(begin !== null && last < begin ? begin : last);
    },
    ...(step !== undefined && { step: (from, times) => from + step * BigInt(times) }),
    ...(granularity !== undefined && { granularity }),
    ...adaptivePlan(options, step, granularity),
  };
};

const adaptivePlan = (
  { adaptive }: CounterCursorOptions,
  step: bigint | undefined,
  granularity: bigint | undefined,
): Pick<RangePlan, 'adaptive'> => {
  if (!adaptive || step === undefined) return {};
  const asked = count('adaptive.minStep', adaptive.minStep, 1n) ?? 1n;
  const minStep = granularity !== undefined && granularity > asked ? granularity : asked;
  const maxStep = count('adaptive.maxStep', adaptive.maxStep, 1n);
  if (maxStep !== undefined && maxStep < step) {
    throw wrong(KIND, 'adaptive.maxStep', adaptive.maxStep, 'It has to be at least step.');
  }
  const { maxRecords } = adaptive;
  return {
    adaptive: { maxRecords, minStep, ...(maxStep !== undefined && { maxEnd: (from: bigint) => from + maxStep }) },
  };
};

const count = (option: string, value: Count | undefined, least?: bigint): bigint | undefined => {
  if (value === undefined) return undefined;
  const parsed = typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (parsed !== undefined && (least === undefined || parsed >= least)) return parsed;
  throw wrong(KIND, option, value, `Give a whole number${least === undefined ? '' : ` of at least ${least}`}.`);
};

/** A whole number in any of the forms JSON may have it in, text included. */
const parseCount = (value: JsonValue): bigint | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'bigint') return value;
  const text = value instanceof LosslessNumber ? value.value : value;
  return typeof text === 'string' && INTEGER.test(text) ? BigInt(text) : undefined;
};

const formatCount = (at: bigint): Bound => {
  const number = Number(at);
  return Number.isSafeInteger(number) ? number : String(at);
};
