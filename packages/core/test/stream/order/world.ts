import fc from 'fast-check';
import type { Cursor, Window } from '../../../src/stream/cursors/cursor.ts';
import { dateTimeCursor } from '../../../src/stream/cursors/date-time-cursor.ts';

export const KINDS = [
  'full',
  'growing',
  'ascending',
  'windows',
  'ascending windows',
  'open',
  'children',
  'too many',
] as const;
/** Of the worlds with `too many` slices. */
export const MAX_SLICES = 3;

export type Kind = (typeof KINDS)[number];

export interface Item {
  readonly id: string;
  readonly at: string;
}

export interface Part {
  readonly items: readonly Item[];
  /** Where it fails: after so many pages of the read that has `time` in its window. */
  readonly failure: { readonly pages: number; readonly time: string } | undefined;
  /** How long each step takes, one after the other and over again. */
  readonly pauses: readonly number[];
}

/** What there is to read, and how it behaves. */
export interface World {
  readonly kind: Kind;
  readonly pageSize: number;
  readonly parts: readonly Part[];
}

const FIRST = Date.UTC(2024, 0, 1);
const DAYS = 100;

const timeOf = (hours: number): string => new Date(FIRST + hours * 3_600_000).toISOString().replace('.000Z', 'Z');

const time = fc.integer({ min: 0, max: DAYS * 24 - 1 }).map(timeOf);

const pauses = fc.array(fc.nat(8), { minLength: 1, maxLength: 6 });

const part = fc.record({
  times: fc.array(time, { maxLength: 10 }),
  failure: fc.option(fc.record({ pages: fc.nat(3), time }), { nil: undefined, freq: 3 }),
  pauses,
});

export const world: fc.Arbitrary<World> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    pageSize: fc.integer({ min: 1, max: 4 }),
    parts: fc.array(part, { minLength: 1, maxLength: 6 }),
  })
  .map(({ parts, ...rest }) => ({
    ...rest,
    parts: parts.map(({ times, ...of }, index) => ({
      ...of,
      items: times.map((at, number) => ({ id: `${index}.${number}`, at })),
    })),
  }));

/** The same world with other pauses, which is to say: in another order. */
export const withPauses = (of: World, lengths: readonly (readonly number[])[]): World => ({
  ...of,
  parts: of.parts.map((each, index) => ({ ...each, pauses: lengths[index % lengths.length] ?? [0] })),
});

export const pausesOfAll = fc.array(pauses, { minLength: 1, maxLength: 6 });

export const withoutFailures = (of: World): World => ({
  ...of,
  parts: of.parts.map((each) => ({ ...each, failure: undefined })),
});

/** The windows of a slice; one that has no `end` is read as far as there is anything. */
export const cursorOfKind = (kind: Kind): Cursor | undefined => {
  const common = { field: 'at', start: timeOf(0) };
  const inSteps = { ...common, step: 'P25D', end: timeOf(DAYS * 24) };
  if (kind === 'windows') return dateTimeCursor(inSteps);
  if (kind === 'ascending windows') return dateTimeCursor({ ...inSteps, ascending: true });
  if (kind === 'open') return dateTimeCursor(common);
  return undefined;
};

export const isAscending = (kind: Kind): boolean => kind === 'ascending' || kind === 'ascending windows';

export const isInWindow = (at: string, { start, end }: Window = {}) =>
  (start === undefined || at >= String(start)) && (end === undefined || at < String(end));
