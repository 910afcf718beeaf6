import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { ChildSlice } from './slice.ts';
import { parentRecords } from './parent-records.ts';
import type { Stream, StreamContext } from './stream.ts';

/** A stream whose records are the slices of another. */
export interface Parent {
  readonly stream: Stream;
  /**
   * The field of its records that goes into the slice, or the path to it.
   *
   * @default 'id'
   */
  readonly key?: string | readonly string[];
  /**
   * What the key is called in the slice.
   *
   * @default the parent's name and its key: `repositories_id`
   */
  readonly as?: string;
  /**
   * Fields of the parent's record that the hooks see as `parent`; they do not count as part of the slice.
   *
   * @default none
   */
  readonly extraFields?: readonly string[];
  /**
   * Whether there is a slice for a record: false leaves it out, such as an issue without comments. An incremental parent
   * does not offer it again before it has changed.
   *
   * @default one for each record
   */
  readonly where?: (record: JsonObject) => boolean;
  /**
   * Read only the parents that have changed since the last sync. For an API that touches the parent whenever one of its
   * children changes. The parent's state travels in the child's and moves when the children of its records are read.
   *
   * @default false: all parents in each sync
   */
  readonly incremental?: boolean;
}

/**
 * One slice for each record of a parent stream: its key, together with the slice the parent came from. Children are read
 * while their parents still come. Give a parent that several streams read `useCache`; the parents of an `HttpSubStream`
 * have it by themselves.
 *
 * A record without the key is left out, with a warning.
 *
 * @example
 * override slices(context: StreamContext) {
 *   return byParent({ stream: this.repositories, key: 'name', as: 'repository' }, context);
 * }
 * @throws ConnectorError for an incremental parent without a cursor
 */
export async function* byParent(
  { stream, key = 'id', as, extraFields = [], where, incremental = false }: Parent,
  context: StreamContext,
): AsyncIterable<ChildSlice> {
  const path = typeof key === 'string' ? [key] : key;
  const name = as ?? `${stream.name}_${path.join('_')}`;
  let left = 0;
  const states = incremental ? context.parentStates : undefined;
  for await (const { record, slice, reading } of parentRecords(stream, context, states)) {
    if (where?.(record) === false) continue;
    const value = valueAt(record, path);
    if (value === undefined || value === null) {
      if (left++ === 0) {
        context.report.log.warn(
          `A record of the parent stream "${stream.name}" has no ${path.join('.')}; it and others like it are left out.`,
        );
      }
      continue;
    }
    const extra = Object.fromEntries(
      extraFields.map((field) => [field, record[field]]).filter(([, it]) => it !== undefined),
    );
    yield new ChildSlice({ ...slice, [name]: value }, extra as JsonObject, reading);
  }
}

const valueAt = (record: JsonObject, path: readonly string[]): unknown => {
  let value: unknown = record;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
};
