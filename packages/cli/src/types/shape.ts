import { isJsonObject, type JsonObject } from './read-document.ts';

/** What a reference is replaced with. */
export type Follow = (reference: string) => JsonObject;

/** The keywords that say something about types and hold no schema themselves. */
const PLAIN = ['type', 'enum', 'const', 'required', 'deprecated', 'description'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const BY_NAME = ['properties', 'patternProperties'];
const ONE = ['additionalProperties', 'additionalItems'];

const pick = (schema: JsonObject, keywords: readonly string[]): [string, unknown][] =>
  keywords.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]]);

const mapValues = (value: unknown, change: (value: unknown) => unknown): unknown =>
  isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)])) : value;

/**
 * What of a schema matters to its type.
 *
 * Without titles, which would name a type for every field of a config; with an index signature only where an object
 * says nothing about its fields, so that a mistyped field name does not compile.
 */
export const shapeOf = (schema: unknown, follow: Follow, filled = false): unknown => {
  if (!isJsonObject(schema)) return schema;
  const inner = (value: unknown): unknown => shapeOf(value, follow);
  if (typeof schema['$ref'] === 'string') {
    const target = follow(schema['$ref']);
    return schema['nullable'] === true ? { anyOf: [target, { type: 'null' }] } : target;
  }
  const { prefixItems, items, title } = schema;
  const shape: JsonObject = Object.fromEntries([
    ...pick(schema, PLAIN),
    ...pick(schema, LISTS).map(([keyword, value]) => [keyword, Array.isArray(value) ? value.map(inner) : value]),
    ...pick(schema, BY_NAME).map(([keyword, value]) => [
      keyword,
      mapValues(value, (item) => shapeOf(item, follow, filled && keyword === 'properties')),
    ]),
    ...pick(schema, ONE).map(([keyword, value]) => [keyword, inner(value)]),
  ]);
  if (Array.isArray(prefixItems)) {
    Object.assign(shape, { items: prefixItems.map(inner), additionalItems: inner(items ?? true) });
  } else if (items !== undefined) {
    shape['items'] = Array.isArray(items) ? items.map(inner) : inner(items);
  }
  if (typeof title === 'string') shape['description'] ??= title;
  if (schema['nullable'] === true) addNull(shape);
  if (filled) shape['required'] = [...new Set([...[shape['required'] ?? []].flat(), ...withDefault(schema)])];
  if (isFreeForm(shape)) shape['additionalProperties'] = true;
  return shape;
};

const addNull = (shape: JsonObject): void => {
  if (shape['type'] !== undefined) shape['type'] = [...new Set([shape['type'], 'null'].flat())];
  if (Array.isArray(shape['enum'])) shape['enum'] = [...new Set([...(shape['enum'] as unknown[]), null])];
};

/** The fields that are there in any case, because the kit fills in their defaults. */
const withDefault = ({ properties }: JsonObject): string[] =>
  isJsonObject(properties)
    ? Object.keys(properties).filter((name) => {
        const property = properties[name];
        return isJsonObject(property) && property['default'] !== undefined;
      })
    : [];

const isFreeForm = (shape: JsonObject): boolean =>
  [shape['type']].flat().includes('object') &&
  ['properties', 'patternProperties', 'additionalProperties', ...LISTS].every(
    (keyword) => shape[keyword] === undefined,
  );
