import type { Ajv, Options } from 'ajv';
import type { JsonObject } from '../protocol/json.ts';
import { isSchemaCheck, type SchemaCheck } from './schema-check.ts';

/** One of the drafts of JSON Schema, ready for use. */
export interface Dialect {
  readonly name: string;
  readonly createAjv: (options: Options) => Ajv;
  /** Whether a schema is right as a schema; finds every error. */
  readonly meta: SchemaCheck;
}

/** The dialect a schema names in `$schema`; draft-07 unless that is 2019-09 or 2020-12. */
export const dialectOf = ({ $schema }: JsonObject): Promise<Dialect> => {
  const named = typeof $schema === 'string' ? $schema : '';
  if (named.includes('2020-12')) return (draft202012 ??= loadDraft202012());
  if (named.includes('2019-09')) return (draft201909 ??= loadDraft201909());
  return (draft07 ??= loadDraft07());
};

// Each is kept: compiling a meta-schema takes ten times longer than compiling a schema.
let draft07: Promise<Dialect> | undefined;
let draft201909: Promise<Dialect> | undefined;
let draft202012: Promise<Dialect> | undefined;

// ajv costs 50 ms to load, so a command that checks nothing must not load it.
const loadDraft07 = async (): Promise<Dialect> => {
  const { Ajv } = await import('./ajv/draft-07.ts');
  return dialect('draft-07', (options) => new Ajv(options), 'http://json-schema.org/draft-07/schema');
};

const loadDraft201909 = async (): Promise<Dialect> => {
  const { Ajv } = await import('./ajv/draft-2019-09.ts');
  return dialect('2019-09', (options) => new Ajv(options), 'https://json-schema.org/draft/2019-09/schema');
};

const loadDraft202012 = async (): Promise<Dialect> => {
  const { Ajv } = await import('./ajv/draft-2020-12.ts');
  return dialect('2020-12', (options) => new Ajv(options), 'https://json-schema.org/draft/2020-12/schema');
};

const dialect = (name: string, createAjv: (options: Options) => Ajv, metaSchema: string): Dialect => {
  const ajv = createAjv({ strict: false, allErrors: true, verbose: true, logger: false });
  const meta = ajv.getSchema(metaSchema);
  if (!isSchemaCheck(meta)) throw new TypeError(`ajv does not know ${metaSchema}.`);
  return { name, createAjv, meta };
};
