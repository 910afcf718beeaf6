import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import type { OpenSchema } from './compile.ts';
import { comparable } from './exact-numbers.ts';
import { escapeSegment, lookUp, pointerOfFragment } from './json-pointer.ts';
import { patternOf } from './pattern.ts';
import { declaredTypes } from './subschemas.ts';

/** One schema inside a schema, as the repair of a value needs it. Everything is found out when first asked for. */
export interface Place {
  /** Whether a value satisfies everything the schema says here. */
  readonly accepts: (value: JsonValue) => boolean;
  /** The types a value may have here, in the order the schema names them, those of all branches together. */
  readonly types: () => ReadonlySet<string>;
  /** This schema and all that hold for the same value without a choice: behind `$ref`, in `allOf`. */
  readonly layers: () => readonly Layer[];
}

/** What one schema object says about the inside of a value. */
export interface Layer {
  /** The alternatives of `anyOf` and of `oneOf`. */
  readonly choices: () => readonly (readonly Place[])[];
  /** The branch of `if` that applies to the value. */
  readonly branchFor: (value: JsonValue) => Place | undefined;
  /** The schemas of a field. */
  readonly field: (name: string) => readonly Place[];
  /** The schema of an item. */
  readonly item: (index: number) => Place | undefined;
}

/** The place at the root of a compiled schema; all others are reached from there. */
export const rootPlace = (root: JsonObject, part: OpenSchema['part']): Place => {
  const places = new Map<string, Place>();

  const schemaAt = (pointer: string): JsonObject => {
    const schema = lookUp(root, pointer);
    return isJsonObject(schema) ? schema : {};
  };

  const at = (pointer: string): Place | undefined => {
    if (!places.has(pointer) && isJsonObject(lookUp(root, pointer))) places.set(pointer, placeAt(pointer));
    return places.get(pointer);
  };

  const placeAt = (pointer: string): Place => {
    const check = once(() => part(pointer));
    return {
      accepts: (value) => check()?.(comparable(value)) ?? false,
      types: once(() => new Set(typesAt(pointer))),
      layers: once(() => layersAt(pointer).map(layerAt)),
    };
  };

  /** The pointers to the schemas in a list. */
  const entries = (pointer: string, keyword: string): readonly string[] => {
    const list = schemaAt(pointer)[keyword];
    return Array.isArray(list) ? list.map((_, index) => `${pointer}/${keyword}/${index}`) : [];
  };

  const layersAt = (pointer: string, found: string[] = []): readonly string[] => {
    if (found.includes(pointer)) return found;
    found.push(pointer);
    const { $ref } = schemaAt(pointer);
    const target = typeof $ref === 'string' ? pointerOfFragment($ref) : undefined;
    if (target !== undefined) layersAt(target, found);
    for (const entry of entries(pointer, 'allOf')) layersAt(entry, found);
    return found;
  };

  const typesAt = (pointer: string, seen = new Set<string>()): readonly string[] =>
    layersAt(pointer).flatMap((layer) => {
      if (seen.has(layer)) return [];
      seen.add(layer);
      const conditional = ['then', 'else'].filter((keyword) => keyword in schemaAt(layer));
      const branches = [
        ...['anyOf', 'oneOf'].flatMap((keyword) => entries(layer, keyword)),
        ...conditional.map((keyword) => `${layer}/${keyword}`),
      ];
      return [...ownTypes(schemaAt(layer)), ...branches.flatMap((branch) => typesAt(branch, seen))];
    });

  const layerAt = (pointer: string): Layer => {
    const all = (pointers: readonly string[]) => pointers.map(at).filter((place) => place !== undefined);
    const choices = once(() => ['anyOf', 'oneOf'].map((keyword) => all(entries(pointer, keyword))));
    const condition = once(() => at(`${pointer}/if`));
    return {
      choices,
      branchFor: (value) => condition() && at(`${pointer}/${condition()?.accepts(value) ? 'then' : 'else'}`),
      field: fieldsAt(schemaAt(pointer), pointer, all),
      item: itemsAt(schemaAt(pointer), pointer, at),
    };
  };

  return placeAt('');
};

const fieldsAt = (schema: JsonObject, pointer: string, all: (pointers: readonly string[]) => readonly Place[]) => {
  const mapOf = (keyword: string) => Object.keys(isJsonObject(schema[keyword]) ? schema[keyword] : {});
  const declared = new Set(mapOf('properties'));
  const patterns = once(() => mapOf('patternProperties').map((pattern) => ({ pattern, regExp: patternOf(pattern) })));
  const known = new Map<string, readonly Place[]>();
  const others = once(() => all([`${pointer}/additionalProperties`]));
  const find = (name: string): readonly Place[] => {
    const matching = patterns().filter(({ regExp }) => regExp.test(name));
    const pointers = matching.map(({ pattern }) => `${pointer}/patternProperties/${escapeSegment(pattern)}`);
    if (declared.has(name)) pointers.push(`${pointer}/properties/${escapeSegment(name)}`);
    return pointers.length > 0 ? all(pointers) : others();
  };
  return (name: string): readonly Place[] => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = find(name);
    // Names the schema does not list come from the data and may be without end, so they are not kept.
    if (declared.has(name)) known.set(name, found);
    return found;
  };
};

const itemsAt = (schema: JsonObject, pointer: string, at: (pointer: string) => Place | undefined) => {
  const tuple = Array.isArray(schema.prefixItems) ? 'prefixItems' : 'items';
  const listed = schema[tuple];
  const length = Array.isArray(listed) ? listed.length : 0;
  const rest = once(() => at(`${pointer}/${tuple === 'items' && Array.isArray(listed) ? 'additionalItems' : 'items'}`));
  return (index: number): Place | undefined => (index < length ? at(`${pointer}/${tuple}/${index}`) : rest());
};

/** Types by keyword, else those of the values in `enum` or `const`. */
const ownTypes = (schema: JsonObject): readonly string[] => {
  if (schema.type !== undefined) return declaredTypes(schema);
  const values: unknown[] = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  return values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value));
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
