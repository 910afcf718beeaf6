import { ConnectorTimeoutError, startConnector, type RunOptions } from '../start-connector.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { observe, type ObservedRun } from './observed-run.ts';

/** How the suite starts a connector. */
export interface LaunchOptions {
  /** Variables beside those of this process; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default the working directory of this process */
  readonly cwd?: string;
  /**
   * Milliseconds that one run may take.
   *
   * @default 120_000
   */
  readonly timeout?: number;
  /**
   * Processes at the same time.
   *
   * @default 2
   */
  readonly parallel?: number;
}

/** One run: the command, and what its files hold. A string is written as it is, another value as JSON. */
export interface Launch {
  readonly label: string;
  readonly command: 'spec' | 'check' | 'discover' | 'read' | 'write';
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly state?: unknown;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  readonly killAfter?: RunOptions['killAfter'];
  /** Called with every message when it arrives. */
  readonly onMessage?: NonNullable<RunOptions['onLine']>;
  readonly signal?: NodeJS.Signals;
  /** Milliseconds, where it is not the one of all runs. */
  readonly timeout?: number;
  /** Called with what sends the process a signal. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Texts of stdout that stand for others: the address of a proxy. */
  readonly rewrite?: (stdout: string) => string;
}

/** Starts processes, not too many at once, and remembers what each said. */
export interface Launcher {
  readonly runs: readonly ObservedRun[];
  readonly launch: (what: Launch) => Promise<ObservedRun>;
}

/** @param command a program and its first arguments, or the path of a module that this very Node runs */
export const launcher = (command: readonly string[] | string, options: LaunchOptions = {}): Launcher => {
  const { env = {}, cwd, timeout = 120_000, parallel = 2 } = options;
  const runs: ObservedRun[] = [];
  const waiting: (() => void)[] = [];
  let free = parallel;

  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };

  const run = async (what: Launch): Promise<ObservedRun> => {
    await using folder = await temporaryFolder();
    const args: string[] = [what.command];
    for (const name of ['config', 'catalog', 'state'] as const) {
      if (what[name] !== undefined) args.push(`--${name}`, await folder.write(`${name}.json`, what[name]));
    }
    const variables = { ...env, ...what.env };
    const about = { label: what.label, command: what.command, replays: variables['HEADWATER_CASSETTE'] === 'replay' };
    const { killAfter, signal, stdin, onStart, onMessage, rewrite = (text: string) => text } = what;
    await using running = startConnector(command, [...args, ...(what.args ?? [])], {
      env: variables,
      timeout: what.timeout ?? timeout,
      ...(cwd !== undefined && { cwd }),
      ...(killAfter && { killAfter }),
      ...(onMessage && { onLine: onMessage }),
      ...(signal && { signal }),
      ...(stdin !== undefined && { stdin }),
    });
    onStart?.((name) => running.kill(name));
    try {
      const { exitCode, signal: endedBy, stdout, stderr } = await running.result;
      return observe(about, { exitCode, signal: endedBy, stdout: rewrite(stdout), stderr, timedOut: false });
    } catch (error) {
      if (!(error instanceof ConnectorTimeoutError)) throw error;
      const { stdout, stderr } = error;
      return observe(about, { exitCode: null, signal: 'SIGKILL', stdout: rewrite(stdout), stderr, timedOut: true });
    }
  };

  return {
    runs,
    async launch(what) {
      await turn();
      try {
        const observed = await run(what);
        runs.push(observed);
        return observed;
      } finally {
        done();
      }
    },
  };
};
