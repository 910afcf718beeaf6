import { ConnectorError, TimeoutError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { cursorOf } from './cursors/cursor-of.ts';
import type { Reading } from './cursors/cursor.ts';
import { fullRefresh } from './cursors/full-refresh.ts';
import { Page } from './page.ts';
import { ChildSlice, ParentReading, type ParentStates } from './slice.ts';
import { StreamState } from './stream-state.ts';
import { silence, type Slice, type SliceContext, type Stream, type StreamContext } from './stream.ts';

/** A record of a stream that is read for what can be made of it. */
export interface ParentRecord<R extends JsonObject = JsonObject> {
  readonly record: R;
  /** The slice it came from. */
  readonly slice: Slice;
  readonly reading: ParentReading;
}

/**
 * Reads a parent stream, slice after slice. With `states` only what has changed, and its state moves when everything made
 * of its records is done.
 */
export async function* parentRecords<R extends JsonObject, C extends JsonObject>(
  stream: Stream<R, C>,
  given: Partial<StreamContext> = {},
  states?: ParentStates,
): AsyncIterable<ParentRecord<R>> {
  const { signal = new AbortController().signal, report = silence } = given;
  const before = states?.of(stream.name) ?? {};
  const base: StreamContext<C> = { config: stream.config, state: before, signal, report };
  const cursor = cursorOf(stream);
  if (states && !cursor) {
    throw new ConnectorError(
      `Stream "${stream.name}" is read as an incremental parent, but has neither cursor nor cursorField. Add one, or leave ` +
        `incremental out.`,
    );
  }
  const open = await cursor?.open({ stream: stream.name, log: report.log, now: Date.now() });
  const state = new StreamState({
    stream: stream.name,
    cursor: open ?? fullRefresh,
    state: states && stream.migrateState && Object.keys(before).length > 0 ? stream.migrateState(before) : before,
    maxSlices: stream.maxSlices,
    log: report.log,
  });

  async function* read(slice: Slice, parent: ChildSlice['parent'] | undefined, cut: Reading): Records<R> {
    const reading = new ParentReading(() => {
      state.save(slice, cut.finished());
      states?.set(stream.name, state.toJson());
      states?.over(reading);
    });
    states?.begun(reading);
    const context: SliceContext<C> = { ...base, slice, parent, state: cut.state, window: cut.window };
    let parts: readonly Reading[] | undefined;
    try {
      for await (const item of stream.read(context)) {
        const page = item instanceof Page ? item : new Page([item]);
        for (const record of page.values) {
          const changed = stream.transform ? stream.transform(record, context) : record;
          if (changed !== null && cut.see?.(changed) !== false) yield { record: changed, slice, reading };
        }
        cut.seePage?.(page);
        parts = cut.isTooLarge ? cut.split?.() : undefined;
        if (parts || cut.isPast) break;
      }
    } catch (error) {
      parts = error instanceof TimeoutError && !signal.aborted ? cut.split?.() : undefined;
      if (!parts) throw error;
    }
    // Of what is read in parts, the parts say what is done.
    reading.settle(parts !== undefined);
    for (const part of parts ?? []) yield* read(slice, parent, part);
  }

  for await (const each of stream.slices(base)) {
    const { slice, parent } = each instanceof ChildSlice ? each : { slice: each, parent: undefined };
    for (const cut of state.readings(slice)) yield* read(slice, parent, cut);
  }
}

type Records<R extends JsonObject> = AsyncGenerator<ParentRecord<R>>;
