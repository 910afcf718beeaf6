import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** What a schema says, as far as it can be checked on the bytes of a value. */
export interface Shape {
  /** A bit for each type allowed: string 1, integer 2, number 4, boolean 8, null 16. */
  readonly types: number;
  /** There if an object is allowed. */
  readonly object?: ObjectShape;
  /** There if an array is allowed: what its items are. */
  readonly items?: Shape;
  readonly format?: 'date' | 'date-time';
  /** The strings allowed, with their quotes. */
  readonly literals?: readonly Uint8Array[];
}

export interface ObjectShape {
  /** With their quotes, as they stand in the bytes. */
  readonly names: readonly Buffer[];
  readonly shapes: readonly Shape[];
  /** A bit for each name that has to be there. */
  readonly required: number;
  /** The index of the name whose value is to be noted; -1 for none. */
  readonly noted: number;
}

const BITS: Readonly<Record<string, number>> = { string: 1, integer: 2, number: 4, boolean: 8, null: 16 };
const ANNOTATIONS = [
  '$schema',
  '$id',
  'title',
  'description',
  'default',
  'examples',
  '$comment',
  'deprecated',
  'airbyte_type',
];
const KEYWORDS = ['type', 'properties', 'required', 'additionalProperties', 'items', 'format', 'enum'];
const KNOWN = new Set([...ANNOTATIONS, ...KEYWORDS]);

/** Names are counted in the bits of a number. */
const MOST_NAMES = 31;

/** The shape of a schema that says nothing but what a shape can say, else undefined. */
export const compileShape = (schema: unknown): Shape | undefined => {
  if (!isJsonObject(schema) || Object.keys(schema).some((key) => !KNOWN.has(key))) return undefined;
  const { type, format, enum: values } = schema;
  const types = [type].flat();
  if (types.some((name) => typeof name !== 'string')) return undefined;
  if (format !== undefined && format !== 'date' && format !== 'date-time') return undefined;
  const object = types.includes('object') ? objectShape(schema) : undefined;
  const items = types.includes('array') ? compileShape(schema['items']) : undefined;
  if (types.includes('object') && object === undefined) return undefined;
  if (types.includes('array') && items === undefined) return undefined;
  const literals = values === undefined ? undefined : literalsOf(values, types);
  if (values !== undefined && literals === undefined) return undefined;
  return {
    types: types.reduce<number>((bits, name) => bits | (BITS[String(name)] ?? 0), 0),
    ...(object && { object }),
    ...(items && { items }),
    ...(format !== undefined && { format }),
    ...(literals && { literals }),
  };
};

const objectShape = ({ properties, required = [], additionalProperties }: JsonObject): ObjectShape | undefined => {
  if (!isJsonObject(properties) || !Array.isArray(required)) return undefined;
  if (isJsonObject(additionalProperties)) return undefined;
  const names = Object.keys(properties);
  // A name with an escape may be spelt in more ways than one.
  if (names.length > MOST_NAMES || names.some((name) => JSON.stringify(name) !== `"${name}"`)) return undefined;
  if (names.includes('__proto__') || required.some((name) => !names.includes(String(name)))) return undefined;
  const shapes = names.map((name) => compileShape(properties[name]));
  if (shapes.some((shape) => shape === undefined)) return undefined;
  return {
    names: names.map((name) => Buffer.from(`"${name}"`)),
    shapes: shapes as Shape[],
    required: names.reduce((bits, name, index) => (required.includes(name) ? bits | (1 << index) : bits), 0),
    noted: -1,
  };
};

/** Strings only, or null beside them; where another type is allowed as well, an enum speaks of its values too. */
const literalsOf = (values: unknown, types: readonly unknown[]): readonly Uint8Array[] | undefined => {
  if (!Array.isArray(values) || types.some((name) => name !== 'string' && name !== 'null')) return undefined;
  if (types.includes('null') && !values.includes(null)) return undefined;
  const strings = values.filter((value): value is string => typeof value === 'string');
  if (strings.some((text) => JSON.stringify(text) !== `"${text}"`)) return undefined;
  return strings.map((text) => Buffer.from(`"${text}"`));
};
