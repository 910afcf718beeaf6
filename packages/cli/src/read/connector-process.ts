import { spawn, type ChildProcess } from 'node:child_process';

import { parseLossless, type AirbyteMessage } from '@headwater/core';

import { isJsonObject } from '../types/read-document.ts';
import type { Connector } from './connector.ts';
import { linesOf } from './lines.ts';
import { isProbeReport, type ProbeReport } from './probe-report.ts';

/** Who listens to a connector. */
export interface Hearing {
  /** Called with each message; the next is read when it is done with it. */
  readonly message: (message: AirbyteMessage) => void | Promise<void>;
  readonly report?: (report: ProbeReport) => void;
  /** Called with lines that are no messages: what the author printed while looking for a mistake. */
  readonly line?: (text: string) => void;
}

/** How a connector's process ended. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Whether it ended because it was told to. */
  readonly wasStopped: boolean;
  /** Why it could not be started, or listened to. */
  readonly error?: Error;
}

export interface Running {
  readonly done: Promise<Ended>;
  /** Ends it as Airbyte does, with SIGTERM; what it says from now on is not heard. One that does not obey is killed. */
  readonly stop: () => void;
}

/** Milliseconds until a process that was told to end is killed. */
const GRACE = 3000;
/** What a crash says is at the end; more than this of stderr is not kept. */
const KEPT = 64 * 1024;
/** Milliseconds from the first line on stderr until it is shown without waiting for how it goes on. */
const HELD = 1000;

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Starts a command of a connector. */
export const startConnector = (connector: Connector, args: readonly string[], hearing: Hearing): Running => {
  const probe = connector.isProbed ? ['--import', new URL('probe.js', import.meta.url).href] : [];
  const child = spawn(connector.program, [...probe, ...connector.args, ...args], {
    cwd: connector.directory,
    stdio: ['ignore', 'pipe', 'pipe', ...(connector.isProbed ? ['ipc' as const] : [])],
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new TypeError('The process has no pipes.');
  alive.add(child);
  let wasStopped = false;
  let hasSpoken = false;
  let said = '';
  let held: string[] = [];
  const tell = (line: string): void => {
    if (!wasStopped) hearing.line?.(line);
  };
  const release = (): void => {
    hasSpoken = true;
    for (const line of held) tell(line);
    held = [];
  };
  let timer: NodeJS.Timeout | undefined;

  const stop = (): void => {
    if (wasStopped) return;
    wasStopped = true;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), GRACE);
    child.once('exit', () => {
      clearTimeout(kill);
      // A process it left behind would keep these open.
      stdout.destroy();
      stderr.destroy();
    });
  };
  const listen = async (): Promise<void> => {
    for await (const line of linesOf(stdout)) {
      if (wasStopped || line === '') continue;
      if (!hasSpoken) release();
      const message = messageOf(line);
      if (message) await hearing.message(message);
      else tell(line);
    }
  };
  const listenToErrors = async (): Promise<void> => {
    for await (const line of linesOf(stderr)) {
      said = `${said}${line}\n`.slice(-KEPT);
      if (hasSpoken) {
        tell(line);
      } else {
        // A crash at the start is explained when the process has ended, and not shown raw before.
        held.push(line);
        timer ??= setTimeout(release, HELD);
      }
    }
  };
  child.on('message', (message) => {
    if (isProbeReport(message)) hearing.report?.(message);
  });
  const done = (async (): Promise<Ended> => {
    const ended = new Promise<Pick<Ended, 'exitCode' | 'signal' | 'error'>>((resolve) => {
      child.once('error', (error) => resolve({ exitCode: null, signal: null, error }));
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    try {
      await Promise.all([listen(), listenToErrors()]);
      return { ...(await ended), stderr: said, wasStopped };
    } catch (error) {
      const asked = wasStopped;
      stop();
      const how = await ended;
      // What broke the listening off is told, unless it was the end of the process itself.
      return { ...how, stderr: said, wasStopped: asked, ...(!asked && !how.error && { error: error as Error }) };
    } finally {
      clearTimeout(timer);
      alive.delete(child);
    }
  })();
  return { done, stop };
};

const messageOf = (line: string): AirbyteMessage | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = parseLossless(line);
    // Its members are looked at with care, since any program may have written them.
    return isJsonObject(value) && typeof value['type'] === 'string' ? (value as unknown as AirbyteMessage) : undefined;
  } catch {
    return undefined;
  }
};
