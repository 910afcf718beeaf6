/**
 * Makes the protocol's types and the schemas of its input files from `schemas/airbyte-protocol.json`.
 *
 *     node scripts/dist/generate-protocol.js [--check]
 *
 * Run it from the repository root. With `--check` it writes nothing and fails when a generated file is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';

import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

type JsonObject = { [key: string]: unknown };

const SOURCE = 'schemas/airbyte-protocol.json';
const TYPES = 'packages/core/src/protocol/types.ts';
const INPUT_SCHEMAS = 'packages/core/src/protocol/input-schemas.ts';
const BANNER = `// Generated from ${SOURCE} by scripts/generate-protocol.ts. Change the schema, then run \`npm run generate\`.`;

/** The definitions that are needed at run time, and the names they get in code. */
const INPUTS: readonly (readonly [constant: string, definition: string, meaning: string])[] = [
  ['configuredCatalogSchema', 'ConfiguredAirbyteCatalog', 'The file given by `--catalog`.'],
];

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asObject = (value: unknown, what: string): JsonObject => {
  if (isObject(value)) return value;
  throw new Error(`${SOURCE}: ${what} is not an object.`);
};

const mapValues = <T>(object: JsonObject, change: (value: unknown, key: string) => T): { [key: string]: T } =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

/** Breaks descriptions into lines, because each becomes a comment in the generated code. */
const wrapDescriptions = (key: string, value: unknown): unknown =>
  key === 'description' && typeof value === 'string' ? value.replaceAll(/(?=.{101})(.{1,100}) /g, '$1\n') : value;

const generateTypes = async (protocol: JsonObject): Promise<string> => {
  const schema = asObject(JSON.parse(JSON.stringify(protocol, wrapDescriptions)), 'the document');
  const code = await compile(schema, 'AirbyteProtocol', {
    bannerComment: BANNER,
    // Members the protocol does not name are allowed on the wire, but a builder that writes one has made a mistake.
    additionalProperties: false,
    format: false,
  });
  return code
    .replaceAll(/\/\*\*\n *\* (.*)\n *\*\//g, '/** $1 */')
    .replaceAll(/^\/\*\*/gm, '\n/**')
    .replaceAll('[k: string]', '[key: string]');
};

const referenceOf = (schema: JsonObject): string | undefined =>
  typeof schema['$ref'] === 'string' ? schema['$ref'].replace('#/definitions/', '') : undefined;

const definitionOf = (name: string, definitions: JsonObject): JsonObject =>
  asObject(definitions[name], `definition "${name}"`);

/**
 * A schema for files that a platform writes: without descriptions, and optional members may be null, because some
 * platforms write null for a member that is not set.
 */
const forInput = (schema: JsonObject, definitions: JsonObject, nullable = false): JsonObject => {
  const name = referenceOf(schema);
  if (name !== undefined) return nullable ? forInput(definitionOf(name, definitions), definitions, true) : schema;
  const { description: _, type, enum: values, properties, items, additionalProperties, ...rest } = schema;
  const required = [rest['required']].flat();
  const inner = (value: unknown, mayBeNull = false): unknown =>
    isObject(value) ? forInput(value, definitions, mayBeNull) : value;
  return {
    ...(type !== undefined && { type: nullable ? [type, 'null'] : type }),
    ...(Array.isArray(values) && { enum: nullable ? [...values, null] : values }),
    ...rest,
    ...(isObject(properties) && {
      properties: mapValues(properties, (member, key) => inner(member, !required.includes(key))),
    }),
    ...(items !== undefined && { items: inner(items) }),
    ...(isObject(additionalProperties) && { additionalProperties: inner(additionalProperties) }),
  };
};

/** The names of all definitions a schema leads to. */
const reachedFrom = (schema: unknown, definitions: JsonObject, reached = new Set<string>()): Set<string> => {
  if (typeof schema !== 'object' || schema === null) return reached;
  const name = isObject(schema) ? referenceOf(schema) : undefined;
  if (name !== undefined && !reached.has(name))
    reachedFrom(definitionOf(name, definitions), definitions, reached.add(name));
  for (const value of Object.values(schema)) reachedFrom(value, definitions, reached);
  return reached;
};

const generateInputSchemas = (protocol: JsonObject): string => {
  const original = asObject(protocol['definitions'], '"definitions"');
  const definitions = mapValues(original, (_, name) => forInput(definitionOf(name, original), original));
  const constants = INPUTS.map(([constant, name, meaning]) => {
    const schema = definitionOf(name, definitions);
    const needed = [...reachedFrom(schema, definitions)].map((other) => [other, definitions[other]] as const);
    const whole = {
      $schema: protocol['$schema'],
      ...schema,
      ...(needed.length > 0 && { definitions: Object.fromEntries(needed) }),
    };
    return `/** ${meaning} */\nexport const ${constant}: JsonObject = ${JSON.stringify(whole)};`;
  });
  return [BANNER, `import type { JsonObject } from './json.ts';`, ...constants].join('\n\n');
};

const formatted = async (path: string, code: string): Promise<string> =>
  format(code, { ...(await resolveConfig(path)), filepath: path });

const run = async (check: boolean): Promise<void> => {
  const protocol = asObject(JSON.parse(await readFile(SOURCE, 'utf8')), 'the document');
  const files = [
    [TYPES, await generateTypes(protocol)],
    [INPUT_SCHEMAS, generateInputSchemas(protocol)],
  ] as const;
  for (const [path, code] of files) {
    const wanted = await formatted(path, code);
    const present = await readFile(path, 'utf8').catch(() => undefined);
    if (wanted === present) {
      process.stdout.write(`${path} is up to date.\n`);
    } else if (check) {
      process.stderr.write(`${path} is stale: it differs from what ${SOURCE} gives. Run \`npm run generate\`.\n`);
      process.exitCode = 1;
    } else {
      await writeFile(path, wanted);
      process.stdout.write(`${path} is written.\n`);
    }
  }
};

const flags = process.argv.slice(2);
const unknown = flags.find((flag) => flag !== '--check');
if (unknown === undefined) {
  await run(flags.includes('--check'));
} else {
  process.stderr.write(`Unknown argument "${unknown}". Known: --check.\n`);
  process.exitCode = 2;
}
