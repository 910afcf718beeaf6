import { silentLogger } from '../../../src/output/logger.ts';
import { Writer } from '../../../src/output/writer.ts';
import type { JsonObject } from '../../../src/protocol/json.ts';
import type { AirbyteMessage } from '../../../src/protocol/types.ts';
import { UnknownFields } from '../../../src/schema/unknown-fields.ts';
import { compileRecordCheck } from '../../../src/schema/validator.ts';
import { readStream } from '../../../src/stream/read-stream.ts';
import { RecordOutput } from '../../../src/stream/record-output.ts';
import { silence } from '../../../src/stream/stream.ts';
import { Turns } from './pause.ts';
import { Worker, type Event } from './worker.ts';
import type { World } from './world.ts';

const schema = { type: 'object', properties: { id: { type: 'string' }, at: { type: 'string' } } };
const check = compileRecordCheck('worker', schema, 'repair');

/** Notes every line in the turn it is written. */
class NotingWriter extends Writer {
  readonly #note: (message: AirbyteMessage) => void;

  constructor(note: (message: AirbyteMessage) => void) {
    super({
      write(_chunk, done) {
        done();
        return true;
      },
      on() {},
    });
    this.#note = note;
  }

  override line(text: string): void {
    this.#note(JSON.parse(text) as AirbyteMessage);
    super.line(text);
  }
}

export interface Sync {
  readonly events: readonly Event[];
  readonly ids: readonly string[];
  /** The last one. */
  readonly state: JsonObject;
  readonly hasFailed: boolean;
}

/** One sync of the world by so many workers, with a STATE at every change. */
export const sync = async (world: World, workers: number, state: JsonObject = {}): Promise<Sync> => {
  const turns = new Turns();
  const events: Event[] = [];
  const turn = (): { turn: number } => ({ turn: turns.count });
  const writer = new NotingWriter(({ record, state: emitted }) => {
    if (record) events.push({ ...turn(), record: String(record.data['id']) });
    if (emitted) events.push({ ...turn(), state: emitted.stream!.stream_state as JsonObject });
  });
  const stream = new Worker(world, workers, turns, events);
  const output = new RecordOutput({
    stream: { name: stream.name },
    check: await check,
    unknownFields: new UnknownFields(schema),
    writer,
    log: silentLogger,
  });
  const incremental = world.kind !== 'full';
  const { signal } = new AbortController();
  const stateInterval = { milliseconds: 0, records: 1 };
  const hasFailed = await readStream({
    stream,
    incremental,
    state,
    output,
    signal,
    report: silence,
    stateInterval,
  }).then(
    () => false,
    () => true,
  );
  await writer.end();
  return {
    events,
    ids: events.flatMap((event) => ('record' in event ? [event.record] : [])),
    state: events.flatMap((event) => ('state' in event ? [event.state] : [])).at(-1) ?? {},
    hasFailed,
  };
};
