import type { Ajv, ErrorObject, KeywordCxt, Options } from 'ajv';
import { isLosslessNumber } from 'lossless-json';
import { ConnectorError, messageOf, type Violation } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { PLAIN_OBJECT } from './exact-schema.ts';
import { fragmentOfPointer } from './json-pointer.ts';
import { patternOf } from './pattern.ts';
import { violationsOf } from './violations.ts';

/** Whether a value satisfies a schema; after a `false`, `errors` says why not. */
export interface SchemaCheck {
  (value: unknown): boolean;
  /** What was compiled. */
  readonly schema: unknown;
  errors?: ErrorObject[] | null;
}

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
  return checkOf(hold(options), name);
};

/** Compiles a schema for records: fast formats, and no `LosslessNumber` passes for an object where one is marked. */
export const openSchema = async (schema: JsonObject, name: string): Promise<OpenSchema> => {
  const hold = await prepare(schema, name);
  const ajv = hold({ formats: 'fast', allErrors: false });
  let explainer: SchemaCheck | undefined;
  return {
    check: checkOf(ajv, name),
    part: (pointer) => ajv.getSchema(ROOT + fragmentOfPointer(pointer)) as SchemaCheck | undefined,
    explain: (value) => {
      explainer ??= checkOf(hold({ formats: 'fast', allErrors: true }), name);
      return explainer(value) ? [] : violationsOf(explainer.errors ?? [], explainer.schema);
    },
  };
};

type Dialect = 'draft-07' | '2019-09' | '2020-12';

type Hold = (options: Omit<CompileOptions, 'name'>) => Ajv;

/** The name the schema has inside its ajv. */
const ROOT = 'root';

/** Checks the schema itself and gives what makes an ajv that holds it. */
const prepare = async (schema: JsonObject, name: string): Promise<Hold> => {
  const { $schema, $async: _, ...body } = schema;
  const dialect = (['2019-09', '2020-12'] as const).find((known) => String($schema).includes(known)) ?? 'draft-07';
  // ajv costs 100 ms to load: a command that checks nothing must not pay for it.
  const [createAjv, formats, { _: code }] = await Promise.all([AJVS[dialect](), import('ajv-formats'), import('ajv')]);
  const meta = (metas[dialect] ??= createMeta(createAjv));
  if (!meta(body)) {
    const places = violationsOf(meta.errors ?? [], meta.schema).map(
      ({ pointer, message }) => `${pointer || '(root)'}: ${message}.`,
    );
    throw new ConnectorError(`${name} is not valid JSON Schema (${dialect}). ${places.join(' ')} Correct it.`);
  }
  // ajv asks `data.constructor !== undefined`, which is true of every object.
  const ownProperties = INHERITED.test(JSON.stringify(body));
  return (options) => {
    const ajv = createAjv({
      strict: false,
      strictNumbers: true,
      allErrors: options.allErrors,
      verbose: options.allErrors,
      useDefaults: options.useDefaults ?? false,
      meta: false,
      validateSchema: false,
      logger: false,
      ownProperties,
      multipleOfPrecision: 6,
      code: { regExp: lenientRegExp },
    });
    formats.default.default(ajv, { mode: options.formats });
    ajv.addKeyword({
      keyword: PLAIN_OBJECT,
      type: 'object',
      code: (context: KeywordCxt) => {
        const test = context.gen.scopeValue('func', { ref: isLosslessNumber });
        context.fail(code`${test}(${context.data})`);
      },
    });
    return ajv.addSchema(body, ROOT);
  };
};

const checkOf = (ajv: Ajv, name: string): SchemaCheck => {
  try {
    // Never asynchronous: `$async` was taken out.
    return ajv.getSchema(ROOT) as SchemaCheck;
  } catch (cause) {
    throw new ConnectorError(`${name} cannot be compiled: ${messageOf(cause)} Correct it.`, { cause });
  }
};

const AJVS: Record<Dialect, () => Promise<(options: Options) => Ajv>> = {
  'draft-07': async () => {
    const { Ajv } = await import('ajv');
    return (options) => new Ajv(options);
  },
  '2019-09': async () => {
    const { Ajv2019 } = await import('ajv/dist/2019.js');
    return (options) => new Ajv2019(options);
  },
  '2020-12': async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    return (options) => new Ajv2020(options);
  },
};

/** Compiling a meta-schema takes ten times longer than compiling a schema, so each is kept. */
const metas: Partial<Record<Dialect, SchemaCheck>> = {};

const createMeta = (createAjv: (options: Options) => Ajv): SchemaCheck => {
  const ajv = createAjv({ strict: false, allErrors: true, verbose: true, logger: false });
  ajv.addFormat('regex', (pattern: string) => {
    try {
      patternOf(pattern);
      return true;
    } catch {
      return false;
    }
  });
  return ajv.getSchema(String(ajv.defaultMeta())) as SchemaCheck;
};

const lenientRegExp = Object.assign((pattern: string) => patternOf(pattern), { code: 'new RegExp' });

const INHERITED = new RegExp(`"(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})"`);
