import { isObject, type ExactObject } from '../exact-json.ts';
import { toJson } from '../../to-json.ts';
import { launcher, type Launch } from '../launcher.ts';
import { statesIn, type ObservedRun } from '../observed-run.ts';
import type { DestinationSuiteOptions } from './options.ts';

/** The runs of one destination, shared between the rules. */
export interface DestinationRuns {
  readonly options: DestinationSuiteOptions;
  readonly all: readonly ObservedRun[];
  readonly launch: (what: Launch) => Promise<ObservedRun>;
  readonly spec: () => Promise<ObservedRun>;
  readonly configSchema: () => Promise<ExactObject | undefined>;
  readonly check: () => Promise<ObservedRun>;
  /** Writes lines to one stream. A string is sent as it is, another value as JSON with a line feed. */
  readonly write: (
    label: string,
    stream: string,
    lines: readonly unknown[],
    extra?: Partial<Launch>,
  ) => Promise<ObservedRun>;
  /** Ten records in three parts, each followed by its STATE. */
  readonly ordinary: () => Promise<Written>;
}

export interface Written {
  readonly stream: string;
  readonly run: ObservedRun;
  /** The STATE messages that were sent. */
  readonly sent: readonly ExactObject[];
  readonly records: readonly ExactObject[];
}

/** Streams of an earlier run of the suite do not get into the way. */
export const streamFor = (what: string): string =>
  `headwater_${what}_${process.pid.toString(36)}${Date.now().toString(36)}`;

export const destinationRuns = (
  command: readonly string[] | string,
  options: DestinationSuiteOptions,
): DestinationRuns => {
  const { config } = options;
  const { launch, runs } = launcher(command, options);
  const spec = once(() => launch({ label: 'spec', command: 'spec' }));
  const write: DestinationRuns['write'] = (label, stream, lines, extra = {}) =>
    launch({ label, command: 'write', config, catalog: catalogOf(stream), stdin: linesOf(lines), ...extra });
  return {
    options,
    all: runs,
    launch,
    spec,
    configSchema: once(async () => {
      const [found] = (await spec()).messages.flatMap((message) =>
        isObject(message['spec']) ? [message['spec']] : [],
      );
      const schema = found?.['connectionSpecification'];
      return isObject(schema) ? schema : undefined;
    }),
    check: once(() => launch({ label: 'check', command: 'check', config })),
    write,
    ordinary: once(async () => {
      const stream = streamFor('ordinary');
      const records = Array.from({ length: 10 }, (_, index) => ({ id: index + 1, name: `Zoë "${index}"\n\u2028` }));
      const sent = [3, 6, 10].map((reached) => stateMessage(stream, reached));
      const lines: unknown[] = [];
      for (const data of records) {
        lines.push(recordMessage(stream, data));
        const state = sent.find((one) => reachedBy(one) === data.id);
        if (state) lines.push(state);
      }
      return { stream, records, sent, run: await write('write (10 records, 3 STATEs)', stream, lines) };
    }),
  };
};

export const recordMessage = (stream: string, data: object): ExactObject => ({
  type: 'RECORD',
  record: { stream, data, emitted_at: Date.now() },
});

export const stateMessage = (name: string, reached: number): ExactObject => ({
  type: 'STATE',
  state: {
    type: 'STREAM',
    stream: { stream_descriptor: { name }, stream_state: { reached } },
    sourceStats: { recordCount: 1 },
  },
});

/** The number that a STATE of the suite holds; undefined for any other STATE. */
export const reachedBy = (message: ExactObject): number | undefined => {
  const state = isObject(message['state']) ? message['state'] : message;
  const stream = isObject(state['stream']) ? state['stream'] : {};
  const content = isObject(stream['stream_state']) ? stream['stream_state'] : {};
  return typeof content['reached'] === 'number' ? content['reached'] : undefined;
};

/** What the destination acknowledged, in its order. */
export const acknowledged = (run: ObservedRun): (number | undefined)[] =>
  statesIn(run).map(({ state }) => reachedBy(state));

const catalogOf = (name: string): ExactObject => {
  const properties = { id: { type: 'integer' }, name: { type: 'string' } };
  const stream = {
    name,
    json_schema: { type: 'object', properties },
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_primary_key: [['id']],
  };
  // The platform has sent these three with every catalog since it knows refreshes.
  const refresh = { sync_id: 1, generation_id: 0, minimum_generation_id: 0 };
  return {
    streams: [{ stream, sync_mode: 'incremental', destination_sync_mode: 'append', primary_key: [['id']], ...refresh }],
  };
};

const linesOf = (lines: readonly unknown[]): string =>
  lines.map((line) => (typeof line === 'string' ? line : `${toJson(line)}\n`)).join('');

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
