import { StateError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { Slice } from './slice.ts';

/** The final state of a full refresh: nothing to continue from. The reference's markers, in and out. */
export const FULL_REFRESH_DONE: JsonObject = { __ab_no_cursor_state_message: true };
const RESUMABLE_FULL_REFRESH_DONE = '__ab_full_refresh_sync_complete';
const NO_CURSOR = '__ab_no_cursor_state_message';

/** Whether the last sync has read everything of a stream that has no cursor, so that there is nothing left to read. */
export const isComplete = (state: JsonObject): boolean => state[RESUMABLE_FULL_REFRESH_DONE] === true;

/** A state taken apart; each cursor as the JSON of its own kind. */
export interface StateShape {
  /** The slices with a cursor of their own. */
  readonly slices: Iterable<SliceEntry>;
  /** Where every other slice begins. */
  readonly start?: JsonObject | undefined;
  /** So many seconds are to be read again before `start`. */
  readonly lookback?: number | undefined;
  /** Whether there were too many slices to keep a cursor for each. */
  readonly isGlobal?: boolean | undefined;
  /** The states of parent streams, by name. */
  readonly parents?: Readonly<Record<string, JsonObject>> | undefined;
}

export interface SliceEntry {
  readonly slice: Slice;
  readonly cursor: JsonObject;
  /** For messages: `states[3]`. */
  readonly place: string;
}

/** From here on entries are written as rows, which take half the room. */
const MANY = 10_000;
const VERSION = 1;

/**
 * Takes a state apart: the plain form `{ updated_at: value }` of a stream with one slice, the reference's per-partition
 * form, and the rows of a stream with very many slices.
 *
 * @param place begins the message of an error: `The state of stream "orders"`
 * @throws StateError when it has none of these forms, or comes from a later version of the kit
 */
export const parseShape = (state: JsonObject, place: string): StateShape => {
  const own = ownMember(state, place);
  if (Object.keys(state).length === 0 || state[NO_CURSOR] === true) return { slices: [] };
  const partitioned = Array.isArray(state['states']) || own?.['rows'] !== undefined;
  const isGlobal = state['use_global_cursor'] === true;
  const parents = parentsIn(state['parent_state'], place);
  if (!partitioned && !isGlobal && parents === undefined) return { slices: [], start: state };

  const { state: start, lookback_window: lookback } = state;
  if (start !== undefined && !isJsonObject(start)) throw refusal(place, 'its member "state" is not an object');
  if (lookback !== undefined && !(typeof lookback === 'number' && lookback >= 0)) {
    throw refusal(place, `its member "lookback_window" is ${JSON.stringify(lookback)}, expected seconds`);
  }
  const entries = [...entriesIn(state['states'] ?? [], place), ...rowsIn(own?.['rows'], place)];
  return { slices: entries, start, lookback, isGlobal, parents };
};

/** Puts a state together; the inverse of `parseShape`. */
export const formatShape = ({ slices, start, lookback, isGlobal, parents }: StateShape): JsonObject => {
  const entries = [...slices];
  const [only] = entries;
  if (!isGlobal && parents === undefined) {
    if (!only) return start ?? {};
    if (entries.length === 1 && Object.keys(only.slice).length === 0) return only.cursor;
  }
  return {
    ...(isGlobal && { use_global_cursor: true }),
    ...(entries.length > MANY
      ? { headwater: { version: VERSION, rows: rowsOf(entries) } }
      : { states: entries.map(({ slice, cursor }) => ({ partition: slice, cursor })) }),
    ...(start && { state: start }),
    ...(lookback !== undefined && { lookback_window: lookback }),
    ...(parents && { parent_state: parents }),
  };
};

const REMEDY = 'Give a state that a sync of this stream emitted, or none to read everything.';

const refusal = (place: string, what: string): StateError => new StateError(`${place}: ${what}. ${REMEDY}`);

const ownMember = (state: JsonObject, place: string): JsonObject | undefined => {
  const own = state['headwater'];
  if (own === undefined) return undefined;
  const version = isJsonObject(own) ? own['version'] : undefined;
  if (version === VERSION) return own as JsonObject;
  throw refusal(place, `it has version ${JSON.stringify(version)} of the form, this release knows ${VERSION}`);
};

const entriesIn = (states: unknown, place: string): SliceEntry[] => {
  if (!Array.isArray(states)) throw refusal(place, 'its member "states" is not a list');
  return states.map((entry: unknown, index) => {
    if (!isJsonObject(entry) || !isJsonObject(entry['partition'])) {
      throw new StateError(`${place}, states[${index}] has no partition. ${REMEDY}`);
    }
    const { partition, cursor } = entry;
    if (!isJsonObject(cursor)) throw new StateError(`${place}, states[${index}] has no cursor. ${REMEDY}`);
    return { slice: flat(partition), cursor, place: `states[${index}]` };
  });
};

/** The reference puts the slice of the parent into that of the child; here a slice is flat. */
const flat = (partition: JsonObject): Slice => {
  const { parent_slice: parent, ...own } = partition;
  if (parent === undefined) return partition;
  return isJsonObject(parent) ? { ...flat(parent), ...own } : partition;
};

const parentsIn = (parents: unknown, place: string): Record<string, JsonObject> | undefined => {
  if (parents === undefined) return undefined;
  if (!isJsonObject(parents)) throw refusal(place, 'its member "parent_state" is not an object');
  for (const [name, state] of Object.entries(parents)) {
    if (!isJsonObject(state)) throw refusal(place, `the state of the parent "${name}" is not an object`);
  }
  return parents as Record<string, JsonObject>;
};

/** Slices with the same keys: `{ slice: ['id'], cursor: ['updated_at'], rows: [[7, '2026-01-01']] }`. */
interface RowGroup {
  readonly slice: readonly string[];
  readonly cursor: readonly string[];
  readonly rows: unknown[][];
}

const rowsOf = (entries: readonly SliceEntry[]): RowGroup[] => {
  const groups = new Map<string, RowGroup>();
  for (const { slice, cursor } of entries) {
    const names = { slice: Object.keys(slice).toSorted(), cursor: Object.keys(cursor).toSorted() };
    const key = JSON.stringify(names);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { ...names, rows: [] }));
    group.rows.push([...names.slice.map((name) => slice[name]), ...names.cursor.map((name) => cursor[name])]);
  }
  return [...groups.values()];
};

const rowsIn = (groups: unknown, place: string): SliceEntry[] => {
  if (groups === undefined) return [];
  if (!Array.isArray(groups)) throw refusal(place, 'its member "headwater.rows" is not a list');
  return groups.flatMap((group: unknown, at) => {
    const { slice, cursor, rows } = isJsonObject(group) ? group : {};
    if (!isNames(slice) || !isNames(cursor) || !Array.isArray(rows)) {
      throw refusal(place, `its member "headwater.rows[${at}]" has another form`);
    }
    return rows.map((row: unknown, index) => {
      const where = `headwater.rows[${at}].rows[${index}]`;
      if (!Array.isArray(row) || row.length !== slice.length + cursor.length) {
        throw refusal(place, `${where} has not one value for each name`);
      }
      const named = (names: readonly string[], offset: number): JsonObject =>
        Object.fromEntries(names.map((name, column) => [name, row[offset + column] as JsonObject[string]]));
      return { slice: named(slice, 0), cursor: named(cursor, slice.length), place: where };
    });
  });
};

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
