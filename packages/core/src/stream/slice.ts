import type { JsonObject } from '../protocol/json.ts';

/** One part of a stream's work, e.g. `{ repository: 'a' }`: JSON values that stay the same from sync to sync. */
export type Slice = Readonly<JsonObject>;

/** The states of parents, which travel inside the state of their child. */
export interface ParentStates {
  of(parent: string): JsonObject;
  set(parent: string, state: JsonObject): void;
  /** A reading of a parent begins, of which slices may be made. */
  begun(reading: ParentReading): void;
  /** It has been read, and so has all that was made of it. */
  over(reading: ParentReading): void;
}

/** Follows the slices made of one reading of a parent, until all of them are over. */
export class ParentReading {
  readonly #finished: () => void;
  #open = 1;
  /** Slices that were made and have not come to be read yet. */
  #unclaimed = 0;
  #hasFailed = false;
  #isFinished = false;

  /**
   * @param finished called once, when the reading and all slices made of it have been read, and none has failed; a slice
   *   that is made and never comes to be read holds it back until `close`
   */
  constructor(finished: () => void) {
    this.#finished = finished;
  }

  /** A slice has been made of it. */
  hold(): void {
    this.#unclaimed++;
  }

  /** A slice made of it is to be read: `settle` will be called for it. */
  claim(): void {
    this.#unclaimed = Math.max(0, this.#unclaimed - 1);
    this.#open++;
  }

  /** The reading itself, or a slice that was claimed, is over. */
  settle(hasFailed: boolean): void {
    this.#hasFailed ||= hasFailed;
    this.#open--;
    this.#check();
  }

  /** No more slices come: what has not come to be read was left out. */
  close(): void {
    this.#unclaimed = 0;
    this.#check();
  }

  #check(): void {
    if (this.#isFinished || this.#open > 0 || this.#unclaimed > 0 || this.#hasFailed) return;
    this.#isFinished = true;
    this.#finished();
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
