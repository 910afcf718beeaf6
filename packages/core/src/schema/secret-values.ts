import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** Every value of the config that its specification marks with `airbyte_secret`, as text. */
export const secretsOf = (schema: JsonObject, config: unknown): string[] => {
  const found: string[] = [];
  collect(schema, config, { root: schema, found, open: new Set() });
  return found;
};

interface Walk {
  readonly root: JsonObject;
  readonly found: string[];
  /** Schemas being walked for the value at hand: a `$ref` that leads back to one of them ends there. */
  readonly open: Set<unknown>;
}

const collect = (schema: unknown, value: unknown, walk: Walk): void => {
  if (!isJsonObject(schema) || value === undefined || value === null || walk.open.has(schema)) return;
  if (schema['airbyte_secret'] === true) walk.found.push(...leavesOf(value));
  walk.open.add(schema);
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) for (const branch of branches) collect(branch, value, walk);
  }
  for (const keyword of ['if', 'then', 'else', 'not']) collect(schema[keyword], value, walk);
  for (const keyword of ['dependentSchemas', 'dependencies']) {
    for (const dependent of Object.values(schema[keyword] ?? {})) collect(dependent, value, walk);
  }
  if (typeof schema['$ref'] === 'string') collect(pointed(walk.root, schema['$ref']), value, walk);
  walk.open.delete(schema);
  const inside = { ...walk, open: new Set<unknown>() };
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      for (const part of [itemSchema(schema, index), schema['contains']]) collect(part, item, inside);
    });
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      for (const part of propertySchemas(schema, key)) collect(part, item, inside);
    }
  }
};

const propertySchemas = (schema: JsonObject, key: string): unknown[] => {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const named = isJsonObject(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [];
  const patterns = isJsonObject(patternProperties) ? Object.entries(patternProperties) : [];
  const fitting = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(key)).map(([, part]) => part);
  const found = [...named, ...fitting];
  return found.length > 0 ? found : [additionalProperties, unevaluatedProperties];
};

const itemSchema = ({ items, prefixItems, additionalItems }: JsonObject, index: number): unknown => {
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  if (index < tuple.length) return tuple[index];
  return Array.isArray(items) ? additionalItems : items;
};

const pointed = (root: JsonObject, ref: string): unknown => {
  if (!ref.startsWith('#')) return undefined;
  const steps = ref.slice(1).split('/').slice(1);
  return steps.reduce<unknown>((node, step) => {
    const key = decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~');
    return typeof node === 'object' && node !== null ? (node as JsonObject)[key] : undefined;
  }, root);
};

const leavesOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
};
