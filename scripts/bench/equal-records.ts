import type { Command, ContestantName, Load } from './contestants.ts';
import { recordData } from './measure.ts';

/** Enough to see every page the server has. */
const LOAD: Load = { perPage: 1000, total: 25_000, gzip: false };

/** Throws unless all contestants deliver the same data; a fast wrong answer is no answer. */
export const assertEqualRecords = async (commands: Readonly<Record<ContestantName, Command>>): Promise<void> => {
  const { naive, ...others } = commands;
  const expected = await recordData(naive, LOAD);
  for (const [name, command] of Object.entries(others)) {
    const actual = await recordData(command, LOAD);
    if (actual.length !== expected.length) {
      throw new Error(`${name} delivered ${actual.length} records, the bare loop ${expected.length}.`);
    }
    const place = actual.findIndex((data, index) => data !== expected[index]);
    if (place !== -1) {
      throw new Error(`${name} delivered ${actual[place]} where the bare loop delivered ${expected[place]}.`);
    }
  }
};
