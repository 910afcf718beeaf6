import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { lookUp, pointerOfFragment } from './json-pointer.ts';
import { declaredTypes } from './subschemas.ts';

/** Where in a value to look for fields that the schema does not know. */
export interface Watch {
  readonly fields?: FieldWatch;
  readonly items?: Watch;
}

/** The fields of the objects at one place. */
export interface FieldWatch {
  /** What stands before a field's name in a message. */
  readonly prefix: string;
  /** Every name is known here; only the nested fields are looked at. */
  readonly open: boolean;
  /** Names in the schema; grows by those already reported. */
  readonly known: Set<string>;
  /** The fields that have something to watch inside. */
  readonly nested: readonly { readonly name: string; readonly watch: Watch }[];
  /** The names of the last object seen, in its order. */
  order: readonly string[];
}

/** What to watch in the values of a schema; undefined when the schema knows everything. */
export const watchOf = (root: JsonObject): Watch | undefined =>
  watchAll([root], { root, prefix: '', above: new Set() });

interface At {
  readonly root: JsonObject;
  readonly prefix: string;
  /** Schemas around this place: one that contains itself is watched to its first round only. */
  readonly above: ReadonlySet<unknown>;
}

const watchAll = (schemas: readonly unknown[], { root, prefix, above }: At): Watch | undefined => {
  const layers = new Set<JsonObject>();
  for (const schema of schemas) if (!above.has(schema)) collectLayers(schema, root, layers);
  if (layers.size === 0) return undefined;
  const inside = { root, above: new Set([...above, ...layers]) };
  const fields = watchFields([...layers], { ...inside, prefix });
  const items = watchAll([...layers].flatMap(itemSchemas), { ...inside, prefix });
  if (fields === undefined && items === undefined) return undefined;
  return { ...(fields && { fields }), ...(items && { items }) };
};

const watchFields = (layers: readonly JsonObject[], { root, prefix, above }: At): FieldWatch | undefined => {
  const byName = new Map<string, unknown[]>();
  for (const { properties } of layers) {
    for (const [name, schema] of Object.entries(isJsonObject(properties) ? properties : {})) {
      byName.set(name, [...(byName.get(name) ?? []), schema]);
    }
  }
  const nested = [...byName].flatMap(([name, schemas]) => {
    const watch = watchAll(schemas, { root, above, prefix: `${prefix}${name}.` });
    return watch === undefined ? [] : [{ name, watch }];
  });
  const open = byName.size === 0 || layers.some(knowsEveryName);
  if (open && nested.length === 0) return undefined;
  return { prefix, open, known: new Set(byName.keys()), nested, order: [...byName.keys()] };
};

/** A schema and all that hold for the same value, for certain or by choice. */
const collectLayers = (schema: unknown, root: JsonObject, found: Set<JsonObject>): void => {
  if (!isJsonObject(schema) || found.has(schema)) return;
  found.add(schema);
  const target = typeof schema.$ref === 'string' ? pointerOfFragment(schema.$ref) : undefined;
  if (target !== undefined) collectLayers(lookUp(root, target), root, found);
  for (const layer of COMBINING.flatMap((keyword) => schema[keyword] ?? [])) collectLayers(layer, root, found);
};

const COMBINING = ['allOf', 'anyOf', 'oneOf', 'then', 'else'];

const knowsEveryName = (schema: JsonObject): boolean => {
  const { additionalProperties, unevaluatedProperties, patternProperties, properties } = schema;
  if ([additionalProperties, unevaluatedProperties, patternProperties].some(isJsonObject)) return true;
  const isCombined = ['$ref', ...COMBINING].some((keyword) => keyword in schema);
  return declaredTypes(schema).includes('object') && !isJsonObject(properties) && !isCombined;
};

const itemSchemas = ({ items, prefixItems, additionalItems }: JsonObject): unknown[] =>
  [items, prefixItems, additionalItems].flat();
