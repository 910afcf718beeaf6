import { runInProcess, type Source } from '@headwater/core';

import { ConnectorRun } from './connector-run.ts';
import { printedLines } from './printed-lines.ts';
import { ConnectorTimeoutError, type RunOptions } from './start-connector.ts';

/** What only a process has. */
const OF_A_PROCESS = ['env', 'cwd', 'stdin', 'signal'] as const;

/** Runs a command of a source within this process, and gathers what a process would have printed. */
export const runSourceHere = async (
  source: Source,
  args: readonly string[],
  { timeout = 60_000, onLine, killAfter, ...others }: RunOptions,
): Promise<ConnectorRun> => {
  for (const option of OF_A_PROCESS) {
    if (others[option] === undefined) continue;
    throw new TypeError(`The option ${option} is for a process of its own: give runConnector a command, not a source.`);
  }
  const stop = new AbortController();
  const decoder = new TextDecoder();
  const stdout: string[] = [];
  let failure: { readonly error: unknown } | undefined;
  const end = (error: unknown): void => {
    failure ??= { error };
    stop.abort(error);
  };
  const lines = printedLines((message) => {
    onLine?.(message);
    if (!stop.signal.aborted && killAfter?.(message)) stop.abort(new Error('The test has stopped the source.'));
  });
  const take = (piece: string): void => {
    stdout.push(piece);
    try {
      lines.write(piece);
    } catch (error) {
      end(error);
    }
  };

  const name = `${source.constructor.name} ${args.join(' ')}`;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new ConnectorTimeoutError(name, timeout, { stdout: stdout.join(''), stderr: '' });
      end(error);
      reject(error);
    }, timeout);
  });
  try {
    const write = (piece: Uint8Array): void => take(decoder.decode(piece, { stream: true }));
    const exitCode = await Promise.race([runInProcess(source, args, { write, signal: stop.signal }), late]);
    lines.end();
    if (failure) throw failure.error;
    const { messages, notJson } = lines;
    return new ConnectorRun({ exitCode, signal: null, stdout: stdout.join(''), stderr: '', messages, notJson });
  } finally {
    clearTimeout(timer);
  }
};
