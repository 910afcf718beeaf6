import { resolve } from 'node:path';

import { isObject, short, type ExactObject } from './exact-json.ts';
import { faultProxy } from './fault-proxy.ts';
import { launcher, type Launch, type Launcher } from './launcher.ts';
import { ending, recordsIn, statesIn, succeeded, type ObservedRun } from './observed-run.ts';
import { NotApplicable } from './rule.ts';
import type { SourceSuiteOptions } from './source-options.ts';
import { discoveredStreams, givenStreams, type ReadMode, type SuiteStream } from './suite-stream.ts';
import { stateAfter } from './states.ts';

/** What a read is started with, beside the files. */
export type ReadOptions = Partial<
  Pick<Launch, 'args' | 'env' | 'config' | 'onMessage' | 'onStart' | 'rewrite' | 'state'>
>;

/** The runs of one connector. Each happens when a rule first asks for it, and once only. */
export interface SourceRuns {
  readonly options: SourceSuiteOptions;
  /** What the connector does with cassettes. While they are recorded, no run may end early or meet a fault. */
  readonly cassetteMode: 'record' | 'replay' | undefined;
  /** Whether the requests that are recorded go to another server than the API (`HEADWATER_CASSETTE_ORIGIN`). */
  readonly recordsFromOrigin: boolean;
  readonly all: readonly ObservedRun[];
  readonly launch: Launcher['launch'];
  readonly spec: () => Promise<ObservedRun>;
  /** The JSON Schema of the config; undefined when the connector tells none. */
  readonly configSchema: () => Promise<ExactObject | undefined>;
  readonly check: () => Promise<ObservedRun>;
  readonly discover: () => Promise<ObservedRun>;
  readonly discoverAgain: () => Promise<ObservedRun>;
  /** @throws NotApplicable when there is no catalog */
  readonly streams: () => Promise<readonly SuiteStream[]>;
  readonly read: (label: string, mode: ReadMode, options?: ReadOptions) => Promise<ObservedRun>;
  readonly fullRead: () => Promise<ObservedRun>;
  readonly fullReadAgain: () => Promise<ObservedRun>;
  /** Incremental where supported, without a state. */
  readonly firstRead: () => Promise<ObservedRun>;
  /** The read that goes on after the first `count` STATEs of `firstRead`. */
  readonly resumed: (count: number) => Promise<ObservedRun>;
  /** `firstRead` through a proxy in front of the API, and how many requests it sends; undefined without `hostile`. */
  readonly proxied: () => Promise<{ readonly run: ObservedRun; readonly requests: number } | undefined>;
  /** Whether the connector knows `--debug`. */
  readonly knowsDebug: () => Promise<boolean>;
}

