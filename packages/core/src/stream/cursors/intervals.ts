/** All values from `start` to just before `end`; a start of null is the beginning of everything. Never empty. */
export interface Interval {
  readonly start: bigint | null;
  readonly end: bigint;
}

/**
 * A set of values as intervals: in order, apart from each other, so that equal sets are written alike. Never changed.
 */
export type Intervals = readonly Interval[];

/** What lies between intervals; an end of null is the end of everything. */
export interface Gap {
  readonly start: bigint | null;
  readonly end: bigint | null;
}

export const NOTHING: Intervals = [];

/** One interval, or nothing when it would be empty. */
export const interval = (start: bigint | null, end: bigint): Intervals =>
  start === null || start < end ? [{ start, end }] : NOTHING;

/** What either of them has. In any order and any number of times with the same result. */
export const union = (one: Intervals, other: Intervals): Intervals => {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const merged: Interval[] = [];
  for (const next of [...one, ...other].toSorted(byStart)) {
    const last = merged.at(-1);
    // Two that touch leave nothing between them.
    if (!last || (next.start !== null && next.start > last.end)) merged.push(next);
    else if (next.end > last.end) merged[merged.length - 1] = { start: last.start, end: next.end };
  }
  return merged;
};

/** What the set lacks of the values from `start` to just before `end`. */
export const gaps = (set: Intervals, start: bigint | null, end: bigint | null): readonly Gap[] => {
  const found: Gap[] = [];
  let from = start;
  for (const done of set) {
    if (isBefore(from, done.start)) {
      const to = end !== null && done.start! > end ? end : done.start;
      if (to !== null && isBefore(from, to)) found.push({ start: from, end: to });
    }
    if (from === null || done.end > from) from = done.end;
    if (end !== null && from >= end) return found;
  }
  if (from === null || end === null || from < end) found.push({ start: from, end });
  return found;
};

/** The end of what is there without a gap from the beginning; undefined when the beginning is not. */
export const contiguousEnd = (set: Intervals): bigint | undefined => (set[0]?.start === null ? set[0].end : undefined);

const isBefore = (one: bigint | null, other: bigint | null): boolean => other !== null && (one === null || one < other);

const byStart = (one: Interval, other: Interval): number => {
  if (one.start === other.start) return 0;
  return isBefore(one.start, other.start) ? -1 : 1;
};
