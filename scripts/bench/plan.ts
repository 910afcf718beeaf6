import type { ContestantName, Load } from './contestants.ts';
import type { Options } from './options.ts';
import type { RequestLoad } from './request-cost.ts';
import type { Case } from './rounds.ts';

/** What is measured how often. */
export interface Plan {
  /** The loads the ratios come from. */
  readonly long: readonly Case[];
  readonly warmUps: number;
  readonly repeats: number;
  /** Loads that show whether memory grows, and what start-up and compression cost. */
  readonly short: readonly Case[];
  readonly shortRepeats: number;
  readonly startUpRepeats: number;
  readonly requests: RequestLoad;
}

const KIT: readonly ContestantName[] = ['recordsPath', 'parseResponse'];
const RIVALS: readonly ContestantName[] = [...KIT, 'naive'];
const EVERYONE: readonly ContestantName[] = [...RIVALS, 'splice'];

export const SMALL = 100_000;
/** Half a million: here the start of the process, which the ratios include, is a small part of the whole. */
export const LARGE = 500_000;

/** Small pages: with these the request is much of what a record costs. */
export const REQUESTS_PER_PAGE = 100;

export const planOf = ({ quick, repeats }: Options): Plan => {
  const contestants = quick ? RIVALS : EVERYONE;
  return {
    long: [1000, 100].flatMap((perPage) => cases(contestants, { perPage, total: LARGE, gzip: false })),
    warmUps: quick ? 0 : 1,
    repeats,
    short: [
      ...[1000, 100].flatMap((perPage) => cases(quick ? KIT : RIVALS, { perPage, total: SMALL, gzip: false })),
      ...(quick ? [] : cases(RIVALS, { perPage: 1000, total: SMALL, gzip: true })),
    ],
    shortRepeats: quick ? 1 : Math.min(repeats, 3),
    startUpRepeats: quick ? 5 : 15,
    requests: { perPage: REQUESTS_PER_PAGE, ...(quick ? { requests: 300, repeats: 3 } : { requests: 1500, repeats }) },
  };
};

const cases = (contestants: readonly ContestantName[], load: Load): readonly Case[] =>
  contestants.map((contestant) => ({ contestant, load }));
