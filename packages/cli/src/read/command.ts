import { InvalidArgumentError, Option, type Command } from 'commander';

import type { CheckOptions } from './check.ts';
import type { DiscoverOptions } from './discover.ts';
import type { ReadOptions } from './read.ts';
import type { Run } from './run-command.ts';

type Watched = { readonly watch: boolean };

/** Adds `read`. */
export const addRead = (program: Command): void => {
  withCommon(program.command('read').description('Read records of a connector, from its TypeScript source.'))
    .option('--limit <n>', 'records of each stream', wholeNumber(1_000_000_000))
    .addOption(
      new Option(
        '--since <when>',
        'only what is newer, in streams with a cursor: a date, a time or a number',
      ).conflicts('state'),
    )
    .option('--state <file>', 'continue from a state that an earlier read emitted')
    .option('--incremental', 'read incrementally where a stream can', false)
    .option('--output <file>', 'write the records into a file; - for standard output')
    .addOption(
      new Option('--format <format>', 'how records are printed (default: a table on a terminal, else json)').choices([
        'json',
        'table',
      ]),
    )
    .option('--json', 'print a summary as JSON in place of the records', false)
    .option('--watch', 'read again whenever the connector changes, until Ctrl-C', false)
    .addHelpText(
      'after',
      `
  Records go to standard output, as lines of JSON in a pipe: the record itself with one --stream, else
  {"stream": …, "data": …}. All else goes to standard error.

  Examples:
    headwater read --stream issues --limit 5
    headwater read --since 2026-01-01 --output records.jsonl
    headwater read --command 'python main.py' --config secrets/config.json --limit 3`,
    )
    .action(async (directory: string, options: ReadOptions & Watched, command: Command) => {
      if (options.json && options.output === '-') {
        command.error("error: options '--json' and '--output -' exclude each other");
      }
      const { readOnce } = await import('./read.ts');
      await run((place) => readOnce(directory, options, place), directory, options);
    });
};

/** Adds `check`. */
export const addCheck = (program: Command): void => {
  withCommon(
    program
      .command('check')
      .description('Check a config, and of each stream whether it can be reached and read, and what quota is left.'),
  )
    .option('--timeout <seconds>', 'how long a stream may take for its first record', seconds, 60_000)
    .option('--json', 'print the result as JSON', false)
    .option('--watch', 'check again whenever the connector changes, until Ctrl-C', false)
    .action(async (directory: string, options: CheckOptions & Watched) => {
      const { checkOnce } = await import('./check.ts');
      await run((place) => checkOnce(directory, options, place), directory, options);
    });
};

/** Adds `discover`. */
export const addDiscover = (program: Command): void => {
  withCommon(program.command('discover').description('Show the streams of a connector and their fields.'))
    .option('--json', 'print the catalog as JSON', false)
    .option('--configured', 'print a configured catalog as JSON, for read --catalog', false)
    .option('--watch', 'discover again whenever the connector changes, until Ctrl-C', false)
    .action(async (directory: string, options: DiscoverOptions & Watched) => {
      const { discoverOnce } = await import('./discover.ts');
      await run((place) => discoverOnce(directory, options, place), directory, options);
    });
};

const withCommon = (command: Command): Command =>
  command
    .argument('[directory]', 'the folder of the connector', '.')
    .option('--config <file>', 'JSON file with the config (default: config.json, then secrets/config.json)')
    .option('--command <command>', 'a program that speaks the Airbyte protocol, run in the directory')
    .option('--stream <name>', 'only this stream; repeat it, or separate names with commas', append, [])
    .option('--verbose', 'also show messages below WARN', false);

const run = async (once: Run, directory: string, { watch, config }: Watched & { config?: string }): Promise<void> => {
  const { runCommand, runWatched } = await import('./run-command.ts');
  await (watch ? runWatched(once, directory, config) : runCommand(once));
};

const append = (name: string, names: readonly string[]): readonly string[] => [...names, name];

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
  };

const seconds = (text: string): number => wholeNumber(86_400)(text) * 1000;
