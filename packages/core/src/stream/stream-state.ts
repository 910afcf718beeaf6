import { StateError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { OpenCursor, Reading } from './cursors/cursor.ts';
import { sliceKey } from './slice-id.ts';
import { formatShape, parseShape, type SliceEntry } from './state-shape.ts';
import type { Slice } from './slice.ts';

export interface StreamStateOptions<P> {
  readonly stream: string;
  readonly cursor: OpenCursor<P>;
  /** As the last sync left it; empty at first. */
  readonly state: JsonObject;
  /** How many slices may have a cursor of their own. */
  readonly maxSlices: number;
  readonly log: Logger;
}

interface Entry<P> {
  readonly slice: Slice;
  readonly progress: P | undefined;
  /** Whether all its readings in this sync are over. */
  readonly isDone: boolean;
}

/**
 * How far one stream has been read: the progress of each of its slices, and with very many slices one position for all.
 *
 * With one position for all, the state stays as it was until the sync is complete: in its middle there is no position of
 * which every slice could say that it has been read up to there.
 */
export class StreamState<P = unknown> {
  readonly #options: StreamStateOptions<P>;
  readonly #entries = new Map<string, Entry<P>>();
  /** The slices that are behind the one position for all. */
  readonly #failed = new Map<string, Entry<P>>();
  readonly #parents: Record<string, JsonObject>;
  #start: P | undefined;
  /** The furthest progress of all slices, from when there is one position for all. */
  #overall: { furthest: P | undefined } | undefined;
  /** What the state stays at meanwhile. */
  #before: JsonObject | undefined;

  /** @throws StateError when the state is not one of this stream's */
  constructor(options: StreamStateOptions<P>) {
    const { stream, cursor, state } = options;
    this.#options = options;
    const at = `The state of stream "${stream}"`;
    const shape = parseShape(state, at);
    this.#parents = { ...shape.parents };
    for (const { slice, cursor: json, place } of shape.slices) {
      // A slice that has never been read to its end is kept with no cursor where the others have one for all.
      const progress = Object.keys(json).length === 0 ? undefined : cursor.parse(json, `${at}, ${place}`);
      this.#entries.set(sliceKey(slice), { slice, progress, isDone: false });
    }
    if (shape.start !== undefined) this.#start = this.#startFrom(shape.start, shape.lookback, at);
    if (shape.isGlobal) {
      this.#overall = { furthest: this.#start };
      this.#before = state;
    }
  }

  /** What is left to read of a slice. */
  readings(slice: Slice): Iterable<Reading<P>> {
    return this.#options.cursor.readings(this.#progressOf(slice));
  }

  /** A reading of the slice has written so much more. */
  save(slice: Slice, progress: P | undefined): void {
    if (progress === undefined) return;
    const { cursor } = this.#options;
    if (this.#overall) {
      const { furthest } = this.#overall;
      this.#overall.furthest = furthest === undefined ? progress : cursor.overall!.furthest(furthest, progress);
      return;
    }
    const key = sliceKey(slice);
    const known = this.#entries.get(key);
    const from = known ? known.progress : this.#start;
    this.#entries.set(key, {
      slice,
      progress: from === undefined ? progress : cursor.merge(from, progress),
      isDone: false,
    });
    if (this.#entries.size > this.#options.maxSlices) this.#keepOne();
  }

  /** All readings of a slice are done. A slice that failed begins next time where it began now. */
  done(slice: Slice, hasFailed: boolean): void {
    const { whole } = this.#options.cursor;
    if (!hasFailed) this.save(slice, whole);
    const key = sliceKey(slice);
    const known = this.#entries.get(key);
    const progress = known ? known.progress : this.#start;
    // Kept though each slice has a cursor of its own: there may be too many of them before the sync is over.
    if (hasFailed) this.#failed.set(key, { slice, progress, isDone: true });
    if (this.#overall) this.#entries.delete(key);
    else if (known) this.#entries.set(key, { slice, progress, isDone: true });
  }

  /** All slices there are have been read, but for those that failed. @param seconds how long that took */
  complete(seconds: number): void {
    if (!this.#overall) return;
    const { cursor, maxSlices, stream, log } = this.#options;
    const { furthest } = this.#overall;
    if (furthest === undefined) return;
    if (this.#failed.size > maxSlices) {
      return log.warn(
        `Stream "${stream}": ${this.#failed.size} slices failed, more than can be remembered one by one; the state stays as it was.`,
      );
    }
    this.#before = formatShape({
      slices: this.#slices(this.#failed),
      start: cursor.toJson(furthest),
      // No slice was read before the sync began: what changed since, it may have missed.
      lookback: Math.ceil(seconds),
      isGlobal: true,
    });
  }

  /** The state of a parent stream, which travels with the state of its child. */
  parent(name: string): JsonObject {
    return this.#parents[name] ?? {};
  }

  setParent(name: string, state: JsonObject): void {
    this.#parents[name] = state;
  }

  /** As it goes into a STATE message. */
  toJson(): JsonObject {
    const parents = Object.keys(this.#parents).length > 0 ? { ...this.#parents } : undefined;
    if (this.#overall) return { ...this.#before, ...(parents && { parent_state: parents }) };
    const { cursor } = this.#options;
    return formatShape({
      slices: this.#slices(this.#entries),
      start: this.#start === undefined ? undefined : cursor.toJson(this.#start),
      parents,
    });
  }

  /** In the order of their keys: the state does not tell which slice was done first. */
  #slices(entries: ReadonlyMap<string, Entry<P>>): SliceEntry[] {
    const { cursor } = this.#options;
    const inOrder = [...entries].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return inOrder.map(([, { slice, progress }]) => ({
      slice,
      cursor: progress === undefined ? {} : cursor.toJson(progress),
      place: '',
    }));
  }

  #progressOf(slice: Slice): P | undefined {
    const known = this.#entries.get(sliceKey(slice));
    return known ? known.progress : this.#start;
  }

  #startFrom(json: JsonObject, lookback: number | undefined, at: string): P | undefined {
    const { cursor } = this.#options;
    const start = cursor.parse(json, at);
    if (start === undefined || !lookback) return start;
    const earlier = cursor.overall?.earlier(start, lookback);
    if (earlier !== undefined) return earlier;
    throw new StateError(
      `${at} asks for a lookback of ${lookback} seconds, but its cursor is no point in time: ${JSON.stringify(json)}. ` +
        `Correct the state, or give none to read everything.`,
    );
  }

  /** From now on one position for all slices, where the cursor can tell one. */
  #keepOne(): void {
    const { cursor, stream, maxSlices, log } = this.#options;
    const all = [...this.#entries.values()].map(({ progress }) => progress).filter(isKnown);
    const { overall } = cursor;
    if (!overall || all.some((progress) => overall.earlier(progress, 1) === undefined)) return;
    this.#before = this.toJson();
    log.warn(
      `Stream "${stream}" has more than ${maxSlices} slices: from now on its state is one position for all of them, ` +
        `which moves only when a sync is complete, and each sync reads again what changed while the one before it ran. ` +
        `Raise maxSlices to keep a cursor for each.`,
    );
    this.#overall = { furthest: all.reduce((one, other) => overall.furthest(one, other)) };
    for (const [key, { isDone }] of this.#entries) if (isDone) this.#entries.delete(key);
  }
}

const isKnown = <P>(progress: P | undefined): progress is P => progress !== undefined;
