import type { Ajv, KeywordCxt } from 'ajv';
import { isLosslessNumber } from 'lossless-json';
import { ConnectorError, messageOf, type Violation } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { dialectOf } from './dialect.ts';
import { PLAIN_OBJECT } from './exact-schema.ts';
import { fragmentOfPointer } from './json-pointer.ts';
import { patternOf, wrongPatterns } from './pattern.ts';
import { isSchemaCheck, type SchemaCheck } from './schema-check.ts';
import { violationsOf } from './violations.ts';

export interface CompileOptions {
  /** `fast` looks at the shape of dates, times, URIs and e-mail addresses only; `full` also refuses the 31st of April. */
  readonly formats: 'fast' | 'full';
  /** Collects every error instead of the first one, each with its schema and its value. */
  readonly allErrors: boolean;
  /**
   * Writes missing values that have a `default` into the checked document.
   *
   * @default false
   */
  readonly useDefaults?: boolean;
  /**
   * How an error names the schema.
   *
   * @default 'The schema'
   */
  readonly name?: string;
}

/** A schema ready to check values by the whole of it, and by its parts. */
export interface OpenSchema {
  /** Stops at the first error. */
  readonly check: SchemaCheck;
  /** The check of the part a JSON pointer leads to, compiled when asked for; undefined when there is none. */
  readonly part: (pointer: string) => SchemaCheck | undefined;
  /** Everything that is wrong with a value, compiled when first called. */
  readonly explain: (value: unknown) => Violation[];
}

/** Compiles a schema of draft-07, 2019-09 or 2020-12, as its `$schema` says. A wrong schema is a `ConnectorError`. */
export const compileSchema = async (
  schema: JsonObject,
  { name = 'The schema', ...options }: CompileOptions,
): Promise<SchemaCheck> => {
  const hold = await prepare(schema, name);
  return hold(options).check;
};

/** Compiles a schema for records: fast formats, and where an object is marked as plain, no `LosslessNumber` passes. */
export const openSchema = async (schema: JsonObject, name: string): Promise<OpenSchema> => {
  const hold = await prepare(schema, name);
  const { ajv, check } = hold({ formats: 'fast', allErrors: false });
  let explainer: SchemaCheck | undefined;
  return {
    check,
    part: (pointer) => {
      const compiled = ajv.getSchema(ROOT + fragmentOfPointer(pointer));
      return isSchemaCheck(compiled) ? compiled : undefined;
    },
    explain: (value) => {
      explainer ??= hold({ formats: 'fast', allErrors: true }).check;
      return explainer(value) ? [] : violationsOf(explainer.errors ?? [], explainer.schema);
    },
  };
};

type Hold = (options: Omit<CompileOptions, 'name'>) => { readonly ajv: Ajv; readonly check: SchemaCheck };

/** The name the schema has inside its ajv. */
const ROOT = 'root';

/** Checks the schema itself, and gives what compiles it. */
const prepare = async (schema: JsonObject, name: string): Promise<Hold> => {
  const { $schema: _$schema, $async: _$async, ...body } = schema;
  const [dialect, { code, formats }] = await Promise.all([dialectOf(schema), import('./ajv/extensions.ts')]);
  const { meta, createAjv } = dialect;
  const found = meta(body) ? wrongPatterns(body) : violationsOf(meta.errors ?? [], meta.schema);
  if (found.length > 0) {
    const places = found.map(({ pointer, message }) => `${pointer || '(root)'}: ${message}.`).join(' ');
    throw new ConnectorError(`${name} is not a valid JSON Schema of ${dialect.name}. ${places} Correct it.`);
  }
  const plainObject = (context: KeywordCxt): void => {
    const isNumber = context.gen.scopeValue('func', { ref: isLosslessNumber });
    context.fail(code`${isNumber}(${context.data})`);
  };
  // ajv asks whether `data.constructor` is there, and that is inherited by every object.
  const ownProperties = INHERITED.test(JSON.stringify(body));
  return ({ formats: mode, allErrors, useDefaults = false }) => {
    const ajv = createAjv({
      strict: false,
      strictNumbers: true,
      allErrors,
      verbose: allErrors,
      useDefaults,
      ownProperties,
      // Otherwise 19.99 is no multiple of 0.01.
      multipleOfPrecision: 6,
      meta: false,
      validateSchema: false,
      logger: false,
      code: { regExp: PATTERNS },
    });
    formats.default(ajv, { mode });
    ajv.addKeyword({ keyword: PLAIN_OBJECT, type: 'object', code: plainObject });
    try {
      const check = ajv.addSchema(body, ROOT).getSchema(ROOT);
      if (isSchemaCheck(check)) return { ajv, check };
      throw new TypeError('ajv made nothing of it.');
    } catch (cause) {
      throw new ConnectorError(`${name} cannot be compiled: ${messageOf(cause)} Correct it.`, { cause });
    }
  };
};

const PATTERNS = Object.assign((pattern: string) => patternOf(pattern), { code: 'new RegExp' });

const INHERITED = new RegExp(`"(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})"`);
