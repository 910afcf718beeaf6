import { spawn, type ChildProcess } from 'node:child_process';

import { CommandError } from '../command-error.ts';

/** Lines of the output that a failure shows. */
const SHOWN_LINES = 30;

/** Milliseconds a program has to end by itself after it was told to. */
const GRACE = 3_000;

/** What npm tells the scripts it runs about itself; another npm in another folder would believe it. */
const OF_ANOTHER_RUN =
  /^(npm_lifecycle_|npm_package_|npm_config_(local_prefix|prefix|yes)$|npm_command$|INIT_CWD$|HEADWATER_)/;

export interface Step {
  /** What a person would type. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program, and all that it has started. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program to its end and keeps what it says to itself, unless it fails.
 *
 * @throws CommandError with the end of its output when it fails
 */
export const runStep = async ({ command, cwd, env = {}, signal }: Step): Promise<void> => {
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const inherited = Object.entries(process.env).filter(([name]) => !OF_ANOTHER_RUN.test(name));
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own, all that it starts can be ended with it, and Ctrl-C reaches this process alone.
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const end = endWith(child, signal);
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, killer) => resolve(status ?? killer ?? 'unknown'));
    });
    signal.throwIfAborted();
    if (code === 0) return;
    const lines = Buffer.concat(said).toString('utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
    throw new CommandError(
      `\`${command.join(' ')}\` failed (exit code ${code}). The end of what it said:\n\n${lines.join('\n')}\n`,
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new CommandError(`${program} is not on the PATH. Install it, or use --no-install.`, { cause: error });
  } finally {
    end();
  }
};

/** Ties the life of a program to a signal and to this process. */
const endWith = (child: ChildProcess, signal: AbortSignal): (() => void) => {
  const kill = (how: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      if (process.platform === 'win32') child.kill(how);
      else process.kill(-child.pid, how);
    } catch {
      // The group is gone already.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    kill('SIGTERM');
    timer = setTimeout(() => kill('SIGKILL'), GRACE);
  };
  const onExit = (): void => kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    process.removeListener('exit', onExit);
    // What was told to end but outlived its parent.
    if (signal.aborted) kill('SIGKILL');
  };
};
