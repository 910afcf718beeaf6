import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { CommandError } from './command-error.ts';
import { addOauth } from './oauth/command.ts';

const readVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
};

const createProgram = (): Command => {
  const program = new Command('headwater')
    .description('A desk tool for authors of Headwater connectors.')
    .version(readVersion())
    .exitOverride();

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
  addOauth(program);
  return program;
};

/** Runs the command that the process was started with, and sets its exit code. */
export const main = async (): Promise<void> => {
  try {
    await createProgram().parseAsync();
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
