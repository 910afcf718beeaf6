import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { CommandError } from './command-error.ts';
import { addCompletion } from './completion/command.ts';
import { addNew } from './new/command.ts';
import { addOauth } from './oauth/command.ts';
import { addCheck, addDiscover, addRead } from './read/command.ts';
import { addStreams } from './streams/command.ts';
import { addTest } from './test/command.ts';

const readVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
};

const createProgram = (): Command => {
  const program = new Command('headwater')
    .description('A desk tool for authors of Headwater connectors.')
    .version(readVersion())
    .exitOverride();

  program.commandsGroup('Make a connector:');
  addNew(program);
  addStreams(program);
  addTypes(program);
  program.commandsGroup('Try it out:');
  addOauth(program);
  addCheck(program);
  addDiscover(program);
  addRead(program);
  addTest(program);
  program.commandsGroup('Use this command:');
  addCompletion(program);
  program.helpCommand('help [command]', 'Print what a command does and its options.');
  return program;
};

/** Adds `types`. */
const addTypes = (program: Command): void => {
  program
    .command('types')
    .description('Write src/record-types.ts: TypeScript types of the records and of the config.')
    .argument('[directory]', 'the connector: where schemas/ and spec.json or spec.yaml are', '.')
    .option('--check', 'write nothing; fail when the file is stale')
    .option('--watch', 'write the file again whenever a schema changes, until Ctrl-C')
    .addHelpText(
      'after',
      `
  Each file schemas/NAME.json gives one type, named by its "title" or else by its file name; a file that others
  refer to with "$ref", for instance in schemas/shared/, gives one too. The spec gives the type Config.`,
    )
    .action(async (directory: string, options: { check?: true; watch?: true }, command: Command) => {
      if (options.check && options.watch) command.error("error: options '--check' and '--watch' exclude each other");
      // It brings a code formatter with it, which other commands should not wait for.
      const { checkTypes, watchTypes, writeTypes } = await import('./types/commands.ts');
      if (options.check) await checkTypes(directory);
      else if (options.watch) await watchTypes(directory);
      else await writeTypes(directory);
    });
};

/**
 * Runs a command line, and sets the exit code of this process.
 *
 * @param words after the name of the command
 * @default what the process was started with
 */
export const main = async (words: readonly string[] = process.argv.slice(2)): Promise<void> => {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong. Help and version that were asked for are no error.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof CommandError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
};
