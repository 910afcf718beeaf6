import { silentLogger, type Logger } from '../../src/output/logger.ts';
import { Writer, type OutputStream } from '../../src/output/writer.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import type { AirbyteMessage } from '../../src/protocol/types.ts';
import { UnknownFields } from '../../src/schema/unknown-fields.ts';
import { compileRecordCheck } from '../../src/schema/validator.ts';
import { readStream, type SharedRoom } from '../../src/stream/read-stream.ts';
import { RecordOutput } from '../../src/stream/record-output.ts';
import type { StateInterval } from '../../src/stream/state-throttle.ts';
import type { Stream } from '../../src/stream/stream.ts';

/** Takes what is written, in pieces, at once. */
const memory = (): OutputStream & { readonly text: () => string } => {
  const pieces: string[] = [];
  return {
    write(chunk, done) {
      pieces.push(Buffer.from(chunk).toString());
      done();
      return true;
    },
    on() {},
    text: () => pieces.join(''),
  };
};

export interface Run {
  readonly incremental?: boolean;
  readonly state?: JsonObject;
  readonly signal?: AbortSignal;
  readonly room?: SharedRoom;
  readonly stateInterval?: StateInterval;
  readonly warnings?: string[];
}

/** Reads a stream as a sync does, into memory. */
export const run = async (
  stream: Stream,
  {
    incremental = false,
    state = {},
    signal = new AbortController().signal,
    room,
    stateInterval,
    warnings = [],
  }: Run = {},
) => {
  const out = memory();
  const writer = new Writer(out);
  const told: string[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (message) => void warnings.push(message),
    error: (message) => void told.push(message),
  };
  const schema = { type: 'object', properties: { id: { type: 'integer' }, at: { type: 'integer' } } };
  const output = new RecordOutput({
    stream: { name: stream.name },
    check: await compileRecordCheck(stream.name, schema, 'repair'),
    unknownFields: new UnknownFields(schema),
    writer,
    log,
  });
  const report = { stream: stream.name, log, estimate() {}, throttled() {} };
  const error: unknown = await readStream({
    stream,
    incremental,
    state,
    output,
    signal,
    report,
    room,
    stateInterval,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await writer.end();
  const messages = out
    .text()
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AirbyteMessage);
  const states = messages.flatMap(({ state: emitted }) => (emitted ? [emitted] : []));
  return {
    /** Of level ERROR. */
    told,
    error,
    messages,
    records: messages.flatMap(({ record }) => (record ? [record.data] : [])),
    ids: messages.flatMap(({ record }) => (record ? [record.data['id']] : [])),
    states,
    lastState: states.at(-1)?.stream?.stream_state,
  };
};
