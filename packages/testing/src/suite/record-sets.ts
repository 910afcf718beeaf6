import { canonical, isObject, short, valueAt, type ExactObject } from './exact-json.ts';
import type { RecordEvent } from './observed-run.ts';

/** What tells the records of one stream from each other. */
export interface RecordIdentity {
  /** Paths of the primary key; empty when the stream has none. */
  readonly primaryKey: readonly (readonly string[])[];
  /** Paths of the fields that are not the same in two reads of the same record. */
  readonly unstable: readonly (readonly string[])[];
}

/** A record's primary key as one text; undefined without one, or when a part of it is missing. */
export const keyOf = (data: ExactObject, { primaryKey }: RecordIdentity): string | undefined => {
  const values = primaryKey.map((path) => valueAt(data, path));
  return values.length === 0 || values.some((value) => value === undefined || value === null)
    ? undefined
    : canonical(values);
};

/** The whole record but its unstable fields as one text. */
export const contentOf = (data: ExactObject, { unstable }: RecordIdentity): string =>
  canonical(unstable.reduce<ExactObject>((rest, path) => without(rest, path), data));

/** How a report names a record. */
export const nameOf = (data: ExactObject, { primaryKey }: RecordIdentity): string =>
  primaryKey.length === 0
    ? short(data)
    : short(Object.fromEntries(primaryKey.map((path) => [path.join('.'), valueAt(data, path)])));

const without = (data: ExactObject, [key, ...rest]: readonly string[]): ExactObject => {
  if (key === undefined || !(key in data)) return data;
  const { [key]: value, ...others } = data;
  return rest.length > 0 && isObject(value) ? { ...others, [key]: without(value, rest) } : others;
};

/** The records of each stream. */
export const byStream = (records: readonly RecordEvent[]): Map<string, ExactObject[]> => {
  const streams = new Map<string, ExactObject[]>();
  for (const { stream, data } of records) {
    const list = streams.get(stream);
    if (list) list.push(data);
    else streams.set(stream, [data]);
  }
  return streams;
};

/** How the records of two reads differ. */
export interface Difference {
  readonly missing: readonly ExactObject[];
  readonly extra: readonly ExactObject[];
}

/** Compares two reads of a stream whatever their order, record by record, unstable fields aside. */
export const compareRecords = (
  expected: readonly ExactObject[],
  actual: readonly ExactObject[],
  identity: RecordIdentity,
): Difference => {
  const left = new Map<string, ExactObject[]>();
  for (const data of expected) {
    const content = contentOf(data, identity);
    left.set(content, [...(left.get(content) ?? []), data]);
  }
  const extra = actual.filter((data) => left.get(contentOf(data, identity))?.pop() === undefined);
  return { missing: [...left.values()].flat(), extra };
};

/** The records of `all` that `parts` lack: by primary key, or else by content. */
export const missingFrom = (
  all: readonly ExactObject[],
  parts: readonly ExactObject[],
  identity: RecordIdentity,
): ExactObject[] => {
  const label = (data: ExactObject) => keyOf(data, identity) ?? contentOf(data, identity);
  const there = new Set(parts.map(label));
  return all.filter((data) => !there.has(label(data)));
};

/** A difference in one sentence: `2 of 240 records are missing, first {"id":5}`. */
export const describe = ({ missing, extra }: Difference, total: number, identity: RecordIdentity): string => {
  const part = (records: readonly ExactObject[], what: string): string[] =>
    records[0] === undefined ? [] : [`${records.length} ${what}, the first ${nameOf(records[0], identity)}`];
  const changed = changedField(missing, extra, identity);
  const all = [...part(missing, `of ${total} records missing or changed`), ...part(extra, 'records more or changed')];
  return [...all, ...(changed === undefined ? [] : [`the field "${changed}" differs`])].join('; ');
};

const changedField = (
  missing: readonly ExactObject[],
  extra: readonly ExactObject[],
  identity: RecordIdentity,
): string | undefined => {
  const [first] = missing;
  const key = first && keyOf(first, identity);
  const other = key === undefined ? undefined : extra.find((data) => keyOf(data, identity) === key);
  if (first === undefined || other === undefined) return undefined;
  return Object.keys({ ...first, ...other }).find(
    (name) => canonical(first[name] ?? null) !== canonical(other[name] ?? null),
  );
};
