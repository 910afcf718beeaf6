import type { ByteBudget } from '../concurrency/byte-budget.ts';
import { Slots } from '../concurrency/slots.ts';
import { ConnectorError, RecordInvalidError, SlicesFailedError, failureTypeOf, messageOf } from '../errors.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import type { JsonObject } from '../protocol/json.ts';
import { cursorOf } from './cursors/cursor-of.ts';
import type { Reading } from './cursors/cursor.ts';
import { fullRefreshOf } from './cursors/windowed-refresh.ts';
import { DistinctSlices } from './distinct-slices.ts';
import { labelOf } from './label.ts';
import { RecordMemory } from './record-memory.ts';
import { readSlice } from './read-slice.ts';
import { readSlices } from './read-slices.ts';
import type { RecordOutput } from './record-output.ts';
import { sliceOf, type ChildSlice, type ParentReading, type Slice } from './slice.ts';
import { FULL_REFRESH_DONE, isComplete } from './state-shape.ts';
import { StateThrottle, type StateInterval } from './state-throttle.ts';
import { StreamState } from './stream-state.ts';
import { StreamTotal } from './stream-total.ts';
import type { Report, Stream, StreamContext } from './stream.ts';

/** What the streams of a sync share. */
export interface SharedRoom {
  /** How many slices of all streams are read at once. */
  readonly slots: Slots;
  /** How many bytes of pages are held between the API and the pipe. */
  readonly memory: ByteBudget;
}

export interface StreamRun {
  readonly stream: Stream;
  /** Keep a cursor; else everything is read, and the state is worth something only until that is done. */
  readonly incremental: boolean;
  /** As the last sync left it; empty at first. */
  readonly state: JsonObject;
  readonly output: RecordOutput;
  /** What the schema says, in a form that is checked on the bytes of records; none if the schema is beyond that. */
  readonly matcher?: RecordMatcher | undefined;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly room?: SharedRoom | undefined;
  readonly stateInterval?: StateInterval | undefined;
}

/**
 * The one loop every stream goes through: slices, then records, then the state that makes them safe to forget. Slices
 * are read side by side and may end in any order: each has its own progress.
 *
 * A slice that fails holds back only itself: the others are read, and the failure is thrown at the end. What no other
 * slice can escape ends the stream at once: a `config_error`, an invalid record, an aborted sync. Whatever happens, a
 * STATE of what was certainly written comes last.
 *
 * @returns the last state
 */
