import type { JsonObject } from '../protocol/json.ts';
import type { Source } from '../source/source.ts';
import { directoryOf, packageOf } from './directory.ts';
import { NothingToRun, parseCommand, type SourceCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';
import { runProcess } from './run-process.ts';

/**
 * Runs a source as a program: the last line of every connector. Reads the command line, does what it says, and ends the
 * process with the exit code that says how it went.
 *
 * @param argv the arguments after the script's name
 * @example
 * await runSource(new ExampleSource());
 */
export const runSource = async <C extends JsonObject>(
  source: Source<C>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> => {
  const directory = directoryOf(source.directory);
  let command: SourceCommand;
  try {
    command = parseCommand(argv, packageOf(directory));
  } catch (error) {
    if (!(error instanceof NothingToRun)) throw error;
    process.exitCode = error.exitCode;
    return;
  }
  await runProcess((context) => runCommand(source, command, directory, context), command);
};
