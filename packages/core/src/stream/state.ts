import { StateError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { isAfter, isCursorValue, type CursorValue } from './cursor.ts';
import type { Slice, SliceState } from './stream.ts';

/** The final state of a full refresh: nothing to continue from. The reference's markers, in and out. */
export const FULL_REFRESH_DONE: JsonObject = { __ab_no_cursor_state_message: true };
const RESUMABLE_FULL_REFRESH_DONE = '__ab_full_refresh_sync_complete';
const NO_CURSOR = '__ab_no_cursor_state_message';

/** Whether the last sync has read everything of a stream that has no cursor, so that there is nothing left to read. */
export const isComplete = (state: JsonObject): boolean => state[RESUMABLE_FULL_REFRESH_DONE] === true;

/**
 * The incremental state of one stream: the greatest cursor value of each slice.
 *
 * On the wire it is `{ updated_at: value }` for a stream of one slice, and for several slices the per-partition shape of
 * the reference: `{ states: [{ partition, cursor: { updated_at: value } }] }`. Both are read; a plain value is then where
 * every slice without one of its own starts.
 */
export class CursorState {
  readonly #field: string;
  readonly #slices = new Map<string, { readonly slice: Slice; readonly value: CursorValue }>();
  #start: CursorValue | undefined;

  /** @throws StateError when the state is not one of this stream's */
  constructor(stream: string, field: string, state: JsonObject) {
    this.#field = field;
    if (Object.keys(state).length === 0 || state[NO_CURSOR] === true) return;
    const at = `The state of stream "${stream}"`;
    if (!Array.isArray(state['states'])) {
      this.#start = valueIn(state, field, at);
      return;
    }
    state['states'].forEach((entry: unknown, index) => {
      const place = `${at}, states[${index}]`;
      if (!isJsonObject(entry) || !isJsonObject(entry['partition'])) {
        throw new StateError(`${place} has no partition. ${REMEDY}`);
      }
      this.#set(entry['partition'], valueIn(entry['cursor'], field, place));
    });
    if (state['state'] !== undefined) this.#start = valueIn(state['state'], field, `${at}, its member "state"`);
  }

  /** The state of one slice, as hooks see it. */
  of(slice: Slice): SliceState {
    const value = this.#valueOf(slice);
    if (value === undefined) return {};
    return { [this.#field]: typeof value === 'object' ? value.value : value };
  }

  /** Follows the records of a slice that is about to be read. */
  follow(slice: Slice): SliceCursor {
    return new SliceCursor(this.#field, this.#valueOf(slice), (value) => this.#set(slice, value));
  }

  /** As it goes into a STATE message. */
  toJson(): JsonObject {
    const start = this.#start === undefined ? undefined : { [this.#field]: this.#start };
    const slices = [...this.#slices.values()];
    if (slices.length === 0) return start ?? {};
    const [only] = slices;
    if (only && slices.length === 1 && Object.keys(only.slice).length === 0) return { [this.#field]: only.value };
    const states = slices.map(({ slice, value }) => ({ partition: slice, cursor: { [this.#field]: value } }));
    return start ? { states, state: start } : { states };
  }

  #valueOf(slice: Slice): CursorValue | undefined {
    return this.#slices.get(canonical(slice))?.value ?? this.#start;
  }

  #set(slice: Slice, value: CursorValue): void {
    this.#slices.set(canonical(slice), { slice, value });
  }
}

/** The greatest cursor value of the slice being read; it counts only once `advance` says that all of it is written. */
export class SliceCursor {
  readonly #field: string;
  readonly #save: (value: CursorValue) => void;
  #greatest: CursorValue | undefined;

  constructor(field: string, start: CursorValue | undefined, save: (value: CursorValue) => void) {
    this.#field = field;
    this.#greatest = start;
    this.#save = save;
  }

  /** A record without a value to compare does not move the cursor. */
  see(record: JsonObject): void {
    const value = record[this.#field];
    if (isCursorValue(value) && (this.#greatest === undefined || isAfter(value, this.#greatest)))
      this.#greatest = value;
  }

  /** Everything seen so far has been written, and nothing older will come. */
  advance(): void {
    if (this.#greatest !== undefined) this.#save(this.#greatest);
  }
}

const REMEDY = 'Give the state a sync of this stream emitted, or none to read everything.';

const valueIn = (cursor: unknown, field: string, place: string): CursorValue => {
  const value = isJsonObject(cursor) ? cursor[field] : undefined;
  if (isCursorValue(value)) return value;
  throw new StateError(`${place} has no value for the cursor field "${field}". ${REMEDY}`);
};

/** The same text for the same slice, in whatever order its keys come. */
const canonical = (slice: Slice): string => stringifyJson(sorted(slice));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
};
