import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ValidationMode } from '../schema/validator.ts';

/** What the command line asks of a source. */
export type SourceCommand =
  | { readonly name: 'spec'; readonly debug: boolean }
  | ({ readonly name: 'check' } & WithConfig)
  | ({ readonly name: 'discover' } & WithConfig)
  | ({
      readonly name: 'read';
      readonly catalog: string;
      readonly state?: string;
      readonly rejects?: string;
      readonly concurrency?: number;
      readonly validation?: ValidationMode;
    } & WithConfig);

interface WithConfig {
  readonly debug: boolean;
  readonly config: string;
  readonly tokenStore?: string;
  readonly har?: string;
}

/** The command line could not be used, or only asked for help; what there is to say has been printed. */
export class NothingToRun extends Error {
  /** 2 for a usage error, as scripts expect it; 0 for help and version. */
  readonly exitCode: 0 | 2;

  constructor(exitCode: 0 | 2) {
    super('Nothing to run.');
    this.exitCode = exitCode;
  }
}

/**
 * Reads the command line of a source. Help and version go to standard output, usage errors to standard error.
 *
 * @throws NothingToRun
 */
export const parseCommand = (argv: readonly string[], program: { name: string; version: string }): SourceCommand => {
  let parsed: SourceCommand | undefined;
  const root = new Command(program.name)
    .description('A source that speaks the Airbyte protocol: messages as JSON lines on standard output.')
    .version(program.version)
    .exitOverride()
    .showHelpAfterError();
  const define = (name: SourceCommand['name'], description: string) =>
    root
      .command(name)
      .description(description)
      .option('--debug', 'also emit LOG messages of level DEBUG', false)
      .action((options: object) => {
        // The options declared below for each command are what makes a SourceCommand of them.
        parsed = { name, ...options } as SourceCommand;
      });

  define('spec', 'print what the config looks like');
  const defineWithConfig = (name: SourceCommand['name'], description: string) =>
    define(name, description)
      .requiredOption('--config <path>', 'JSON file with the config')
      .option('--token-store <path>', 'keep OAuth tokens in this file, for all connectors that share the credential')
      .option('--har <path>', 'write every HTTP exchange to this file, without secrets, as an HTTP Archive');

  defineWithConfig('check', 'tell whether the config works');
  defineWithConfig('discover', 'print the streams and their schemas');
  defineWithConfig('read', 'read the streams of the catalog')
    .requiredOption('--catalog <path>', 'JSON file with the configured catalog')
    .option('--state <path>', 'JSON file with the state an earlier read emitted')
    .option('--rejects <path>', 'set records that do not satisfy their schema aside in this file, as JSON lines')
    .option('--concurrency <n>', 'read so many slices at once, of all streams together', wholeNumber)
    .addOption(
      new Option(
        '--validation <mode>',
        'convert records to their schema without loss, or take none that needs it',
      ).choices(['repair', 'strict']),
    );

  try {
    root.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new NothingToRun(error.exitCode === 0 ? 0 : 2);
  }
  if (parsed) return parsed;
  root.outputHelp({ error: true });
  throw new NothingToRun(2);
};

const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
};
