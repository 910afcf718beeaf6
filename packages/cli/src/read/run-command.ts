import { CommandError } from '../command-error.ts';
import { ReaderGone } from './output.ts';
import { watchConnector } from './watch.ts';
import { withWorkplace, type Workplace } from './workplace.ts';

/** One run of a command; resolves with whether all went well. */
export type Run = (place: Workplace) => Promise<boolean>;

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal asked for the end. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Interrupted.');
    this.exitCode = exitCode;
  }
}

/** The sources have changed: the run is of no use any more. */
class Outdated extends Error {}

/**
 * Runs a command, and sets the exit code of this process: 0, 1 when something failed, 130 and 143 for SIGINT and SIGTERM.
 *
 * @throws CommandError when it cannot run
 */
export const runCommand = async (run: Run): Promise<void> => {
  await interruptible(async (signal) => {
    if (!(await withWorkplace(signal, run))) process.exitCode = 1;
  });
};

/**
 * Runs a command now and after each change of the connector, until Ctrl-C, which is how it ends well. A run that is not
 * over when something changes ends first. Mistakes are told, not fatal.
 */
export const runWatched = async (run: Run, directory: string, config: string | undefined): Promise<void> => {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const changes = watchConnector(directory, config);
  await interruptible(async (signal) => {
    signal.addEventListener('abort', changes.stop, { once: true });
    try {
      let change: Promise<string | undefined> | undefined;
      while (!signal.aborted) {
        const outdated = new AbortController();
        const ended = withWorkplace(AbortSignal.any([signal, outdated.signal]), run).catch((error: unknown) => {
          if (error instanceof CommandError) tell(error.message);
          else if (!(error instanceof Outdated || error instanceof Interrupted)) throw error;
        });
        change = changes.next();
        const first = await Promise.race([ended.then(() => undefined), change]);
        if (first === undefined && !signal.aborted) tell('Watching for changes. Press Ctrl-C to end.');
        const name = await Promise.race([change, ended.then(() => change)]);
        outdated.abort(new Outdated('The connector has changed.'));
        await ended;
        if (name !== undefined) tell(`${name} has changed.`);
      }
    } finally {
      changes.stop();
    }
  }, true);
};

/** Does work that ends early on SIGINT and SIGTERM, and quietly when nobody reads on. */
const interruptible = async (work: (signal: AbortSignal) => Promise<void>, isEndedBySigint = false): Promise<void> => {
  const stop = new AbortController();
  const handlers = Object.entries(SIGNALS).map(([name, exitCode]) => {
    const code = isEndedBySigint && name === 'SIGINT' ? 0 : exitCode;
    const handler = (): void => {
      // A second one does not wait for the connector.
      if (stop.signal.aborted) process.exit(exitCode);
      stop.abort(new Interrupted(code));
    };
    process.on(name, handler);
    return () => void process.removeListener(name, handler);
  });
  try {
    await work(stop.signal);
  } catch (error) {
    if (error instanceof ReaderGone) return;
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    for (const remove of handlers) remove();
  }
  const { reason } = stop.signal as { readonly reason: unknown };
  if (reason instanceof Interrupted) process.exitCode = reason.exitCode;
};
