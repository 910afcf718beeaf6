import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import type { Stream } from './stream.ts';

/** The paths to the fields that identify a record, as the protocol wants them; none for a stream without a primary key. */
export const primaryKeyPaths = ({ primaryKey }: Pick<Stream, 'primaryKey'>): string[][] => {
  if (primaryKey === undefined) return [];
  if (typeof primaryKey === 'string') return [[primaryKey]];
  return primaryKey.map((key) => (typeof key === 'string' ? [key] : [...key]));
};

/** The values at the paths; undefined where any of them is missing or null. */
export const keyOf = (record: JsonObject, paths: readonly (readonly string[])[]): JsonValue[] | undefined => {
  const values: JsonValue[] = [];
  for (const path of paths) {
    let value: unknown = record;
    for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
    if (value === undefined || value === null) return undefined;
    values.push(value);
  }
  return values;
};

/** A record that has nothing but a key: the inverse of `keyOf`. */
export const recordOfKey = (values: readonly JsonValue[], paths: readonly (readonly string[])[]): JsonObject => {
  const record: JsonObject = {};
  for (const [index, path] of paths.entries()) {
    let within: JsonObject = record;
    for (const name of path.slice(0, -1)) {
      const next = within[name];
      within = within[name] = isJsonObject(next) ? next : {};
    }
    within[path.at(-1)!] = values[index]!;
  }
  return record;
};