export const sourceRuns = (command: readonly string[] | string, options: SourceSuiteOptions): SourceRuns => {
  const { config, cassettes, cwd = '.', env } = options;
  const { HEADWATER_CASSETTE: wanted, HEADWATER_CASSETTE_ORIGIN: origin } = { ...process.env, ...env };
  const cassetteMode =
    cassettes === undefined || wanted === 'off' ? undefined : wanted === 'record' ? 'record' : 'replay';
  const cassette = cassettes !== undefined && {
    HEADWATER_CASSETTE: cassetteMode ?? 'off',
    HEADWATER_CASSETTE_DIR: resolve(cwd, cassettes),
  };
  if (origin && wanted !== 'record' && wanted !== 'replay' && cassetteMode === undefined) {
    throw new TypeError(
      'HEADWATER_CASSETTE_ORIGIN is set, but counts for HEADWATER_CASSETTE=record only: the connector would ask the API itself. Set both, or none.',
    );
  }
  const { launch, runs } = launcher(command, {
    ...options,
    env: { ...env, ...cassette },
    // Two processes would write the same file.
    ...(cassetteMode === 'record' && { parallel: 1 }),
  });

  const spec = once(() => launch({ label: 'spec', command: 'spec' }));
  const discover = (label: string) => once(() => launch({ label, command: 'discover', config }));
  const firstDiscover = discover('discover');

  const streams = once(async () => {
    if (options.catalog) return givenStreams(options.catalog, options);
    const run = await firstDiscover();
    const [catalog] = run.messages.flatMap((message) => (isObject(message['catalog']) ? [message['catalog']] : []));
    if (catalog === undefined) throw new NotApplicable(`discover gave no catalog: it ${ending(run)}.`);
    const found = discoveredStreams(catalog, options);
    if (found.length === 0) throw new NotApplicable('The catalog has no streams.');
    return found;
  });

  const read: SourceRuns['read'] = async (label, mode, extra = {}) => {
    const catalog = { streams: (await streams()).map((stream) => stream.configured(mode)) };
    return launch({ label, command: 'read', config, catalog, ...extra });
  };

  const fullRead = once(() => read('read (full refresh)', 'full'));
  const firstRead = once(async () => {
    const incremental = (await streams()).some((stream) => stream.incremental && stream.fullRefresh);
    return incremental ? read('read (incremental, no state)', 'incremental') : fullRead();
  });
  const resumptions = new Map<number, Promise<ObservedRun>>();

  return {
    options,
    cassetteMode,
    recordsFromOrigin: wanted === 'record' && Boolean(origin),
    all: runs,
    launch,
    spec,
    configSchema: once(async () => {
      const run = await spec();
      const [found] = run.messages.flatMap((message) => (isObject(message['spec']) ? [message['spec']] : []));
      const schema = found?.['connectionSpecification'];
      return isObject(schema) ? schema : undefined;
    }),
    check: once(() => launch({ label: 'check', command: 'check', config })),
    discover: firstDiscover,
    discoverAgain: discover('discover (second time)'),
    streams,
    read,
    fullRead,
    fullReadAgain: once(() => read('read (full refresh, second time)', 'full')),
    firstRead,
    resumed(count) {
      const known = resumptions.get(count);
      if (known) return known;
      const run = firstRead().then((first) =>
        read(`read (from STATE ${count})`, 'incremental', { state: stateAfter(first, count) }),
      );
      resumptions.set(count, run);
      return run;
    },
    proxied: once(async () => {
      const { hostile } = options;
      if (!hostile) return undefined;
      await using proxy = await faultProxy({ api: hostile.api });
      const { url, rewrite } = proxy;
      const run = await read('read (through a proxy)', 'incremental', { config: hostile.configOf(url), rewrite });
      return { run, requests: proxy.requests };
    }),
    knowsDebug: once(async () => {
      const run = await launch({ label: 'spec --debug', command: 'spec', args: ['--debug'] });
      return run.exitCode === 0 && run.messages.some(({ spec: found }) => isObject(found));
    }),
  };
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/** A read that a rule can build on. @throws NotApplicable when it did not come to its end */
export const whole = (run: ObservedRun): ObservedRun => {
  if (run.gap !== undefined) throw new NotApplicable(gapReason(run.gap));
  if (!succeeded(run))
    throw new NotApplicable(`"${run.label}" ${ending(run)}. The rule "read-succeeds" looks at that.`);
  return run;
};

/** What a replayed connector asked for was never recorded: nothing that is wrong with the connector. */
export const gapReason = (gap: string): string =>
  `The cassette has no answer for what this rule makes the connector ask (${short(gap, 300).replace(/\.$/, '')}). Record it: try the suite once with HEADWATER_CASSETTE=record.`;

/** The first read with STATEs in it. @throws NotApplicable when there is none */
export const readWithStates = async (runs: SourceRuns): Promise<ObservedRun> => {
  const run = whole(await runs.firstRead());
  if (statesIn(run).length === 0) throw new NotApplicable(`"${run.label}" printed no STATE.`);
  return run;
};

/** @throws NotApplicable when no record was read */
export const withRecords = (run: ObservedRun): ObservedRun => {
  if (recordsIn(run).length === 0) throw new NotApplicable(`"${run.label}" printed no RECORD.`);
  return run;
};
