import type { JsonObject } from '../plan/plan.ts';
import type { Description } from './description.ts';
import { flatten, typeOf, type FlatSchema } from './flat-schema.ts';
import { firstSentence } from '../plan/words.ts';

/** Levels of objects within objects; deeper ones are objects of any members. */
const MOST_LEVELS = 6;

/** Characters of a schema written as JSON. */
const MOST_CHARS = 150_000;

/** Members in all: a description that refers to itself in many ways would otherwise be followed for ever. */
const MOST_MEMBERS = 3_000;

/** The formats that draft-07 knows and that real values keep to. */
const FORMATS: ReadonlySet<string> = new Set('date-time date time email uri uuid hostname ipv4 ipv6'.split(' '));

export interface RecordSchema {
  /** As the connector has it. */
  readonly schema: JsonObject;
  /** The same, with the examples that the description gives. */
  readonly withExamples: JsonObject;
  /** Objects from this level on are open; undefined when none had to be. */
  readonly cutAt: number | undefined;
}

/**
 * The draft-07 schema of a record, without references.
 *
 * @param keys the fields that have to be there, and not null: real APIs leave out what they promise
 */
export const recordSchema = (description: Description, record: FlatSchema, keys: readonly string[]): RecordSchema => {
  for (let levels = MOST_LEVELS; ; levels--) {
    const one = writer(description, levels, false);
    const schema = withKeys(one.write(record, 1), keys);
    if (levels > 1 && (one.isSpent() || JSON.stringify(schema).length > MOST_CHARS)) continue;
    const withExamples = withKeys(writer(description, levels, true).write(record, 1), keys);
    return { schema, withExamples, cutAt: one.cutAt() };
  }
};

const writer = (description: Description, levels: number, examples: boolean) => {
  let members = 0;
  let cutAt: number | undefined;

  const write = (flat: FlatSchema, level: number): JsonObject => {
    const isOpen = flat.types.has('object') && (level > levels || members > MOST_MEMBERS) && flat.properties.size > 0;
    if (isOpen) cutAt = Math.min(cutAt ?? level, level);
    return {
      ...typeKeyword(flat, isOpen),
      ...annotations(flat, examples && !isOpen),
      ...(flat.types.has('array') && { items: itemsOf(flat, level) }),
      ...(flat.types.has('object') && !isOpen && { ...propertiesOf(flat, level), additionalProperties: true }),
    };
  };

  const propertiesOf = (flat: FlatSchema, level: number): JsonObject => {
    if (flat.properties.size === 0) return {};
    const properties: { [name: string]: JsonObject } = {};
    for (const [name, schemas] of flat.properties) {
      if (name === '__proto__') continue;
      members += 1;
      properties[name] = write(flatten(description, ...schemas), level + 1);
    }
    return { properties };
  };

  const itemsOf = (flat: FlatSchema, level: number): JsonObject =>
    flat.items.length === 0 || level > levels * 2 ? {} : write(flatten(description, ...flat.items), level + 1);

  return { write, cutAt: () => cutAt, isSpent: () => members > MOST_MEMBERS };
};

const typeKeyword = ({ types, nullable, enum: values }: FlatSchema, isOpen: boolean): JsonObject => {
  if (types.size === 0) return {};
  const named = [...types].filter((type) => type !== 'integer' || !types.has('number'));
  const all = nullable || isOpen ? [...named, 'null'] : named;
  return { type: all.length === 1 ? all[0] : all, ...(values && { enum: nullable ? [...values, null] : values }) };
};

const annotations = (flat: FlatSchema, examples: boolean): JsonObject => {
  const text = firstSentence(flat.description);
  const format = flat.types.has('string') && flat.enum === undefined && FORMATS.has(flat.format ?? '') && flat.format;
  const type = typeOf(flat.example);
  const fits =
    type !== 'object' && type !== 'array' && (flat.types.has(type) || (type === 'integer' && flat.types.has('number')));
  return {
    ...(text !== undefined && { description: text }),
    ...(format && { format }),
    ...(examples && fits && { example: flat.example }),
  };
};

const withKeys = (schema: JsonObject, keys: readonly string[]): JsonObject => {
  const properties = { ...(schema['properties'] as { readonly [name: string]: JsonObject } | undefined) };
  for (const key of keys) {
    const { type, enum: values, ...rest } = properties[key] ?? {};
    const types = [type ?? []].flat().filter((name) => name !== 'null');
    properties[key] = {
      ...(types.length > 0 && { type: types.length === 1 ? types[0] : types }),
      ...(Array.isArray(values) && { enum: values.filter((value) => value !== null) }),
      ...rest,
    };
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...schema,
    type: 'object',
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(keys.length > 0 && { required: [...keys] }),
    additionalProperties: true,
  };
};
