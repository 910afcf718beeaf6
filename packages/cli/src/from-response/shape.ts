import { isJsonObject } from '../types/read-document.ts';
import { formatOf, type Format } from './formats.ts';

/**
 * What has been seen at one place of the samples. Shapes are merged in any order and grouping with the same result.
 */
export interface Shape {
  /** How many values were seen, null included. */
  readonly count: number;
  readonly nulls: number;
  readonly booleans: number;
  readonly integers: number;
  /** Numbers with a fraction. */
  readonly fractions: number;
  readonly texts: number;
  /** The format of all texts: undefined for plain ones and different ones. */
  readonly format: Format | undefined;
  readonly objects: number;
  /** Of all objects, by key. */
  readonly fields: ReadonlyMap<string, Shape>;
  readonly arrays: number;
  /** Of the items of all arrays; undefined while all are empty. */
  readonly items: Shape | undefined;
}

export const NOTHING: Shape = {
  count: 0,
  nulls: 0,
  booleans: 0,
  integers: 0,
  fractions: 0,
  texts: 0,
  format: undefined,
  objects: 0,
  fields: new Map(),
  arrays: 0,
  items: undefined,
};

/** The shape of one value. */
export const shapeOf = (value: unknown): Shape => {
  const seen = { ...NOTHING, count: 1 };
  if (value === null) return { ...seen, nulls: 1 };
  if (typeof value === 'boolean') return { ...seen, booleans: 1 };
  if (typeof value === 'string') return { ...seen, texts: 1, format: formatOf(value) };
  if (typeof value === 'bigint' || Number.isInteger(value)) return { ...seen, integers: 1 };
  if (typeof value === 'number' || isExactFraction(value)) return { ...seen, fractions: 1 };
  if (Array.isArray(value)) return { ...seen, arrays: 1, items: value.length === 0 ? undefined : shapeOfAll(value) };
  if (!isJsonObject(value)) throw new TypeError(`A value of type ${typeof value} is no JSON.`);
  const fields = new Map(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
  return { ...seen, objects: 1, fields };
};

/** The shape of many values. */
export const shapeOfAll = (values: readonly unknown[]): Shape =>
  values.reduce<Shape>((merged, value) => mergeShapes(merged, shapeOf(value)), NOTHING);

export const mergeShapes = (one: Shape, other: Shape): Shape => {
  if (one.count === 0) return other;
  if (other.count === 0) return one;
  return {
    count: one.count + other.count,
    nulls: one.nulls + other.nulls,
    booleans: one.booleans + other.booleans,
    integers: one.integers + other.integers,
    fractions: one.fractions + other.fractions,
    texts: one.texts + other.texts,
    format: formatOfBoth(one, other),
    objects: one.objects + other.objects,
    fields: mergeFields(one.fields, other.fields),
    arrays: one.arrays + other.arrays,
    items: one.items && other.items ? mergeShapes(one.items, other.items) : (one.items ?? other.items),
  };
};

interface ExactFraction {
  readonly isLosslessNumber: true;
  toString(): string;
}

/** A number that the kit's parser keeps with all its digits, since a double would round it. */
export const isExactFraction = (value: unknown): value is ExactFraction =>
  typeof value === 'object' && value !== null && 'isLosslessNumber' in value && value.isLosslessNumber === true;

const formatOfBoth = (one: Shape, other: Shape): Format | undefined => {
  if (one.texts === 0) return other.format;
  return other.texts === 0 || one.format === other.format ? one.format : undefined;
};

const mergeFields = (one: Shape['fields'], other: Shape['fields']): Shape['fields'] => {
  const merged = new Map(one);
  for (const [key, shape] of other) {
    const present = merged.get(key);
    merged.set(key, present ? mergeShapes(present, shape) : shape);
  }
  return merged;
};
