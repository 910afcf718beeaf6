import { CommandError } from '../command-error.ts';
import { findMistake } from './keywords.ts';
import { isJsonObject, type JsonObject } from './read-document.ts';

export interface ShapeContext {
  /** Where the schema is, for messages. */
  readonly file: string;
  readonly pointer: string;
  /** What a reference is replaced with. */
  readonly follow: (reference: string) => JsonObject;
  /** Whether the kit writes missing values that have a default, so that such a field is always there. */
  readonly filled: boolean;
}

/** The keywords that say something about types and hold no schema themselves. */
const PLAIN = ['type', 'enum', 'const', 'required', 'deprecated', 'description'];
/** The keywords that hold one schema or a list of schemas. */
const NESTED = ['allOf', 'anyOf', 'oneOf', 'items', 'additionalItems', 'additionalProperties'];
/** The keywords that hold schemas by name. */
const BY_NAME = ['properties', 'patternProperties'];

/**
 * What of a schema matters to its type.
 *
 * Without titles, which would name a type for every field of a config; with an index signature only where an object
 * says nothing about its fields, so that a mistyped field name does not compile.
 *
 * @throws CommandError when a keyword holds what makes no sense
 */
export const shapeOf = (schema: JsonObject, context: ShapeContext): JsonObject => {
  const mistake = findMistake(schema);
  if (mistake !== undefined) throw new CommandError(`${placeOf(context)}: ${mistake}.`);
  const { $ref, nullable, title, properties } = schema;
  if (typeof $ref === 'string') {
    const target = context.follow($ref);
    return nullable === true ? { anyOf: [target, { type: 'null' }] } : target;
  }

  const shape: JsonObject = {};
  const copy = (keywords: readonly string[], change: (value: unknown, keyword: string) => unknown): void => {
    for (const keyword of keywords) if (keyword in schema) shape[keyword] = change(schema[keyword], keyword);
  };
  const inner = (value: unknown, path: string, filled = false): unknown => {
    const pointer = `${context.pointer}/${path}`;
    return isJsonObject(value) ? shapeOf(value, { ...context, pointer, filled }) : value;
  };
  copy(PLAIN, (value) => value);
  copy(NESTED, (value, keyword) =>
    Array.isArray(value) ? value.map((item, index) => inner(item, `${keyword}/${index}`)) : inner(value, keyword),
  );
  copy(BY_NAME, (value, keyword) =>
    Object.fromEntries(
      Object.entries(Object(value)).map(([name, item]) => [
        name,
        inner(item, `${keyword}/${name}`, context.filled && keyword === 'properties'),
      ]),
    ),
  );
  if (typeof title === 'string') shape['description'] ??= title;
  if (nullable === true) addNull(shape);
  if (context.filled && isJsonObject(properties)) addRequired(shape, properties);
  if (isJsonObject(shape['patternProperties'])) openForPatterns(shape, shape['patternProperties']);
  if (isFreeForm(shape)) {
    delete shape['properties'];
    shape['additionalProperties'] = true;
  }
  return shape;
};

/** A file and a JSON pointer as one text. */
export const placeOf = ({ file, pointer }: { readonly file: string; readonly pointer: string }): string =>
  pointer === '' ? file : `${file}#${pointer}`;

const addNull = (shape: JsonObject): void => {
  for (const [keyword, nothing] of [['type', 'null'] as const, ['enum', null] as const])
    if (keyword in shape) shape[keyword] = [...new Set([shape[keyword], nothing].flat())];
};

const addRequired = (shape: JsonObject, properties: JsonObject): void => {
  const withDefault = Object.keys(properties).filter((name) => {
    const property = properties[name];
    return isJsonObject(property) && property['default'] !== undefined;
  });
  shape['required'] = [...new Set([shape['required'] ?? [], withDefault].flat())];
};

/** TypeScript cannot choose a type by a pattern of the key: an index signature for all keys is the nearest it has. */
const openForPatterns = (shape: JsonObject, patterns: JsonObject): void => {
  delete shape['patternProperties'];
  shape['additionalProperties'] = 'properties' in shape ? true : { anyOf: Object.values(patterns) };
};

/** An object of which no field is named, and none is forbidden. */
const isFreeForm = (shape: JsonObject): boolean =>
  [shape['type']].flat().includes('object') &&
  ![...NESTED, 'patternProperties'].some((keyword) => keyword in shape) &&
  Object.keys(Object(shape['properties'])).length === 0;
