import type { Logger } from '../../src/output/logger.ts';
import { Writer, type OutputStream } from '../../src/output/writer.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import type { AirbyteMessage, ConfiguredAirbyteStream } from '../../src/protocol/types.ts';
import { readSource } from '../../src/source/read-source.ts';
import { noState, parseState } from '../../src/source/state-input.ts';
import { Rejects } from '../../src/stream/rejects.ts';
import type { Stream } from '../../src/stream/stream.ts';

/** What a sync gave: its messages, sorted. */
export interface Sync {
  readonly messages: readonly AirbyteMessage[];
  readonly error: unknown;
  /** The data of the records, in order; by stream with `recordsOf`. */
  readonly records: readonly JsonObject[];
  recordsOf(stream: string): readonly JsonObject[];
  /** The last state of the first stream. */
  readonly state: JsonObject;
  readonly states: readonly JsonObject[];
  readonly warnings: readonly string[];
  readonly estimates: readonly (number | undefined)[];
}

export interface SyncOptions {
  /** @default a full refresh */
  readonly incremental?: boolean;
  /** The state of the first stream. */
  readonly state?: JsonObject;
  /** @default 32 */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** The file for records that no schema would have. */
  readonly rejects?: string;
  /** Called with each record when it is written. */
  readonly onRecord?: (record: JsonObject) => void;
}

/** Reads streams the way `read` does, within this process. */
export const sync = async (streams: Stream | readonly Stream[], options: SyncOptions = {}): Promise<Sync> => {
  const all = Array.isArray(streams) ? (streams as readonly Stream[]) : [streams as Stream];
  const {
    incremental = false,
    state,
    concurrency = 32,
    signal = new AbortController().signal,
    rejects,
    onRecord,
  } = options;
  const messages: AirbyteMessage[] = [];
  const out = splitter((message) => {
    messages.push(message);
    if (message.record) onRecord?.(message.record.data);
  });
  const writer = new Writer(out);
  const warnings: string[] = [];
  const log: Logger = { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {}, fatal() {} };
  const configured = all.map(({ name }): ConfiguredAirbyteStream => ({
    stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
    sync_mode: incremental ? 'incremental' : 'full_refresh',
    destination_sync_mode: 'append',
  }));
  const states =
    state === undefined
      ? noState
      : parseState(
          [{ type: 'STREAM', stream: { stream_descriptor: { name: all[0]!.name }, stream_state: state } }],
          'the test',
        );
  const error: unknown = await readSource({
    streams: all,
    catalog: { streams: configured },
    states,
    directory: '.',
    validation: 'repair',
    rejects: rejects === undefined ? undefined : new Rejects(rejects),
    concurrency,
    writer,
    log,
    signal,
  }).catch((thrown: unknown) => thrown);
  await writer.end();

  const recordsOf = (stream?: string): readonly JsonObject[] =>
    messages.flatMap(({ record }) =>
      record && (stream === undefined || record.stream === stream) ? [record.data] : [],
    );
  const emitted = messages.flatMap(({ state: each }) =>
    each?.stream?.stream_descriptor.name === all[0]!.name ? [each.stream.stream_state as JsonObject] : [],
  );
  return {
    messages,
    error,
    records: recordsOf(),
    recordsOf,
    state: emitted.at(-1) ?? {},
    states: emitted,
    warnings,
    estimates: messages.flatMap(({ trace }) => (trace?.estimate ? [trace.estimate.row_estimate] : [])),
  };
};

/** Takes pieces of text and gives messages. */
const splitter = (take: (message: AirbyteMessage) => void): OutputStream => {
  let rest = '';
  return {
    write(chunk, done) {
      const lines = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(JSON.parse(line) as AirbyteMessage);
      done();
      return true;
    },
    on() {},
  };
};
