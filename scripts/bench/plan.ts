import type { ContestantName, Load } from './contestants.ts';
import type { Options } from './options.ts';
import type { Case } from './rounds.ts';

/** What is measured how often. */
export interface Plan {
  readonly speed: readonly Case[];
  readonly warmUps: number;
  readonly repeats: number;
  /** The loads that show whether memory grows. */
  readonly memory: readonly Case[];
  readonly memoryRepeats: number;
  readonly startUpRepeats: number;
}

const KIT: readonly ContestantName[] = ['recordsPath', 'parseResponse'];
const RIVALS: readonly ContestantName[] = [...KIT, 'naive'];
const EVERYONE: readonly ContestantName[] = [...RIVALS, 'splice'];

export const SMALL = 100_000;
export const LARGE = 500_000;

export const planOf = ({ quick, repeats }: Options): Plan => ({
  speed: [
    ...cases(quick ? RIVALS : EVERYONE, { perPage: 1000, total: SMALL, gzip: false }),
    ...cases(quick ? RIVALS : EVERYONE, { perPage: 100, total: SMALL, gzip: false }),
    ...(quick ? [] : cases(EVERYONE, { perPage: 1000, total: SMALL, gzip: true })),
  ],
  warmUps: quick ? 0 : 1,
  repeats,
  // The bare loop runs along for the ratio that is left where start-up hardly counts.
  memory: cases(quick ? KIT : RIVALS, { perPage: 1000, total: LARGE, gzip: false }),
  memoryRepeats: quick ? 1 : Math.min(repeats, 3),
  startUpRepeats: quick ? 5 : 15,
});

const cases = (contestants: readonly ContestantName[], load: Load): readonly Case[] =>
  contestants.map((contestant) => ({ contestant, load }));
