import { asDoubles, isObject, type ExactObject } from './exact-json.ts';

/** What is wrong with a value: where, and in which words. */
export interface Mismatch {
  /** JSON pointer into the value; empty for the whole. */
  readonly pointer: string;
  readonly message: string;
}

/** The first mismatch of a value; undefined when it is valid. */
export type SchemaCheck = (value: unknown) => Mismatch | undefined;

/** A schema ready for use, or why it is none. */
export type Compiled =
  { readonly check: SchemaCheck; readonly problem?: never } | { readonly check?: never; readonly problem: string };

/** Compiles a schema of draft-07, 2019-09 or 2020-12, as its `$schema` says. */
export const compileJsonSchema = async (schema: ExactObject): Promise<Compiled> => {
  const { $schema: dialect, ...rest } = schema;
  const [Ajv, formats] = await Promise.all([validatorFor(String(dialect)), import('ajv-formats')]);
  // Connectors of other languages write patterns that are wrong with the flag "u" only.
  const ajv = new Ajv({ strict: false, logger: false, unicodeRegExp: false });
  formats.default.default(ajv);
  try {
    const validate = ajv.compile(rest);
    return {
      check(value) {
        if (validate(asDoubles(value))) return undefined;
        const [error] = validate.errors ?? [];
        const allowed: unknown = error?.params['allowedValues'];
        const values = Array.isArray(allowed) ? `: ${allowed.slice(0, 8).join(', ')}` : '';
        return { pointer: error?.instancePath ?? '', message: `${error?.message ?? 'is not valid'}${values}` };
      },
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};

// ajv costs 100 ms to load, so that it is loaded when a rule needs it.
const validatorFor = async (dialect: string) => {
  if (dialect.includes('2020-12')) return (await import('ajv/dist/2020.js')).Ajv2020;
  if (dialect.includes('2019-09')) return (await import('ajv/dist/2019.js')).Ajv2019;
  return (await import('ajv')).Ajv;
};

/** One property that a schema names, wherever it stands. */
export interface Property {
  /** The keys that lead to it in a value; `*` for any item of a list. */
  readonly path: readonly string[];
  readonly schema: ExactObject;
}

/** Every property that a schema names, through branches, lists and references. */
export const propertiesOf = (root: ExactObject): Property[] => {
  const found: Property[] = [];
  const visit = (schema: unknown, path: readonly string[], open: ReadonlySet<unknown>): void => {
    for (const part of partsOf(root, schema)) {
      // A schema that holds itself would never end.
      if (open.has(part)) continue;
      const inside = new Set([...open, part]);
      const { properties, items } = part;
      for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
        if (isObject(property)) found.push({ path: [...path, name], schema: property });
        visit(property, [...path, name], inside);
      }
      for (const item of Array.isArray(items) ? (items as unknown[]) : [items]) visit(item, [...path, '*'], inside);
    }
  };
  visit(root, [], new Set());
  return found;
};

/** The schemas that describe what stands at a path of a value; a number in the path is the place in a list. */
export const schemasAt = (root: ExactObject, path: readonly string[]): ExactObject[] =>
  path.reduce<ExactObject[]>(
    (schemas, key) =>
      schemas.flatMap(({ properties, items, additionalProperties }) => {
        const property = isObject(properties) ? properties[key] : undefined;
        const ofList: unknown[] = /^\d+$/.test(key) ? [items].flat() : [];
        return [property ?? additionalProperties, ...ofList].flatMap((part) => partsOf(root, part));
      }),
    partsOf(root, root),
  );

/** A schema, and those that hold for the same value: branches and what it refers to. */
export const partsOf = (root: ExactObject, schema: unknown, seen = new Set<unknown>()): ExactObject[] => {
  if (!isObject(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const branches = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => [schema[keyword] ?? []].flat());
  const conditions = ['then', 'else'].map((keyword) => schema[keyword]);
  const target = typeof schema['$ref'] === 'string' ? targetOf(root, schema['$ref']) : undefined;
  return [schema, ...[...branches, ...conditions, target].flatMap((part) => partsOf(root, part, seen))];
};

const targetOf = (root: ExactObject, reference: string): unknown => {
  if (!reference.startsWith('#')) return undefined;
  return reference
    .slice(1)
    .split('/')
    .slice(1)
    .reduce<unknown>((node, step) => {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined;
    }, root);
};
