import type { Result } from './results.ts';
import type { StartUp } from './start-up.ts';

/** A promise about speed or memory, and whether it is kept. */
export interface Target {
  readonly name: string;
  readonly value: number;
  readonly limit: string;
  readonly met: boolean;
}

const RATIOS: Readonly<Record<string, number>> = {
  'recordsPath@1000': 1.6,
  'recordsPath@100': 1.4,
  'parseResponse@1000': 1.1,
  'parseResponse@100': 1.1,
};
const RSS_MEGABYTES = 130;
/** What five times the records may add: less than the noise of a heap's size, far less than any buffer that grows. */
const RSS_GROWTH_MEGABYTES = 15;
const START_UP_MS = 150;

/** Holds the results against the targets: `large` has the main load, `small` the one that memory may not grow beyond. */
export const judge = (
  small: Readonly<Record<string, Result>>,
  large: Readonly<Record<string, Result>>,
  startUp: StartUp,
): readonly Target[] => [
  ...Object.entries(RATIOS).flatMap(([key, limit]) => [
    atLeast(`${key}, records per CPU second over (b)`, large[key]?.cpuRatio.median, limit),
    atLeast(`${key}, records per second over (b)`, large[key]?.wallRatio.median, limit),
  ]),
  ...Object.entries(large)
    .filter(([key]) => key in RATIOS)
    .flatMap(([key, { peakRssMegabytes }]) => {
      const growth = peakRssMegabytes.median - (small[key]?.peakRssMegabytes.median ?? Number.NaN);
      return [
        atMost(`${key}, peak RSS in MB`, peakRssMegabytes.median, RSS_MEGABYTES),
        atMost(`${key}, growth of peak RSS in MB`, growth, RSS_GROWTH_MEGABYTES),
      ];
    }),
  atMost('spec over bare node, in ms', startUp.overMs, START_UP_MS),
];

const atLeast = (name: string, value = Number.NaN, limit: number): Target => ({
  name,
  value,
  limit: `>= ${limit}`,
  met: value >= limit,
});

const atMost = (name: string, value: number, limit: number): Target => ({
  name,
  value,
  limit: `<= ${limit}`,
  met: value <= limit,
});
