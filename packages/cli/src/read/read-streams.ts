import type { AirbyteMessage } from '@headwater/core';

import type { ConfiguredStream } from './choose-streams.ts';
import type { Config } from './config.ts';
import { startConnector, type Ended } from './connector-process.ts';
import type { Connector } from './connector.ts';
import { crashOf } from './failure-text.ts';
import type { Progress } from './progress.ts';
import type { Records } from './records.ts';
import type { Workplace } from './workplace.ts';

/** What is read, and who follows it. */
export interface Reading {
  readonly connector: Connector;
  readonly config: Config;
  readonly streams: readonly ConfiguredStream[];
  /** A state file for `--state`. */
  readonly state?: string | undefined;
  /**
   * Records of each stream; all when undefined. With a limit each stream is read by a process of its own, which ends
   * with its last wanted record, so that nothing is read that nobody wants.
   */
  readonly limit?: number | undefined;
  /** How many such processes run at a time. */
  readonly parallel: number;
  readonly progress: Progress;
  readonly records: Records;
  /** Called with what the connector says to people, secrets taken out. */
  readonly tell: (text: string) => void;
  /** Whether messages below WARN are told too. */
  readonly isVerbose: boolean;
}

const LOUD: readonly unknown[] = ['WARN', 'ERROR'];

/**
 * Reads the streams. What goes wrong with them is in `progress`, not thrown.
 *
 * @throws what `records` throws
 */
export const readStreams = async (reading: Reading, place: Workplace): Promise<void> => {
  const { streams, limit, parallel } = reading;
  if (limit === undefined) return readTogether(reading, streams, place);
  const left = [...streams];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next && !place.signal.aborted; next = left.shift()) {
      await readTogether(reading, [next], place);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
};

const readTogether = async (
  reading: Reading,
  streams: readonly ConfiguredStream[],
  { folder, signal }: Workplace,
): Promise<void> => {
  const { connector, config, state, limit, progress, records, tell, isVerbose } = reading;
  const names = streams.map(({ stream }) => stream.name);
  const catalog = await folder.write(`catalog-${names.length === 1 ? fileName(names[0]) : 'all'}.json`, { streams });
  const args = ['read', '--config', config.path, '--catalog', catalog, ...(state ? ['--state', state] : [])];
  // Fewer pages are asked for in vain.
  if (limit !== undefined && connector.isHeadwater) args.push('--concurrency', '1');
  let isThrough = false;
  let broken: unknown;
  let fatal: string | undefined;

  const message = async (received: AirbyteMessage): Promise<void> => {
    const { record, log } = received;
    progress.message(received);
    if (log?.level === 'FATAL') fatal = log.message;
    if (log && (isVerbose || LOUD.includes(log.level))) tell(`${log.level} ${config.redact(log.message)}`);
    if (!record || !names.includes(record.stream)) return;
    try {
      await records.add(record.stream, record.data);
    } catch (error) {
      broken = error;
      return running.stop();
    }
    if (limit === undefined || (progress.of(record.stream)?.records ?? 0) < limit) return;
    isThrough = true;
    progress.end(record.stream, 'limit');
    running.stop();
  };
  const running = startConnector(connector, args, {
    message,
    report: (report) => progress.report(report),
    line: (text) => tell(config.redact(text)),
  });
  const [only] = names;
  if (limit !== undefined && only !== undefined) progress.start(only);
  if (signal.aborted) running.stop();
  signal.addEventListener('abort', running.stop, { once: true });
  const ended = await running.done;
  signal.removeEventListener('abort', running.stop);
  if (broken !== undefined) throw broken;
  if (!isThrough) settle(reading, names, ended, fatal);
};

/** Gives each stream its end that has not told of one, and the process its failure. */
const settle = (
  { connector, progress }: Reading,
  names: readonly string[],
  ended: Ended,
  fatal: string | undefined,
): void => {
  const unfinished = names.filter((name) => progress.of(name)?.ended === undefined);
  const failed = ended.error !== undefined || (!ended.wasStopped && ended.exitCode !== 0);
  const isTold = progress.failures.length > 0 || names.some((name) => (progress.of(name)?.failures ?? []).length > 0);
  const failure = fatal === undefined ? crashOf(ended, connector) : { message: fatal };
  if (failed && !isTold && failure) progress.fail(names.length === 1 ? names[0] : undefined, failure);
  for (const name of unfinished) {
    const hasFailures = (progress.of(name)?.failures ?? []).length > 0;
    progress.end(name, ended.wasStopped ? 'stopped' : failed || hasFailures ? 'failed' : 'done');
  }
};

const fileName = (name = ''): string => encodeURIComponent(name).replaceAll('%', '_').slice(0, 80);
