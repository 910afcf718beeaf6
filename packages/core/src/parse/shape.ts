import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** What a schema says, as far as it can be seen in the text of a value. */
export interface Shape {
  /** The names of the types allowed. */
  readonly types: readonly string[];
  /** There if an object is allowed. */
  readonly fields?: readonly Field[];
  /** There if an array is allowed: what its items are. */
  readonly items?: Shape;
  /** The one format of all strings. */
  readonly format?: 'date' | 'date-time';
  /** The only strings allowed; never beside a format. */
  readonly literals?: readonly string[];
}

export interface Field {
  /** Spelt in JSON as it stands here, in quotes. */
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
}

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

/** The shape of a schema that says nothing but what a shape can say, else undefined. */
export const compileShape = (schema: unknown): Shape | undefined => {
  if (!isJsonObject(schema) || Object.keys(schema).some((key) => !KNOWN.has(key))) return undefined;
  const { type, format, enum: values } = schema;
  const types = [type].flat();
  if (!types.every((name) => typeof name === 'string')) return undefined;
  if (format !== undefined && format !== 'date' && format !== 'date-time') return undefined;
  const fields = types.includes('object') ? fieldsOf(schema) : undefined;
  const items = types.includes('array') ? compileShape(schema['items']) : undefined;
  if (types.includes('object') && fields === undefined) return undefined;
  if (types.includes('array') && items === undefined) return undefined;
  const literals = values === undefined ? undefined : literalsOf(values, types);
  if (values !== undefined && (literals === undefined || format !== undefined)) return undefined;
  return {
    types,
    ...(fields && { fields }),
    ...(items && { items }),
    ...(format !== undefined && { format }),
    ...(literals && { literals }),
  };
};

const fieldsOf = ({ properties, required = [], additionalProperties }: JsonObject): readonly Field[] | undefined => {
  if (!isJsonObject(properties) || !Array.isArray(required)) return undefined;
  if (isJsonObject(additionalProperties) || Object.hasOwn(properties, '__proto__')) return undefined;
  if (required.some((name) => !Object.hasOwn(properties, String(name)))) return undefined;
  const fields: Field[] = [];
  for (const [name, schema] of Object.entries(properties)) {
    const shape = compileShape(schema);
    if (shape === undefined || !isPlain(name)) return undefined;
    fields.push({ name, shape, isRequired: required.includes(name) });
  }
  return fields;
};

/** Strings only, or null beside them; where another type is allowed as well, an enum speaks of its values too. */
const literalsOf = (values: unknown, types: readonly string[]): readonly string[] | undefined => {
  if (!Array.isArray(values) || types.some((name) => name !== 'string' && name !== 'null')) return undefined;
  if (types.includes('null') && !values.includes(null)) return undefined;
  const strings = values.filter((value): value is string => typeof value === 'string');
  return strings.every(isPlain) ? strings : undefined;
};

/** A text with an escape may be spelt in more ways than one. */
const isPlain = (text: string): boolean => JSON.stringify(text) === `"${text}"`;
