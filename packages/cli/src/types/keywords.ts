import { isJsonObject } from './read-document.ts';

/** Whether a value can stand where a schema is expected. */
export const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isJsonObject(value);

const TYPES: readonly unknown[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

const isListOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(test);
const isType = (value: unknown): boolean => TYPES.includes(value);
const isString = (value: unknown): boolean => typeof value === 'string';
const isMapOfSchemas = (value: unknown): boolean => isJsonObject(value) && Object.values(value).every(isSchema);

type Expectation = readonly [test: (value: unknown) => boolean, expected: string];

const SCHEMA: Expectation = [isSchema, 'a schema'];
const SCHEMAS: Expectation = [(value) => isListOf(value, isSchema), 'a list of schemas'];
const NAMED_SCHEMAS: Expectation = [isMapOfSchemas, 'an object of schemas'];
const STRING: Expectation = [isString, 'a string'];

/** What the keywords that matter to a type have to hold. */
const EXPECTATIONS: { readonly [keyword: string]: Expectation } = {
  $ref: STRING,
  additionalItems: SCHEMA,
  additionalProperties: SCHEMA,
  allOf: SCHEMAS,
  anyOf: SCHEMAS,
  description: STRING,
  enum: [Array.isArray, 'a list'],
  items: [(value) => isSchema(value) || isListOf(value, isSchema), 'a schema'],
  oneOf: SCHEMAS,
  patternProperties: NAMED_SCHEMAS,
  properties: NAMED_SCHEMAS,
  required: [(value) => isListOf(value, isString), 'a list of field names'],
  type: [(value) => isType(value) || isListOf(value, isType), `one of ${TYPES.join(', ')}, or a list of them`],
};

/** The first thing in a schema itself, not in those inside it, that makes no sense; undefined when all is well. */
export const findMistake = (schema: { readonly [keyword: string]: unknown }): string | undefined => {
  for (const [keyword, [test, expected]] of Object.entries(EXPECTATIONS)) {
    const value = schema[keyword];
    if (value !== undefined && !test(value)) return `"${keyword}" has to be ${expected}, not ${JSON.stringify(value)}`;
  }
  return undefined;
};
