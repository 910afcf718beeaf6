import { setMaxListeners } from 'node:events';
import { messageOf } from '../errors.ts';
import { captureStdout } from '../output/capture-stdout.ts';
import { createLogger, type Logger } from '../output/logger.ts';
import { Writer } from '../output/writer.ts';
import { tellFailure } from './tell-failure.ts';

/** What a command works with: its way out, and the word to stop. */
export interface ProcessContext {
  readonly writer: Writer;
  readonly log: Logger;
  /** Aborts on SIGTERM, SIGINT, and when the reader of standard output has gone away. */
  readonly signal: AbortSignal;
}

/** How long work may take to stop by itself before the process ends without it. */
const GRACE_MS = 10_000;

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Why the work was stopped, and the exit code that says so. */
class Stopped extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command as a whole process and ends it: the only place that decides exit codes.
 *
 * | exit code | when |
 * | --- | --- |
 * | 0 | the work is done, or the reader of standard output went away |
 * | 1 | the work failed; a LOG FATAL and a TRACE ERROR say why |
 * | 130, 143 | SIGINT, SIGTERM: the work stopped and everything it had written is out; a second signal ends at once |
 */
export const runProcess = async (
  work: (context: ProcessContext) => Promise<void>,
  { debug = false }: { readonly debug?: boolean } = {},
): Promise<never> => {
  const stop = new AbortController();
  // Every stream and every request listens to it.
  setMaxListeners(0, stop.signal);
  const writer = new Writer(process.stdout, (error) => {
    // Nobody reads on: no failure of ours. Any other error, a full disk for one, is.
    const quiet = error.code === 'EPIPE';
    if (!quiet) process.stderr.write(`Standard output cannot be written: ${messageOf(error)}\n`);
    stop.abort(new Stopped('The reader of standard output has gone away.', quiet ? 0 : 1));
  });
  const log = createLogger(writer, { debug });
  captureStdout(log);

  for (const [name, exitCode] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(exitCode);
      log.warn(`Stopping on ${name}.`);
      stop.abort(new Stopped(`Stopped by ${name}.`, exitCode));
    });
  }

  const failed = (error: unknown): number => {
    const { reason } = stop.signal as { readonly reason: unknown };
    if (reason instanceof Stopped) return reason.exitCode;
    tellFailure(error, { writer, log });
    return 1;
  };
  let strayed = false;
  const stray = new Promise<number>((resolve) => {
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      // Not `once`: the next one would be printed by the runtime as it is, secrets and all.
      process.on(event, (error) => {
        if (strayed) log.error(messageOf(error));
        else resolve(failed(error));
        strayed = true;
      });
    }
  });
  const patience = new Promise<number>((resolve) => {
    stop.signal.addEventListener('abort', () => {
      setTimeout(() => resolve(failed(stop.signal.reason)), GRACE_MS).unref();
    });
  });
  const done = work({ writer, log, signal: stop.signal }).then(() => 0, failed);

  const decided = await Promise.race([done, stray, patience]);
  await writer.end();
  // The last lines may have met a full disk.
  const { reason } = stop.signal as { readonly reason: unknown };
  const exitCode = reason instanceof Stopped ? reason.exitCode : decided;
  // Not before: what is still on its way to a pipe would be lost.
  process.exit(exitCode);
};
