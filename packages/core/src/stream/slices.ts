import { silentLogger } from '../output/logger.ts';
import type { JsonValue } from '../protocol/json.ts';
import { dateTimeCursor } from './cursors/date-time-cursor.ts';
import type { DateTimeCursorOptions } from './cursors/date-time-options.ts';
import { ChildSlice, type Slice } from './slice.ts';

/** Slices, as `slices` returns them. */
export type Slices = Iterable<Slice | ChildSlice> | AsyncIterable<Slice | ChildSlice>;

/**
 * One slice for each value.
 *
 * @example
 * override slices() { return byList('region', ['eu', 'us']); }
 */
export const byList = (name: string, values: readonly JsonValue[]): readonly Slice[] =>
  values.map((value) => ({ [name]: value }));

/** What `byDate` needs of what a `dateTimeCursor` knows. */
export type DateSlices = Pick<DateTimeCursorOptions, 'format' | 'granularity' | 'clampTo' | 'end'> &
  Required<Pick<DateTimeCursorOptions, 'start' | 'step'>>;

/**
 * One slice for each stretch of time, with `start` and `end`; the last one ends now, unless there is an `end`. For
 * reports that are asked for by the day. What is read only when it is new has a `dateTimeCursor` with a `step` instead.
 *
 * @example
 * override slices() { return byDate({ start: '2026-01-01', step: 'P1D', format: '%Y-%m-%d', clampTo: 'day' }); }
 * @throws ConnectorError for a time or a length that cannot be read
 */
export async function* byDate(options: DateSlices): AsyncIterable<Slice> {
  const cursor = dateTimeCursor({ ...options, field: 'start' });
  const open = await cursor.open({ stream: 'byDate', log: silentLogger, now: Date.now() });
  for (const { window = {} } of open.readings(undefined)) yield { ...window };
}

/**
 * Every slice of the first together with every slice of the others. The first is taken slice by slice; the others are
 * held, so put the one without end, or with the most slices, first.
 *
 * @example
 * override slices(context: StreamContext) {
 *   return product(byParent({ stream: this.accounts }, context), byList('region', ['eu', 'us']));
 * }
 */
export async function* product(first: Slices, ...others: readonly Slices[]): AsyncIterable<Slice | ChildSlice> {
  let held: readonly Slice[] | undefined;
  for await (const one of first) {
    held ??= await combined(others);
    for (const rest of held) yield one instanceof ChildSlice ? one.with(rest) : { ...one, ...rest };
    if (one instanceof ChildSlice) leave(one, false);
  }
}

/** It does not come to be read itself. */
const leave = ({ reading }: ChildSlice, hasFailed: boolean): void => {
  reading?.claim();
  reading?.settle(hasFailed);
};

const combined = async (all: readonly Slices[]): Promise<readonly Slice[]> => {
  let result: Slice[] = [{}];
  for (const slices of all) {
    const list: Slice[] = [];
    for await (const each of slices) {
      list.push(each instanceof ChildSlice ? each.slice : each);
      // Whatever becomes of them: they are read in every sync.
      if (each instanceof ChildSlice) leave(each, true);
    }
    result = result.flatMap((one) => list.map((other) => ({ ...one, ...other })));
  }
  return result;
};
