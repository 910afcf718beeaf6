import { readConnector } from './connector.ts';
import { baseUrlOf, findPlan, type Origin } from './find-plan.ts';
import { guessesOf, type PlacedGuess } from './guesses.ts';
import { planChange, type Change } from './plan-change.ts';
import { rebase } from './rebase.ts';
import { writeFiles } from './write-files.ts';
import type { ConnectorPlan } from '../plan/plan.ts';

/** What was added to a connector. */
export interface Added {
  /** Absolute. */
  readonly directory: string;
  /** The plan of the streams that were added, and of those of the connector they are children of. */
  readonly plan: ConnectorPlan;
  readonly change: Change;
  /** Names of added streams that only their children asked for. */
  readonly asParents: readonly string[];
  /** Names of streams that were found, but that the connector had already. */
  readonly present: readonly string[];
  readonly guesses: readonly PlacedGuess[];
}

/**
 * Writes the code and the schemas of more streams into a connector. What its author wrote stays; where something does not
 * fit, nothing is written.
 *
 * @throws CommandError where a stream is not known, is there already, or does not fit
 */
export const addStreamsTo = async (directory: string, origin: Origin, names: readonly string[]): Promise<Added> => {
  const connector = await readConnector(directory);
  const found = await findPlan(origin, names, connector);
  const { plan, guesses } = rebase(found.plan, baseUrlOf(connector));
  const change = await planChange({ plan, added: found.added, guesses }, connector);
  await writeFiles(connector.directory, change);
  const streams = plan.streams.filter(({ name }) => found.added.includes(name));
  return {
    directory: connector.directory,
    plan,
    change,
    asParents: found.asParents,
    present: found.present,
    guesses: guessesOf(change.guesses, streams),
  };
};
