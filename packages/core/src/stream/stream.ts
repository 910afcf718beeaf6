import { silentLogger, type Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import type { ByteBudget } from '../concurrency/byte-budget.ts';
import type { Cursor, SliceState, Window } from './cursors/cursor.ts';
import type { Page, Resumption } from './page.ts';
import type { ChildSlice, ParentStates, Slice } from './slice.ts';
import { snakeCase } from './snake-case.ts';
import type { StreamTotal } from './stream-total.ts';

/** What a stream may tell while it is read. */
export interface Report {
  /** The stream that it tells of: another than the one that is read where this is its parent. Undefined outside a sync. */
  readonly stream?: string;
  readonly log: Logger;
  /** How many records the stream will have in all: an ESTIMATE message. */
  estimate(rows: number): void;
  /** The API made the stream wait until then: a STREAM_STATUS message with the reason RATE_LIMITED. */
  throttled(until: Date): void;
}

export type { ChildSlice, Slice, SliceState, Window };

/** What `slices` is given. */
export interface StreamContext<C extends JsonObject = JsonObject> {
  readonly config: C;
  /** The stream's state as the last sync left it; empty at first and in a full refresh. */
  readonly state: Readonly<JsonObject>;
  /** Aborts when the sync is to end. */
  readonly signal: AbortSignal;
  readonly report: Report;
  /** The states of incremental parents; only in an incremental sync. For `byParent`. */
  readonly parentStates?: ParentStates | undefined;
}

/** What `read` is given: the same, for one slice. */
export interface SliceContext<C extends JsonObject = JsonObject> extends StreamContext<C> {
  readonly slice: Slice;
  /** The fields of the parent's record that the slice was made with, beside its key. */
  readonly parent?: Readonly<JsonObject> | undefined;
  /** The engine's quick look at records in their bytes, for a stream whose records it may pass on as they are. */
  readonly matcher?: RecordMatcher | undefined;
  /** E.g. `{ updated_at: '2026-01-01T00:00:00Z' }`. */
  readonly state: SliceState;
  /** The part of the slice to read, as the cursor says: in an incremental sync, and in a full refresh if it has a `start`. */
  readonly window?: Window | undefined;
  /** Where to begin within a slice that a sync before this one has left in its middle. */
  readonly resumption?: Resumption | undefined;
  /** How many records the stream will have, summed up from what its slices say. */
  readonly total?: StreamTotal | undefined;
  /** Room for pages, shared by all that is read at once: a stream that reads ahead takes some for each page. */
  readonly memory?: ByteBudget | undefined;
}

export interface StreamOptions<C extends JsonObject = JsonObject> {
  /** @default an empty object */
  readonly config?: C;
}

/** Reading a stream again and again. The first of the limits that is reached ends it; without one, the end of the sync. */
export interface PollOptions {
  /** Milliseconds from the beginning of one read to the beginning of the next, which waits for the end of the first. */
  readonly every: number;
  /** @default Infinity */
  readonly times?: number;
  /**
   * Milliseconds after which no other read begins.
   *
   * @default Infinity
   */
  readonly duration?: number;
}

/** A JSON Schema object. */
export type JsonSchema = JsonObject;

/**
 * A set of records of one kind: a table to those who receive it.
 *
 * Extend this to read anything; extend `HttpStream` to read an HTTP API. The class only says what the stream is: slicing,
 * validation, state and output are the engine's.
 */
export abstract class Stream<R extends JsonObject = JsonObject, C extends JsonObject = JsonObject> {
  /** The source's config, as given to the constructor. */
  readonly config: C;

  constructor({ config = {} as C }: StreamOptions<C> = {}) {
    this.config = config;
  }

  // You must say this.

  /**
   * Reads one slice.
   *
   * Called once for each slice. Yield records as they come, one by one or many at once as a `Page`. A throw fails this
   * slice only: the other slices still run, and this one's state stays as it was. A `config_error` ends the stream.
   */
  abstract read(context: SliceContext<C>): AsyncIterable<R | Page<R>>;

  // You may change these.

  /**
   * The name in catalogs and messages.
   *
   * @default the class name in lower snake case: `OrderItems` is `order_items`
   */
  readonly name: string = snakeCase(this.constructor.name);

  /** A name space for streams whose names alone are not unique, such as a database schema. */
  readonly namespace?: string;

  /**
   * The JSON Schema (draft-07, 2019-09 or 2020-12) of a record, or a function that computes it; called once.
   *
   * @default the file `schemas/<lower snake case of the class name>.json` in the source's directory
   */
  readonly schema?: JsonSchema | (() => JsonSchema | Promise<JsonSchema>);

  /**
   * What identifies a record: a field, several fields, or several paths into the record.
   *
   * @default none
   */
  readonly primaryKey?: string | readonly string[] | readonly (readonly string[])[];

  /**
   * The field that grows with every change of a record, such as `updated_at`. With it the stream can be read
   * incrementally: the engine keeps the greatest value of each slice and gives it back as `state` the next time.
   *
   * @default none: every sync reads everything
   */
  readonly cursorField?: string;

  /**
   * How the stream knows what is new, where the greatest value of a field is not all there is to say: windows of time,
   * a lookback, a token of the API. Replaces `cursorField`.
   *
   * @default the greatest value of `cursorField`
   */
  readonly cursor?: Cursor;

  /**
   * Emit a STATE after at least so many records within a slice. Only for an API that returns records in ascending order
   * of `cursorField`: otherwise a resumed sync would miss records.
   *
   * @default none: a STATE after each slice
   */
  readonly checkpointEvery?: number;

  /**
   * How many slices are read at once, at most. All streams of a source together read no more than `concurrency` of the
   * source.
   *
   * @default 8
   */
  readonly concurrency: number = 8;

  /**
   * How many slices have a cursor of their own in the state. With more of them the state becomes one position for all,
   * if the cursor is a time; the log says so.
   *
   * @default 10000
   */
  readonly maxSlices: number = 10_000;

  /**
   * Reads the stream again and again, each time from the last state on: milliseconds from the beginning of one read to
   * the next, or an object that also says when to stop. A number alone goes on until the sync is ended.
   *
   * @default none: once
   */
  readonly pollInterval?: number | PollOptions;

  /**
   * Leave out records that are the same as what was emitted last for their primary key, or, without one, the same as one
   * emitted before: for a cursor with a lookback, and windows that overlap. `max` is how many records are remembered,
   * in about 100 bytes each, the latest; true stands for 100000.
   *
   * They are remembered within a sync, and in an incremental sync also from the one before, if the environment's
   * HEADWATER_STATE_DIR names a directory that outlasts it and belongs to this connection alone. What is kept there
   * counts only for the very state it was kept with, and only if the sync has moved the state: a record that may not have
   * arrived is emitted again.
   *
   * @default false
   */
  readonly dedupe: boolean | { readonly max: number } = false;

  /**
   * In a full refresh, find out which records are gone since the last one: for each a record goes out that has its
   * primary key and the time in `_headwater_deleted_at`, and nothing else, whatever the schema requires. The schema that
   * `discover` prints has that field.
   *
   * Needs a `primaryKey`, and in the environment's HEADWATER_STATE_DIR a directory that outlasts the sync and belongs to
   * this connection alone: the keys of the last complete read are kept there. Only a read without any failure counts,
   * and a read that was cut short begins anew. What is gone is told in one sync, not in each. What `transform` leaves out counts as gone, records set aside do not.
   * Where the cursor cuts slices into windows, slices and windows are read one after another, and the newest has no end.
   *
   * @default false
   */
  readonly detectDeletes: boolean = false;

  /**
   * Names of streams to read before this one.
   *
   * @default none
   */
  readonly dependsOn?: readonly string[];

  /**
   * Splits the work.
   *
   * Called once a sync. Slices are read side by side while more of them are made: yield each as soon as it is known. A
   * throw fails the stream; slices already yielded are read to their end.
   *
   * @default one empty slice: the whole stream at once
   * @example
   * async *slices() {
   *   for (const repository of this.config.repositories) yield { repository };
   * }
   */
  slices(_context: StreamContext<C>): AsyncIterable<Slice | ChildSlice> | Iterable<Slice | ChildSlice> {
    return [{}];
  }

  /**
   * Brings a state of an earlier release of the connector into the present form.
   *
   * Called with every state that is not empty, before it is looked at. Return it as it is if it is already right; throw a
   * `StateError` for one that cannot be used.
   *
   * @default states are taken as they are
   */
  migrateState?(state: JsonObject): JsonObject;

  /**
   * Changes a record before it is validated.
   *
   * Called for every record. Return the record to emit, or null to leave it out. A throw fails the slice.
   *
   * The record comes as the API sends it: declare the parameter as what that is, or as `R` where it is the same. Declare
   * the result too: only then is a field that `R` does not have a compile error, and only where it is written out, as a
   * literal does and a spread does not.
   *
   * @default records go out as they are
   * @example
   * override transform({ user, ...issue }: ApiIssue): Issue | null {
   *   return { ...issue, author: user.login };
   * }
   */
  transform?(record: JsonObject, context: SliceContext<C>): R | null;
}

/** A report that tells nobody. */
export const silence: Report = { log: silentLogger, estimate() {}, throttled() {} };

/** A whole context out of the parts that matter, to read a stream outside a sync: in a test or for its children. */
export const sliceContext = <C extends JsonObject>(
  stream: Stream<JsonObject, C>,
  {
    slice = {},
    state = {},
    signal = new AbortController().signal,
    report = silence,
    window,
    parent,
  }: Partial<SliceContext<C>> = {},
): SliceContext<C> => ({ config: stream.config, slice, state, signal, report, window, parent });
