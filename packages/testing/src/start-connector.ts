import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { HeadwaterError, type AirbyteMessage } from '@headwater/core';

import { ConnectorRun } from './connector-run.ts';
import { printedLines } from './printed-lines.ts';

export interface RunOptions {
  /** Variables beside those of this process; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default the working directory of this process */
  readonly cwd?: string;
  /** @default nothing: stdin ends at once */
  readonly stdin?: string;
  /**
   * Milliseconds after which the process is killed and the result rejects with a `ConnectorTimeoutError`.
   *
   * @default 60_000
   */
  readonly timeout?: number;
  /** Called with every message when it arrives. A throw kills the process and rejects the result. */
  readonly onLine?: (message: AirbyteMessage) => void;
  /**
   * Called with every message until it returns true: then the process is sent `signal`.
   *
   * @example
   * killAfter: ({ type }) => type === 'STATE'
   */
  readonly killAfter?: (message: AirbyteMessage) => boolean;
  /** @default 'SIGTERM' */
  readonly signal?: NodeJS.Signals;
}

/** A connector's process, which is killed at the end of its scope if it still runs. */
export interface RunningConnector extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Settles when the process has ended and its output is read to the end. */
  readonly result: Promise<ConnectorRun>;
  /** @param signal 'SIGTERM' by default */
  kill(signal?: NodeJS.Signals): void;
  /** Stops reading stdout, so that the connector soon meets a full pipe. `result` waits for `resume`. */
  pause(): void;
  resume(): void;
  /** Closes the reading end of stdout, so that the connector meets EPIPE. */
  closeStdout(): void;
}

/** The process did not end in time and was killed. */
export class ConnectorTimeoutError extends HeadwaterError {
  override readonly name = 'ConnectorTimeoutError';
  override readonly code = 'HEADWATER_CONNECTOR_TIMEOUT';
  override readonly failureType = 'system_error';
  /** What it had printed until then. */
  readonly stdout: string;
  readonly stderr: string;

  constructor(command: string, timeout: number, { stdout, stderr }: { stdout: string; stderr: string }) {
    const end = (text: string) => (text === '' ? 'nothing' : `\n${text.slice(-2000)}`);
    super(
      `${command} did not end within ${timeout} ms and was killed.\n` +
        `The end of its stdout: ${end(stdout)}\nThe end of its stderr: ${end(stderr)}`,
    );
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/**
 * Starts a connector the way an orchestrator does, as a process of its own with piped output.
 *
 * @param command a program and its first arguments, or the path of a module that this very Node runs
 * @example
 * await using running = startConnector('dist/main.js', ['read', '--config', config, '--catalog', catalog]);
 * running.pause();
 */
export const startConnector = (
  command: readonly string[] | string,
  args: readonly string[],
  options: RunOptions = {},
): RunningConnector => {
  const { env, cwd, stdin = '', timeout = 60_000, onLine, killAfter, signal = 'SIGTERM' } = options;
  const [program, ...programArgs] =
    typeof command === 'string' ? [process.execPath, command, ...args] : [...command, ...args];
  if (program === undefined) throw new TypeError('The command is empty: its first item has to be a program.');

  const child = spawn(program, programArgs, {
    env: { ...process.env, ...env },
    stdio: 'pipe',
    ...(cwd !== undefined && { cwd }),
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  let killed = false;
  let closed = false;

  const lines = printedLines((message) => {
    onLine?.(message);
    if (!killed && killAfter?.(message)) killed = child.kill(signal);
  });

  const destroy = (): void => {
    child.kill('SIGKILL');
    // A process that the connector left behind would keep these open.
    child.stdout.destroy();
    child.stderr.destroy();
  };

  const result = new Promise<ConnectorRun>((resolve, reject) => {
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      const name = [program, ...programArgs].join(' ');
      fail(new ConnectorTimeoutError(name, timeout, { stdout: stdout.join(''), stderr: stderr.join('') }));
    }, timeout);
    const orFail = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        fail(error);
      }
    };

    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout.push(piece);
      orFail(() => lines.write(piece));
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => stderr.push(piece));
    child.once('error', fail);
    child.once('close', (exitCode, endedBy) => {
      clearTimeout(timer);
      // Half a line is the connector's doing only if its output was read to the end.
      if (!closed) orFail(() => lines.end());
      const text = { stdout: stdout.join(''), stderr: stderr.join('') };
      const { messages, notJson } = lines;
      resolve(new ConnectorRun({ exitCode, signal: endedBy, ...text, messages, notJson }));
    });
  });
  // A test may look at the result late, or only at what `onLine` saw.
  result.catch(() => {});

  // A connector that ends without reading its stdin is no failure.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);

  return {
    pid: child.pid,
    result,
    kill: (chosen = 'SIGTERM') => void child.kill(chosen),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    closeStdout() {
      closed = true;
      child.stdout.destroy();
    },
    async [Symbol.asyncDispose]() {
      const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
      const ended = running ? once(child, 'exit') : undefined;
      destroy();
      await ended;
    },
  };
};
