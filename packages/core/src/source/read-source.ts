import { StreamsFailedError, UnknownStreamError, messageOf } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import { traceOf } from '../output/trace.ts';
import type { Writer } from '../output/writer.ts';
import { compileRecordMatcher } from '../parse/record-matcher.ts';
import { estimateMessage, streamStatusMessage, type StreamDescriptor } from '../protocol/messages.ts';
import type { ConfiguredAirbyteCatalog, ConfiguredAirbyteStream } from '../protocol/types.ts';
import { UnknownFields } from '../schema/unknown-fields.ts';
import { compileRecordCheck, type ValidationMode } from '../schema/validator.ts';
import { readStream } from '../stream/read-stream.ts';
import { RecordOutput } from '../stream/record-output.ts';
import type { Rejects } from '../stream/rejects.ts';
import type { Report, Stream } from '../stream/stream.ts';
import { schemaOf, streamsByName } from './catalog.ts';
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
  readonly writer: Writer;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Reads the configured streams one after another. A stream that fails is told in a TRACE of its own and does not stop
 * the others.
 *
 * @throws StreamsFailedError at the end, when any failed; the signal's reason as soon as the sync is aborted
 */
export const readSource = async (run: ReadRun): Promise<void> => {
  const { streams, catalog, log, writer, signal } = run;
  const byName = streamsByName(streams);
  const failures = new Map<string, unknown>();

  for (const configured of inReadingOrder(catalog.streams, byName)) {
    signal.throwIfAborted();
    const { name, namespace } = configured.stream;
    const descriptor: StreamDescriptor = { name, ...(namespace && { namespace }) };
    try {
      const stream = byName.get(name);
      if (!stream) throw new UnknownStreamError(unknownStream(name, [...byName.keys()]));
      writer.message(streamStatusMessage(descriptor, 'STARTED'));
      await readConfigured(stream, configured, descriptor, run);
      writer.message(streamStatusMessage(descriptor, 'COMPLETE'));
    } catch (error) {
      if (signal.aborted) {
        writer.message(streamStatusMessage(descriptor, 'INCOMPLETE'));
        throw signal.reason;
      }
      failures.set(name, error);
      log.error(`Stream "${name}" failed: ${messageOf(error)}`);
      writer.message(traceOf(error, descriptor));
      writer.message(streamStatusMessage(descriptor, 'INCOMPLETE'));
    }
  }
  if (failures.size > 0) throw new StreamsFailedError(failures);
};

const readConfigured = async (
  stream: Stream,
  { sync_mode }: ConfiguredAirbyteStream,
  descriptor: StreamDescriptor,
  { directory, validation, rejects, states, writer, log, signal }: ReadRun,
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
    log,
    estimate: (rows) => writer.message(estimateMessage(descriptor, rows)),
    throttled: (until) => writer.message(streamStatusMessage(descriptor, 'RUNNING', until)),
  };
  const started = performance.now();
  await readStream({
    stream,
    incremental: sync_mode === 'incremental',
    state: states.of(descriptor),
    output,
    matcher: stream.transform ? undefined : compileRecordMatcher(schema, stream.cursorField),
    signal,
    report,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  log.info(`Read ${output.total} records of stream "${stream.name}" in ${seconds} s.`);
};

const unknownStream = (name: string, known: readonly string[]): string =>
  `The source has no stream "${name}". Its streams: ${known.join(', ') || 'none'}. Correct the catalog, or discover anew.`;
