import { guessesFile } from '../generate/readme-file.ts';
import type { ConnectorPlan, Guess, StreamPlan } from '../plan/plan.ts';

/** A guess, and the stream it is about; undefined for what holds for all that were added. */
export type PlacedGuess = Guess & { readonly stream?: string };

/** What was guessed of streams that were added. */
export const guessesOf = (guesses: readonly Guess[], streams: readonly StreamPlan[]): readonly PlacedGuess[] => [
  ...guesses,
  ...streams.flatMap(({ name, guesses: own }) => own.map((guess) => ({ stream: name, ...guess }))),
];

/** The text of `GUESSES.md` with those of the added streams at its end; undefined where nothing was guessed. */
export const withGuesses = (
  text: string | undefined,
  plan: ConnectorPlan,
  { guesses, added }: { readonly guesses: readonly Guess[]; readonly added: readonly StreamPlan[] },
): string | undefined => {
  const whole = guessesFile({ ...plan, guesses, streams: added });
  if (whole === undefined || text === undefined) return whole?.replace('## The connector', ADDED);
  const sections = whole.slice(whole.indexOf('\n## ')).replace('## The connector', ADDED);
  return `${text.trimEnd()}\n${sections}`;
};

const ADDED = '## Streams that were added';
