import { createLogger } from '../output/logger.ts';
import { Writer } from '../output/writer.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Source } from '../source/source.ts';
import { directoryOf, packageOf } from './directory.ts';
import { NothingToRun, parseCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';
import { tellFailure } from './tell-failure.ts';

export interface InProcessOptions {
  /** Takes what would go to standard output, in pieces that need not end with a line; good only during the call. */
  readonly write: (piece: Uint8Array) => void;
  /**
   * Stops the work, as SIGTERM does to a process.
   *
   * @default none: it runs to its end
   */
  readonly signal?: AbortSignal;
}

/**
 * Runs one command of a source within this process, for tests and for programs that have more to do. Nothing is done to the
 * process: no signal is listened to, `console` stays as it is, and the process goes on.
 *
 * @param argv the arguments after the script's name
 * @returns the exit code that `runSource` would have ended with; 143 when `signal` has stopped it
 */
export const runInProcess = async <C extends JsonObject>(
  source: Source<C>,
  argv: readonly string[],
  { write, signal = new AbortController().signal }: InProcessOptions,
): Promise<number> => {
  const directory = directoryOf(source.directory);
  const writer = new Writer({
    write(piece, done) {
      write(piece);
      done();
      return true;
    },
    on() {},
  });
  try {
    const command = parseCommand(argv, packageOf(directory));
    const log = createLogger(writer, command);
    try {
      await runCommand(source, command, directory, { writer, log, signal });
      return 0;
    } catch (error) {
      if (signal.aborted) return 143;
      tellFailure(error, { writer, log });
      return 1;
    } finally {
      await writer.end();
    }
  } catch (error) {
    if (error instanceof NothingToRun) return error.exitCode;
    throw error;
  }
};
