import { expect, test } from '@jest/globals';
import type { Weather } from './crash/api.ts';
import { runScenario, type Outcome } from './crash/scenario.ts';

/** In each weather; 300 in all. A process costs as much as it takes to start one, so a hurried reader may ask for fewer. */
const KILLS = Number(process.env['HEADWATER_CRASH_KILLS'] ?? 300) / 4;
const KILLS_OF_ONE = 8;
/** The machine has others to serve. */
const AT_ONCE = 2;

const WEATHERS: readonly (readonly [Weather, number])[] = [
  ['calm', 1000],
  ['429 storms', 2000],
  ['5xx bursts', 3000],
  ['slow slices', 4000],
];

test.each(WEATHERS)(
  'loses nothing and repeats no more than promised when killed, %s',
  async (weather, firstSeed) => {
    const outcomes: (Outcome & { readonly seed: number })[] = [];
    let left = KILLS;
    let seed = firstSeed;
    const work = async (): Promise<void> => {
      while (left > 0) {
        const share = Math.min(left, KILLS_OF_ONE);
        left -= share;
        const mine = seed++;
        const outcome = await runScenario(mine, weather, share);
        left += share - outcome.kills;
        outcomes.push({ ...outcome, seed: mine });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    const unhealthy = outcomes.filter(
      ({ missing, repeated, wrong }) => missing.length + repeated.length + wrong.length > 0,
    );
    expect(unhealthy).toEqual([]);
    expect(sum(outcomes.map(({ kills }) => kills))).toBe(KILLS);
    // What the promise is about has happened: something was safe when the kill came, how much depends on the machine.
    expect(sum(outcomes.map(({ safe }) => safe))).toBeGreaterThan(KILLS * 2);
  },
  900_000,
);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
