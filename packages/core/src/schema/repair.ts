import { isLosslessNumber } from 'lossless-json';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import { coercions } from './coerce.ts';
import type { OpenSchema } from './compile.ts';
import { rootPlace, type Layer, type Place } from './place.ts';

/** A value that was lost to make a record valid, as the protocol lists it in `meta.changes`. */
export interface RecordChange {
  /** The path of the field, joined with dots; items of arrays by their index. */
  readonly field: string;
  readonly change: 'NULLED';
  readonly reason: 'SOURCE_SERIALIZATION_ERROR';
}

/** A record brought as near to its schema as possible, and what was lost on the way. */
export interface Repaired {
  readonly record: JsonObject;
  readonly changes: readonly RecordChange[];
}

/**
 * Makes the repair for one schema.
 *
 * Goes through the schema and the record side by side and stops wherever the value is right. A wrong one is coerced
 * without loss, else set to null, each only if the schema accepts the outcome. What cannot be helped stays as it was.
 * The given record is never changed: what differs is copied, the rest is shared.
 */
export const createRepair = (schema: JsonObject, { part }: OpenSchema): ((record: JsonObject) => Repaired) => {
  const root = rootPlace(schema, part);
  return (record) => {
    const changes: RecordChange[] = [];
    const mended = mendInside(record, root, { path: [], changes, depth: 0 });
    return { record: isJsonObject(mended) ? mended : record, changes };
  };
};

interface Mending {
  readonly path: (string | number)[];
  readonly changes: RecordChange[];
  /** How many choices between branches are open around this value. */
  readonly depth: number;
}

/** Choices within choices are tried this deep: trying takes time that doubles with each. */
const MOST_CHOICES = 4;

type Container = JsonObject | JsonValue[];

const isContainer = (value: JsonValue): value is Container =>
  typeof value === 'object' && value !== null && !isLosslessNumber(value);

const mend = (value: JsonValue, place: Place, mending: Mending): JsonValue => {
  if (value === undefined || place.accepts(value)) return value;
  const { changes, path } = mending;
  const before = changes.length;
  const inside = isContainer(value) ? mendInside(value, place, mending) : value;
  const isMended = inside !== value && place.accepts(inside);
  if (isMended && changes.length === before) return inside;
  const coerced = coercions(value, place.types()).find(place.accepts);
  if (coerced !== undefined) {
    changes.length = before;
    return coerced;
  }
  if (isMended || !mayVanish(value, place) || !place.accepts(null)) return inside;
  changes.length = before;
  changes.push({ field: path.join('.'), change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' });
  return null;
};

/** An object or array is given up only as a whole: where no such thing is declared, not because of what is in it. */
const mayVanish = (value: JsonValue, place: Place): boolean => {
  if (!isContainer(value)) return true;
  const types = place.types();
  return types.size > 0 && !types.has(Array.isArray(value) ? 'array' : 'object');
};

const mendInside = (value: Container, place: Place, mending: Mending): Container => {
  let draft = value;
  for (const layer of place.layers()) {
    draft = Array.isArray(draft) ? mendItems(draft, layer, mending) : mendFields(draft, layer, mending);
    const branch = layer.branchFor(draft);
    if (branch !== undefined) draft = mendInside(draft, branch, mending);
  }
  for (const layer of place.layers()) {
    for (const branches of layer.choices()) {
      if (branches.length > 0 && !place.accepts(draft)) draft = mendAsBest(draft, branches, place, mending);
    }
  }
  return draft;
};

const mendFields = (value: JsonObject, layer: Layer, mending: Mending): JsonObject => {
  let copy: JsonObject | undefined;
  for (const name of Object.keys(value)) {
    for (const place of layer.field(name)) {
      const was = (copy ?? value)[name];
      mending.path.push(name);
      const now = mend(was, place, mending);
      mending.path.pop();
      if (!Object.is(now, was)) (copy ??= { ...value })[name] = now;
    }
  }
  return copy ?? value;
};

const mendItems = (value: JsonValue[], layer: Layer, mending: Mending): JsonValue[] => {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const place = layer.item(index);
    if (place === undefined) continue;
    mending.path.push(index);
    const now = mend(value[index], place, mending);
    mending.path.pop();
    if (!Object.is(now, value[index])) (copy ??= [...value])[index] = now;
  }
  return copy ?? value;
};

/** Mends by the branch that loses least; by none if no branch leads to what is accepted as a whole. */
const mendAsBest = (value: Container, branches: readonly Place[], whole: Place, mending: Mending): Container => {
  const { changes, depth } = mending;
  if (depth >= MOST_CHOICES) return value;
  const before = changes.length;
  let best: { readonly value: Container; readonly lost: readonly RecordChange[] } | undefined;
  for (const branch of branches) {
    const mended = mendInside(value, branch, { ...mending, depth: depth + 1 });
    const lost = changes.splice(before);
    const isBetter = best === undefined || lost.length < best.lost.length;
    if (mended !== value && isBetter && whole.accepts(mended)) best = { value: mended, lost };
  }
  if (best === undefined) return value;
  changes.push(...best.lost);
  return best.value;
};
