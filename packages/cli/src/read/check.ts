import { checkConnection, discoverStreams } from './ask-connector.ts';
import { checkText, verdictOf, type Verdict } from './check-text.ts';
import { chooseStreams, configuredStream } from './choose-streams.ts';
import { findConfig } from './config.ts';
import { findConnector } from './connector.ts';
import { openView } from './live-view.ts';
import { standardOutput } from './output.ts';
import { Progress } from './progress.ts';
import type { CommonOptions } from './read.ts';
import { readStreams } from './read-streams.ts';
import { noRecords } from './records.ts';
import type { Workplace } from './workplace.ts';

export interface CheckOptions extends CommonOptions {
  readonly stream: readonly string[];
  /** Milliseconds that a stream may take for its first record. */
  readonly timeout: number;
}

/** Streams asked at a time. */
const PARALLEL = 3;

/**
 * Runs the connector's own check, then asks each stream for one record; says whether all of it went well.
 *
 * @throws CommandError when the check cannot be made
 */
export const checkOnce = async (directory: string, options: CheckOptions, place: Workplace): Promise<boolean> => {
  const connector = findConnector(directory, options.command);
  const config = await findConfig(connector, options.config, place);
  const { redact } = config;
  const { signal } = place;
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const asking = { connector, redact, signal, hearing: { line: (line: string) => tell(redact(line)) } };
  const finish = async (ok: boolean, message: string | undefined, streams: readonly Verdict[]): Promise<boolean> => {
    const document = { connector: connector.name, ok, ...(message !== undefined && { message }), streams };
    if (options.json) await standardOutput().write(`${JSON.stringify(document, undefined, 2)}\n`);
    return ok;
  };

  const { status, message } = await checkConnection(asking, config.path);
  if (status !== 'SUCCEEDED') {
    const why = redact(message ?? 'The connector does not say why.');
    tell(`The check of ${connector.name} failed: ${why}`);
    return finish(false, why, []);
  }
  tell(`The check of ${connector.name} succeeded.`);

  const streams = chooseStreams(await discoverStreams(asking, config.path), options.stream);
  const progress = new Progress(streams.map(({ name }) => name));
  const verdicts = (): readonly Verdict[] => {
    const { isProbed } = progress.snapshot();
    return progress.streams.map((stream) => verdictOf(stream, isProbed, redact));
  };
  const view = await openView({
    block: ({ width, rows }) => checkText(verdicts(), Date.now(), { width, rows }),
    line: () =>
      `${progress.streams.filter(({ ended }) => ended !== undefined).length} of ${streams.length} streams checked`,
  });
  try {
    await Promise.all(
      // Each stream has a process and a time limit of its own; a few of them run at once.
      inLanes(streams, PARALLEL).map(async (lane) => {
        for (const stream of lane) {
          const limit = AbortSignal.timeout(options.timeout);
          await readStreams(
            {
              connector,
              config,
              streams: [configuredStream(stream, false)],
              limit: 1,
              parallel: 1,
              progress,
              records: noRecords,
              tell: options.verbose ? (text) => view.above(text) : () => {},
              isVerbose: options.verbose,
            },
            { ...place, signal: AbortSignal.any([signal, limit]) },
          );
          if (signal.aborted) return;
          const { status: how } = progress.of(stream.name) ?? {};
          if (how === 'stopped') {
            const late = `no record came within ${options.timeout / 1000} s. Give it longer with --timeout.`;
            progress.fail(stream.name, { message: late });
          }
        }
      }),
    );
    view.end();
  } catch (error) {
    view.close();
    throw error;
  }
  signal.throwIfAborted();
  for (const failure of progress.failures) tell(redact(failure.message));
  return finish(progress.failures.length === 0 && verdicts().every(({ readable }) => readable), undefined, verdicts());
};

const inLanes = <T>(items: readonly T[], count: number): readonly (readonly T[])[] =>
  Array.from({ length: count }, (_, lane) => items.filter((_item, index) => index % count === lane));
