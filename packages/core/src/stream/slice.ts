import type { JsonObject } from '../protocol/json.ts';

/** One part of a stream's work, e.g. `{ repository: 'a' }`: JSON values that stay the same from sync to sync. */
export type Slice = Readonly<JsonObject>;

/** The states of parents, which travel inside the state of their child. */
export interface ParentStates {
  of(parent: string): JsonObject;
  set(parent: string, state: JsonObject): void;
}

/** Follows the slices made of one reading of a parent, until all of them are over. */
export class ParentReading {
  readonly #finished: () => void;
  #open = 1;
  #hasFailed = false;

  /** @param finished called when the reading and all slices made of it have been read, and none has failed */
  constructor(finished: () => void) {
    this.#finished = finished;
  }

  hold(): void {
    this.#open++;
  }

  settle(hasFailed: boolean): void {
    this.#hasFailed ||= hasFailed;
    if (--this.#open === 0 && !this.#hasFailed) this.#finished();
  }
}

/** A slice made of a record of a parent stream. */
export class ChildSlice {
  readonly slice: Slice;
  /** The fields of the parent's record that were asked for beside its key. */
  readonly parent: Readonly<JsonObject>;
  /** What it was made of; nobody asks when the parent is read anew in each sync. */
  readonly reading: ParentReading | undefined;

  constructor(slice: Slice, parent: Readonly<JsonObject>, reading?: ParentReading) {
    this.slice = slice;
    this.parent = parent;
    this.reading = reading;
    reading?.hold();
  }

  /** The same with more in its slice. */
  with(more: Slice): ChildSlice {
    return new ChildSlice({ ...this.slice, ...more }, this.parent, this.reading);
  }
}

/** What of it stays the same from sync to sync. */
export const sliceOf = (given: Slice | ChildSlice): Slice => (given instanceof ChildSlice ? given.slice : given);
