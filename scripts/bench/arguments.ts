import { parseArgs } from 'node:util';

/** What an option takes: nothing, any text, or a whole number from 1. */
type Kind = 'flag' | 'text' | 'count';

type Values<K extends Readonly<Record<string, Kind>>> = {
  readonly [N in keyof K]: K[N] extends 'flag' ? boolean : (K[N] extends 'count' ? number : string) | undefined;
};

/**
 * The options of this process, for all benches alike; undefined where help was wanted and has been given. Throws for what
 * it does not know.
 */
export const readArguments = <K extends Readonly<Record<string, Kind>>>(
  help: string,
  kinds: K,
): Values<K> | undefined => {
  const { values } = parseArgs({
    options: Object.fromEntries(
      [...Object.entries(kinds), ['help', 'flag'] as const].map(([name, kind]) => [
        name,
        { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  if (values['help']) {
    process.stdout.write(help);
    return undefined;
  }
  const read = ([name, kind]: readonly [string, Kind]) => {
    const value = values[name];
    if (kind === 'flag') return [name, value === true];
    return [name, kind === 'text' || value === undefined ? value : countOf(name, value)];
  };
  // Each value is of the kind that was asked for.
  return Object.fromEntries(Object.entries(kinds).map(read)) as Values<K>;
};

const countOf = (name: string, value: unknown): number => {
  const count = Number(value);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new Error(`--${name}: ${JSON.stringify(value)} is not a count. Give a whole number from 1.`);
};
