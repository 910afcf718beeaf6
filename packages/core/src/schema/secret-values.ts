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
  for (const keyword of ['if', 'then', 'else']) collect(schema[keyword], value, walk);
  if (typeof schema['$ref'] === 'string') collect(pointed(walk.root, schema['$ref']), value, walk);
  walk.open.delete(schema);
  const inside = { ...walk, open: new Set<unknown>() };
  if (Array.isArray(value)) value.forEach((item, index) => collect(itemSchema(schema, index), item, inside));
  else if (isJsonObject(value)) {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    for (const [key, item] of Object.entries(value)) {
      collect(Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'], item, inside);
    }
  }
};

const itemSchema = ({ items, prefixItems }: JsonObject, index: number): unknown =>
  Array.isArray(prefixItems) && index < prefixItems.length
    ? prefixItems[index]
    : Array.isArray(items)
      ? items[index]
      : items;

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
