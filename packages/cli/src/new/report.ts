import { relative } from 'node:path';

import type { ConnectorPlan, Guess, StreamPlan } from '../plan/plan.ts';
import type { NewOptions } from './options.ts';
import type { PackageManager } from './package-manager.ts';

export interface Made {
  readonly name: string;
  readonly directory: string;
  readonly plan: ConnectorPlan;
  readonly files: readonly string[];
  readonly manager: PackageManager;
  readonly options: Pick<NewOptions, 'install' | 'test' | 'json'>;
}

/** Says what was made, what was guessed, and what comes next: to people on stderr, and with `--json` on stdout too. */
export const report = (made: Made): void => {
  const { name, directory, plan, files, options } = made;
  const guesses = guessesOf(plan);
  const commands = nextCommands(made);
  const streams = plan.streams.map((stream) => stream.name);
  process.stderr.write(`${inWords(made, guesses, commands).join('\n')}\n`);
  if (options.json) {
    const { install: installed } = options;
    const tested = installed && options.test;
    const document = { name, directory, streams, files, installed, tested, guesses, commands };
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
};

/** A guess, and the stream it is about; undefined for the connector as a whole. */
type PlacedGuess = Guess & { readonly stream?: string };

const guessesOf = ({ guesses, streams }: ConnectorPlan): readonly PlacedGuess[] => [
  ...guesses,
  ...streams.flatMap(({ name, guesses: own }) => own.map((guess) => ({ stream: name, ...guess }))),
];

/** The next three commands; each works when it is pasted, without a credential and without a network. */
const nextCommands = ({ directory, plan, manager, options }: Made): readonly string[] => {
  const way = relative(process.cwd(), directory);
  const enter = way === '' ? [] : [`cd ${quoted(way.startsWith('..') ? directory : way)}`];
  if (!options.install)
    return [...enter, `${manager.name} install`, `${manager.exec} headwater discover --config ${EXAMPLE}`];
  const read = `${manager.exec} headwater read --config ${EXAMPLE} --stream ${rootOf(plan)} --limit 10`;
  return [...enter, `${manager.name} test`, `HEADWATER_CASSETTE=replay ${read}`];
};

const EXAMPLE = 'config.example.json';

/** A stream that needs no other one. */
const rootOf = ({ streams }: ConnectorPlan): string => {
  const isRoot = ({ pathParams }: StreamPlan) => Object.values(pathParams).every(({ from }) => from !== 'parent');
  return (streams.find(isRoot) ?? streams[0])?.name ?? '';
};

const quoted = (path: string): string => (/^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

/** Guesses that a screen holds; the file GUESSES.md has all. */
const MOST_SHOWN = 30;

const inWords = (
  { name, directory, plan, files, manager, options }: Made,
  guesses: readonly PlacedGuess[],
  commands: readonly string[],
): readonly string[] => {
  const count = plan.streams.length;
  const shown = guesses.slice(0, MOST_SHOWN);
  const more = guesses.length - shown.length;
  return [
    '',
    `${name} is made in ${directory}: ${count} ${count === 1 ? 'stream' : 'streams'}, ${files.length} files.`,
    ...(shown.length > 0 ? ['', 'This was guessed. Look at it:'] : []),
    ...shown.map(
      ({ stream, about, decided, because }) => `  ${stream ? `${stream}: ` : ''}${about}: ${decided}. ${because}`,
    ),
    ...(more > 0 ? [`  and ${more} more; GUESSES.md has all.`] : []),
    '',
    'Next:',
    ...commands.map((command) => `  ${command}`),
    '',
    ...(options.install ? ['The last one reads what is recorded, which are examples.'] : []),
    `To read from the API, put your values into a copy of ${EXAMPLE} called config.json, then:`,
    `  ${manager.exec} headwater read --stream ${rootOf(plan)} --limit 10`,
  ];
};
