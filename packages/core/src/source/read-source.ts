import { ByteBudget } from '../concurrency/byte-budget.ts';
import { Slots } from '../concurrency/slots.ts';
import { StreamsFailedError, UnknownStreamError, messageOf } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import { traceOf } from '../output/trace.ts';
import type { Writer } from '../output/writer.ts';
import { compileRecordMatcher, type RecordMatcher } from '../parse/record-matcher.ts';
import type { JsonObject } from '../protocol/json.ts';
import { estimateMessage, streamStatusMessage, type StreamDescriptor } from '../protocol/messages.ts';
import type { ConfiguredAirbyteCatalog, ConfiguredAirbyteStream } from '../protocol/types.ts';
import { UnknownFields } from '../schema/unknown-fields.ts';
import { compileRecordCheck, type ValidationMode } from '../schema/validator.ts';
import { cursorPathOf } from '../stream/cursors/cursor-of.ts';
import { HttpStream } from '../stream/http-stream.ts';
import { HttpSubStream } from '../stream/http-sub-stream.ts';
import { readStream, type SharedRoom } from '../stream/read-stream.ts';
import { RecordOutput } from '../stream/record-output.ts';
import type { Rejects } from '../stream/rejects.ts';
import type { StateInterval } from '../stream/state-throttle.ts';
import type { Report, Stream } from '../stream/stream.ts';
import { schemaOf, streamsByName } from './catalog.ts';
import { poll } from './poll.ts';
import { inReadingOrder } from './reading-order.ts';
import type { StateInput } from './state-input.ts';

export interface ReadRun {
  readonly streams: readonly Stream[];
  readonly catalog: ConfiguredAirbyteCatalog;
  readonly states: StateInput;
  /** Where the streams' schema files are. */
  readonly directory: string;
  readonly validation: ValidationMode;
  readonly rejects?: Rejects | undefined;
  /** How many slices of all streams are read at once. */
  readonly concurrency: number;
  readonly stateInterval?: StateInterval | undefined;
  readonly writer: Writer;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What may be held of pages between the API and the pipe, in bytes. */
const MEMORY = 64 * 1024 * 1024;

/**
 * Reads the configured streams side by side; they begin in the order of the catalog, and each after those it depends on.
 * A stream that fails is told in a TRACE of its own and does not stop the others.
 *
 * @throws StreamsFailedError at the end, when any failed; the signal's reason as soon as the sync is aborted
 */
export const readSource = async (run: ReadRun): Promise<void> => {
  const { streams, catalog, concurrency, log, writer, signal } = run;
  const byName = streamsByName(streams);
  const room: SharedRoom = { slots: new Slots(concurrency), memory: new ByteBudget(MEMORY) };
  // No more streams than slices: with one slot, streams are read one after another.
  const places = new Slots(concurrency);
  const failures = new Map<string, unknown>();
  const readings = new Map<string, Promise<void>>();

  const readOne = async (configured: ConfiguredAirbyteStream): Promise<void> => {
    const { name, namespace } = configured.stream;
    const descriptor: StreamDescriptor = { name, ...(namespace && { namespace }) };
    const stream = byName.get(name);
    for (const needed of stream?.dependsOn ?? []) await readings.get(needed);
    await places.take(signal);
    try {
      if (!stream) throw new UnknownStreamError(unknownStream(name, [...byName.keys()]));
      writer.message(streamStatusMessage(descriptor, 'STARTED'));
      await readConfigured(stream, configured, descriptor, run, room);
      writer.message(streamStatusMessage(descriptor, 'COMPLETE'));
    } catch (error) {
      if (!signal.aborted) {
        failures.set(name, error);
        log.error(`Stream "${name}" failed: ${messageOf(error)}`);
        writer.message(traceOf(error, descriptor));
      }
      writer.message(streamStatusMessage(descriptor, 'INCOMPLETE'));
    } finally {
      places.release();
    }
  };

  // Before any is read, so that a stream and the children made of it ask for its pages once. By name, since children may
  // have an instance each of the same parent.
  const parents = new Set(
    streams.flatMap((stream) =>
      stream instanceof HttpSubStream && stream.pollInterval === undefined ? parentsOf(stream) : [],
    ),
  );
  const names = new Set([...parents].map(({ name }) => name));
  for (const stream of [...streams, ...parents]) {
    if (stream instanceof HttpStream && names.has(stream.name) && stream.pollInterval === undefined) {
      stream.keepAnswers();
    }
  }
  for (const configured of inReadingOrder(catalog.streams, byName)) {
    const { name } = configured.stream;
    // Those that depend on it wait for it, however it ends. How it ended is told below.
    const before = readings.get(name);
    const reading = readOne(configured).catch(() => {});
    readings.set(name, before ? before.then(() => reading) : reading);
  }
  await Promise.all(readings.values());
  signal.throwIfAborted();
  if (failures.size > 0) throw new StreamsFailedError(failures);
};

const readConfigured = async (
  stream: Stream,
  { sync_mode }: ConfiguredAirbyteStream,
  descriptor: StreamDescriptor,
  { directory, validation, rejects, states, stateInterval, writer, log, signal }: ReadRun,
  room: SharedRoom,
): Promise<void> => {
  const schema = await schemaOf(stream, directory);
  const output = new RecordOutput({
    stream: descriptor,
    check: await compileRecordCheck(stream.name, schema, validation),
    unknownFields: new UnknownFields(schema),
    writer,
    log,
    rejects,
  });
  const report: Report = {
    stream: stream.name,
    log,
    estimate: (rows) => writer.message(estimateMessage(descriptor, rows)),
    throttled: (until) => writer.message(streamStatusMessage(descriptor, 'RUNNING', until)),
  };
  const started = performance.now();
  const incremental = sync_mode === 'incremental';
  let state = states.of(descriptor);
  const matcher = matcherOf(stream, schema);
  await poll(stream, signal, async () => {
    state = await readStream({ stream, incremental, state, output, matcher, signal, report, room, stateInterval });
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  log.info(`Read ${output.total} records of stream "${stream.name}" in ${seconds} s.`);
};

/** Of all levels. */
const parentsOf = (child: HttpSubStream): readonly Stream[] =>
  child.parents().flatMap(({ stream }) => [stream, ...(stream instanceof HttpSubStream ? parentsOf(stream) : [])]);

/** The quick look at records in their bytes sees no more of a record than one of its fields. */
const matcherOf = (stream: Stream, schema: JsonObject): RecordMatcher | undefined => {
  const path = cursorPathOf(stream) ?? [];
  const isQuick = !stream.transform && stream.dedupe === false && !stream.detectDeletes && path.length <= 1;
  return isQuick ? compileRecordMatcher(schema, path[0]) : undefined;
};

const unknownStream = (name: string, known: readonly string[]): string =>
  `The source has no stream "${name}". Its streams: ${known.join(', ') || 'none'}. Correct the catalog, or discover anew.`;
