import type { Command, ContestantName, Load } from './contestants.ts';
import { measure } from './measure.ts';
import type { Sample } from './measure.ts';

/** One contestant with one load. */
export interface Case {
  readonly contestant: ContestantName;
  readonly load: Load;
}

/** A case with its samples, one a round. */
export interface Measured extends Case {
  readonly samples: readonly Sample[];
}

/** Runs all cases one after the other, round by round, so that a slow spell of the machine meets them all. */
export const measureRounds = async (
  cases: readonly Case[],
  commands: Readonly<Record<ContestantName, Command>>,
  { warmUps, repeats, onRound }: { warmUps: number; repeats: number; onRound: (round: string) => void },
): Promise<readonly Measured[]> => {
  const measured = cases.map((one) => ({ ...one, samples: [] as Sample[] }));
  for (let round = 1 - warmUps; round <= repeats; round++) {
    onRound(round < 1 ? 'warm-up' : `round ${round} of ${repeats}`);
    for (const { contestant, load, samples } of measured) {
      const sample = await measure(commands[contestant], load);
      if (round >= 1) samples.push(sample);
    }
  }
  return measured;
};
