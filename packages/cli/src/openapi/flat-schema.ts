import { isObject, listOf, type Description } from './description.ts';
import type { JsonObject } from '../plan/plan.ts';

/** A schema with its references followed and its `allOf`, `oneOf` and `anyOf` made one. */
export interface FlatSchema {
  /** JSON types without null; empty: anything. */
  readonly types: ReadonlySet<string>;
  readonly nullable: boolean;
  /** Each with all the schemas that speak of it. */
  readonly properties: ReadonlyMap<string, readonly unknown[]>;
  readonly required: ReadonlySet<string>;
  /** The schemas of an array's items. */
  readonly items: readonly unknown[];
  readonly enum?: readonly unknown[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly example?: unknown;
  /** The schema of the values, where the names of members are data. */
  readonly map?: unknown;
}

const NOTHING: FlatSchema = {
  types: new Set(),
  nullable: false,
  properties: new Map(),
  required: new Set(),
  items: [],
};

const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

/** Of compositions within compositions. */
const MOST_LEVELS = 12;

/** What any of some schemas allows. */
export const flatten = (description: Description, ...schemas: readonly unknown[]): FlatSchema =>
  eitherOf(schemas.map((schema) => flattenCached(description, schema)));

const known = new WeakMap<Description, Map<JsonObject, FlatSchema>>();

/** A large description refers to the same schemas again and again. */
const flattenCached = (description: Description, schema: unknown): FlatSchema => {
  const cache = known.get(description) ?? new Map<JsonObject, FlatSchema>();
  known.set(description, cache);
  const node = description.resolve(schema);
  const flat = cache.get(node) ?? flattenOne(description, node, new Set());
  cache.set(node, flat);
  return flat;
};

const flattenOne = (description: Description, schema: unknown, within: ReadonlySet<unknown>): FlatSchema => {
  const node = description.resolve(schema);
  if (within.has(node) || within.size > MOST_LEVELS) return NOTHING;
  const inside = new Set([...within, node]);
  const flattened = (parts: unknown) => listOf(parts).map((part) => flattenOne(description, part, inside));
  // Alternatives of constraints, such as `anyOf: [{ required: ['a'] }, …]`, say nothing of a shape.
  const alternatives = [...flattened(node['oneOf']), ...flattened(node['anyOf'])];
  const own = ownOf(node);
  const either = alternatives.length > 0 ? [eitherOf(alternatives)] : [];
  return bothOf([own, ...flattened(node['allOf']), ...either]);
};

const ownOf = (node: JsonObject): FlatSchema => {
  const named = listOf(Array.isArray(node['type']) ? node['type'] : [node['type']]);
  const values = 'const' in node ? [node['const']] : Array.isArray(node['enum']) ? listOf(node['enum']) : undefined;
  const types = new Set(named.filter((type): type is string => typeof type === 'string' && TYPES.has(type)));
  if (types.size === 0 && isObject(node['properties'])) types.add('object');
  if (types.size === 0 && isObject(node['items'])) types.add('array');
  if (types.size === 0) for (const value of values ?? []) if (value !== null) types.add(typeOf(value));
  const more = node['additionalProperties'];
  const fitting = values?.filter((value) => value !== null && fits(value, types));
  return {
    types,
    nullable:
      node['nullable'] === true ||
      node['x-nullable'] === true ||
      named.includes('null') ||
      (values ?? []).includes(null),
    properties: new Map(
      Object.entries(isObject(node['properties']) ? node['properties'] : {}).map(([name, it]) => [name, [it]]),
    ),
    required: new Set(listOf(node['required']).filter((name) => typeof name === 'string')),
    items: isObject(node['items']) ? [node['items']] : [],
    enum: fitting !== undefined && fitting.length > 0 ? fitting : undefined,
    format: typeof node['format'] === 'string' ? node['format'] : undefined,
    description: typeof node['description'] === 'string' ? node['description'] : undefined,
    example: node['example'] ?? listOf(node['examples'])[0],
    map: isObject(more) ? more : undefined,
  };
};

/** All of them hold. Descriptions lie about what excludes what: the wider reading of two types is taken. */
const bothOf = (parts: readonly FlatSchema[]): FlatSchema => ({
  ...NOTHING,
  ...joined(parts),
  enum: parts.find((part) => part.enum !== undefined)?.enum,
  format: parts.find((part) => part.format !== undefined)?.format,
  required: new Set(parts.flatMap((part) => [...part.required])),
});

/** One of them holds. */
const eitherOf = (parts: readonly FlatSchema[]): FlatSchema => {
  const [first = NOTHING] = parts;
  if (parts.length <= 1) return first;
  const some = parts.filter((part) => part.types.size > 0 || !part.nullable);
  const enums = some.every((part) => part.enum !== undefined);
  const format = some[0]?.format;
  return {
    ...NOTHING,
    ...joined(parts),
    types: some.some((part) => part.types.size === 0) ? new Set() : joined(parts).types,
    enum: enums ? [...new Set(some.flatMap((part) => part.enum ?? []))] : undefined,
    format: some.every((part) => part.format === format) ? format : undefined,
    required: new Set([...first.required].filter((name) => parts.every((part) => part.required.has(name)))),
  };
};

const joined = (parts: readonly FlatSchema[]) => {
  const properties = new Map<string, readonly unknown[]>();
  for (const part of parts) {
    for (const [name, schemas] of part.properties) {
      properties.set(name, [...new Set([...(properties.get(name) ?? []), ...schemas])]);
    }
  }
  return {
    properties,
    types: new Set(parts.flatMap((part) => [...part.types])),
    nullable: parts.some((part) => part.nullable),
    items: [...new Set(parts.flatMap((part) => part.items))],
    description: parts.find((part) => part.description !== undefined)?.description,
    example: parts.find((part) => part.example !== undefined)?.example,
    map: parts.find((part) => part.map !== undefined)?.map,
  };
};

export const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const fits = (value: unknown, types: ReadonlySet<string>): boolean =>
  types.size === 0 || types.has(typeOf(value)) || (typeof value === 'number' && types.has('number'));

/** Whether it is one plain value: a text or a number. */
export const isKeyLike = ({ types }: FlatSchema): boolean =>
  types.size > 0 && [...types].every((type) => type === 'string' || type === 'integer' || type === 'number');