export const readStream = async (run: StreamRun): Promise<JsonObject> => {
  const { stream, output, matcher, signal, report, room } = run;
  const cursor = run.incremental ? cursorOf(stream) : undefined;
  // What a read that is resumed does not see again, it would take for deleted.
  const isResumable = cursor !== undefined || !stream.detectDeletes;
  const from = isResumable ? run.state : {};
  if (isComplete(from)) return lastState(output, from);

  const started = Date.now();
  // What moves on while it is read, it would take for deleted too.
  const isEndOpen = !isResumable;
  const opened = await cursorOf(stream)?.open({ stream: stream.name, log: report.log, now: started, isEndOpen });
  const before = cursor ? migrated(stream, from) : from;
  const state = new StreamState({
    stream: stream.name,
    cursor: cursor && opened ? opened : fullRefreshOf(opened),
    state: before,
    maxSlices: stream.maxSlices,
    log: report.log,
  });
  const throttle = new StateThrottle(() => output.state(state.toJson()), intervalOf(stream, run.stateInterval));
  const changed = (): void => {
    if (isResumable) throttle.changed(output.sinceState);
  };

  const parents = new Set<ParentReading>();
  const stop = new AbortController();
  const context: StreamContext = {
    config: stream.config,
    state: cursor ? before : {},
    signal: AbortSignal.any([signal, stop.signal]),
    report,
    parentStates: cursor && {
      of: (parent) => state.parent(parent),
      set: (parent, json) => {
        state.setParent(parent, json);
        changed();
      },
      begun: (reading) => void parents.add(reading),
      over: (reading) => void parents.delete(reading),
    },
  };
  const save = (slice: Slice, progress: unknown): void => {
    state.save(slice, progress);
    changed();
  };
  const remembered = await RecordMemory.open({
    stream,
    incremental: cursor !== undefined,
    state: from,
    log: report.log,
  });
  const { keep } = remembered;
  const total = new StreamTotal((rows) => report.estimate(rows));
  const failures: unknown[] = [];
  const distinct = new DistinctSlices();
  let repeated = 0;
  const read = async (given: Slice | ChildSlice, reading: Reading): Promise<void> => {
    try {
      await readSlice({ stream, context, output, matcher, memory: room?.memory, total, keep, save }, given, reading);
    } catch (error) {
      if (!context.signal.aborted) {
        failures.push(error);
        const slice = sliceOf(given);
        const { window } = reading;
        // The failure of the whole is told by who reads the stream.
        const isPart = Object.keys(slice).length > 0 || window !== undefined;
        if (isPart) report.log.error(`In ${labelOf(stream, { slice, window, report })}: ${messageOf(error)}`);
        if (endsStream(error)) stop.abort(error);
      }
      throw error;
    }
  };

  try {
    await readSlices({
      slices: distinct.of(madeBy(stream, context, parents), (slice) => {
        if (repeated++ > 0) return;
        report.log.warn(
          `Stream "${stream.name}": the slice ${JSON.stringify(slice)} came a second time; it is read once, and so are ` +
            `others like it.`,
        );
      }),
      readings: (given) => state.readings(sliceOf(given)),
      read,
      done: (given, hasFailed) => {
        state.done(sliceOf(given), hasFailed);
        distinct.done(sliceOf(given), hasFailed);
        changed();
      },
      slots: [new Slots(isEndOpen && opened?.isCut ? 1 : concurrencyOf(stream)), ...(room ? [room.slots] : [])],
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    state.complete((Date.now() - started) / 1000);
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new SlicesFailedError(stream.name, failures);
    await remembered.complete(output, total.isShort);
    const last = lastState(output, cursor ? state.toJson() : FULL_REFRESH_DONE);
    await remembered.close(output, last, false);
    return last;
  } catch (error) {
    const last = state.toJson();
    if (cursor || (isResumable && Object.keys(last).length > 0)) lastState(output, last);
    await remembered.close(output, last, true);
    throw error;
  } finally {
    total.flush();
    throttle.stop();
  }
};

/** The slices of a stream. When no more of them come, what was made of its parents and left out holds nothing back. */
async function* madeBy(
  stream: Stream,
  context: StreamContext,
  parents: ReadonlySet<ParentReading>,
): AsyncIterable<Slice | ChildSlice> {
  yield* stream.slices(context);
  for (const parent of parents) parent.close();
}

const lastState = (output: RecordOutput, state: JsonObject): JsonObject => {
  output.state(state);
  return state;
};

const migrated = (stream: Stream, state: JsonObject): JsonObject =>
  stream.migrateState && Object.keys(state).length > 0 ? stream.migrateState(state) : state;

const intervalOf = ({ checkpointEvery }: Stream, interval: StateInterval = {}): StateInterval => {
  if (checkpointEvery === undefined) return interval;
  return { ...interval, records: Math.min(checkpointEvery, interval.records ?? checkpointEvery) };
};

const concurrencyOf = ({ name, concurrency }: Stream): number => {
  if (Number.isSafeInteger(concurrency) && concurrency > 0) return concurrency;
  throw new ConnectorError(`concurrency of stream "${name}" is ${concurrency}. Give a whole number from 1 on.`);
};

const endsStream = (error: unknown): boolean =>
  error instanceof RecordInvalidError || failureTypeOf(error) === 'config_error';
