import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from './json-pointer.ts';

/** A JSON Schema: an object of keywords, or `true` (everything) or `false` (nothing). */
export type Schema = JsonObject | boolean;

/** Whether a value can stand where a schema is expected. */
export const isSchema = (value: unknown): value is Schema => typeof value === 'boolean' || isJsonObject(value);

const ONE = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LIST = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);
const BY_NAME = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/**
 * A copy of a schema whose direct subschemas went through `map`, each with the pointer that leads to it.
 *
 * Only places where JSON Schema expects a schema count: what looks like one in `enum`, `default` or a property's name
 * stays as it is.
 */
export const mapSubschemas = (schema: JsonObject, map: (child: Schema, pointer: string) => unknown): JsonObject => {
  const mapEntry = (value: unknown, pointer: string) => (isSchema(value) ? map(value, pointer) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      const at = `/${escapeSegment(keyword)}`;
      if (ONE.has(keyword) && isSchema(value)) return [keyword, map(value, at)];
      if (LIST.has(keyword) && Array.isArray(value)) {
        return [keyword, value.map((entry, index) => mapEntry(entry, `${at}/${index}`))];
      }
      if (BY_NAME.has(keyword) && isJsonObject(value)) {
        const entries = Object.entries(value);
        return [keyword, Object.fromEntries(entries.map(([k, v]) => [k, mapEntry(v, `${at}/${escapeSegment(k)}`)]))];
      }
      return [keyword, value];
    }),
  );
};

/** Whether a schema, or any schema inside it, passes the test. */
export const someSubschema = (schema: Schema, test: (schema: JsonObject) => boolean): boolean => {
  if (typeof schema === 'boolean') return false;
  let found = test(schema);
  if (!found) mapSubschemas(schema, (child) => (found ||= someSubschema(child, test)));
  return found;
};

/** The types named by the `type` keyword, in the order they are named. */
export const declaredTypes = (schema: JsonObject): readonly string[] => {
  const types = [schema.type ?? []].flat().filter((type): type is string => typeof type === 'string');
  return schema.nullable === true && types.length > 0 && !types.includes('null') ? [...types, 'null'] : types;
};
