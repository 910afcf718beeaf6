import { resolve } from 'node:path';

import { CommandError } from '../command-error.ts';
import { discoverStreams } from './ask-connector.ts';
import { chooseStreams, configuredStream, type DiscoveredStream } from './choose-streams.ts';
import { findConfig } from './config.ts';
import { findConnector } from './connector.ts';
import { failureText } from './failure-text.ts';
import { liveText, progressLine } from './live-text.ts';
import { openView } from './live-view.ts';
import { openOutput, standardOutput } from './output.ts';
import { Progress, type Failure } from './progress.ts';
import { readStreams } from './read-streams.ts';
import { jsonRecords, noRecords, tableRecords, type Records } from './records.ts';
import { stateSince } from './since.ts';
import { summaryOf } from './summary.ts';
import type { Workplace } from './workplace.ts';

/** What the commands of this folder have in common. */
export interface CommonOptions {
  readonly command?: string;
  readonly config?: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

export interface ReadOptions extends CommonOptions {
  readonly stream: readonly string[];
  readonly limit?: number;
  readonly since?: string;
  readonly state?: string;
  readonly incremental: boolean;
  readonly output?: string;
  readonly format?: 'json' | 'table';
}

/** Rows of a table when nobody says how many. */
const ROWS = 10;
/** Processes that read at a time, where each stream has its own. */
const PARALLEL = 2;

/**
 * Reads once, and says whether all went well.
 *
 * @throws CommandError when it cannot begin
 */
export const readOnce = async (directory: string, options: ReadOptions, place: Workplace): Promise<boolean> => {
  const { stream: asked, limit, since, json, verbose: isVerbose } = options;
  const connector = findConnector(directory, options.command);
  const config = await findConfig(connector, options.config, place);
  const { redact } = config;
  const { signal } = place;
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const catalog = await discoverStreams(
    { connector, redact, signal, hearing: { line: (line) => tell(redact(line)) } },
    config.path,
  );
  const chosen = chooseStreams(catalog, asked);
  const isIncremental = options.incremental || since !== undefined || options.state !== undefined;
  const state = await stateFile(chosen, options, place, tell);

  const progress = new Progress(chosen.map(({ name }) => name));
  const view = await openView({
    block: (room) => liveText(progress.snapshot(), room),
    line: () => progressLine(progress.snapshot()),
  });
  try {
    const records = await recordsFor(options, chosen, () => view.clear());
    await readStreams(
      {
        connector,
        config,
        streams: chosen.map((stream) => configuredStream(stream, isIncremental)),
        state,
        limit,
        parallel: PARALLEL,
        progress,
        records,
        tell: (text) => view.above(text),
        isVerbose,
      },
      place,
    );
    view.clear();
    await records.end();
    view.end();
  } catch (error) {
    view.close();
    throw error;
  }
  signal.throwIfAborted();
  const show = (failure: Failure): string => redact(failureText(failure, connector.directory));
  for (const { name, failures } of progress.streams) for (const one of failures) tell(`${name}: ${show(one)}`);
  for (const failure of progress.failures) tell(`${connector.name}: ${show(failure)}`);
  const summary = summaryOf(connector.name, progress, redact);
  if (json) await standardOutput().write(`${JSON.stringify(summary, undefined, 2)}\n`);
  return summary.ok;
};

const stateFile = async (
  chosen: readonly DiscoveredStream[],
  { since, state }: ReadOptions,
  { folder }: Workplace,
  tell: (text: string) => void,
): Promise<string | undefined> => {
  if (since === undefined) return state === undefined ? undefined : resolve(state);
  const document = stateSince(chosen, since);
  const has = new Set(document.map(({ stream }) => stream.stream_descriptor.name));
  const without = chosen.map(({ name }) => name).filter((name) => !has.has(name));
  if (document.length === 0) {
    throw new CommandError(`--since ${since}: none of the streams has a cursor field: ${without.join(', ')}.`);
  }
  if (without.length > 0) tell(`--since has no effect on streams without a cursor field: ${without.join(', ')}.`);
  return folder.write('state.json', document);
};

const recordsFor = async (
  { json, limit, format, output, stream: asked }: ReadOptions,
  chosen: readonly DiscoveredStream[],
  before: () => void,
): Promise<Records> => {
  // With --json, standard output is for the summary.
  if (json && output === undefined) return noRecords;
  const to = await openOutput(output ?? '-');
  const isTable = format === undefined ? to.isTerminal : format === 'table';
  if (isTable) return tableRecords(to, chosen, limit ?? ROWS);
  return jsonRecords(to, asked.length > 0 && chosen.length === 1, before);
};
