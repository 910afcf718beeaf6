import type { ErrorObject } from 'ajv';
import type { Violation } from '../errors.ts';
import { isJsonObject } from '../protocol/json.ts';
import { escapeSegment } from './json-pointer.ts';

/** A violation on the way to its reader, with what is needed to choose among the branches of an `anyOf`. */
export interface Problem extends Violation {
  readonly keyword: string;
  /** The schema object in which the broken keyword stands. */
  readonly schema: unknown;
  /** What would have been right, if the value is of a wrong type or not among the listed values. */
  readonly expected: readonly string[];
  readonly got: string;
  /** What the branches complain about is beside the point: one that fits is too much, or each was only a try. */
  readonly isWhole: boolean;
}

/** Says what one error of a check compiled with `allErrors` means: what was expected and what was found. */
export const problemOf = (error: ErrorObject): Problem => {
  const { keyword, parentSchema: schema, instancePath, params } = error;
  const inner = INNER_NAME[keyword];
  const name: unknown = inner === undefined ? undefined : params[inner];
  const { expected, got } = mismatchOf(error);
  return {
    keyword,
    schema,
    expected,
    got,
    isWhole: keyword === 'contains' || Array.isArray(params.passingSchemas),
    pointer: typeof name === 'string' ? `${instancePath}/${escapeSegment(name)}` : instancePath,
    message: expected.length > 0 ? mismatch(expected, got) : (MESSAGES[keyword]?.(error) ?? otherMessage(error)),
  };
};

/** The sentence for a value that is none of what was expected. */
export const mismatch = (expected: readonly string[], got: string): string => {
  const listed = expected.length > MOST_LISTED ? [...expected.slice(0, MOST_LISTED), 'another listed value'] : expected;
  const last = listed.at(-1) ?? '';
  return `expected ${listed.length > 1 ? `${listed.slice(0, -1).join(', ')} or ${last}` : last}, got ${got}`;
};

const MOST_LISTED = 20;

const typeName = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that JSON cannot hold';
  return typeof value;
};

const mismatchOf = ({ keyword, params, data }: ErrorObject): Pick<Problem, 'expected' | 'got'> => {
  const got = typeName(data);
  if (keyword === 'type') {
    return { expected: [params.type].flat().flatMap((type) => String(type).split(',')), got };
  }
  const values: unknown[] =
    keyword === 'enum' ? params.allowedValues : keyword === 'const' ? [params.allowedValue] : [];
  const another = values.some((value) => typeName(value) === got);
  return { expected: values.map((value) => JSON.stringify(value)), got: another ? `another ${got}` : got };
};

/** Keywords whose violation belongs to a field inside the object at hand, and where ajv puts its name. */
const INNER_NAME: Partial<Record<string, string>> = {
  required: 'missingProperty',
  dependencies: 'missingProperty',
  dependentRequired: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

const EXAMPLES: Partial<Record<string, string>> = {
  date: '2026-01-31',
  time: '08:30:00Z',
  'date-time': '2026-01-31T08:30:00Z',
  duration: 'P1DT12H',
  email: 'name@example.com',
  hostname: 'api.example.com',
  ipv4: '192.0.2.1',
  uri: 'https://example.com/path',
};

const otherMessage = ({ message, keyword }: ErrorObject): string => message ?? `does not satisfy "${keyword}"`;

const atLeast =
  (noun: string) =>
  ({ params: { limit } }: ErrorObject): string =>
    `expected at least ${limit} ${noun}${limit === 1 ? '' : 's'}, got fewer`;

const atMost =
  (noun: string) =>
  ({ params: { limit } }: ErrorObject): string =>
    `expected at most ${limit} ${noun}${limit === 1 ? '' : 's'}, got more`;

const bound = ({ params }: ErrorObject): string =>
  `expected a number ${params.comparison} ${params.limit}, got another`;

const unknownField = ({ parentSchema }: ErrorObject): string => {
  const known = isJsonObject(parentSchema?.properties) ? Object.keys(parentSchema.properties) : [];
  const list = known.length > 0 && known.length <= MOST_LISTED ? `; known are ${known.join(', ')}` : '';
  return `is not a known field${list}`;
};

const dependency = ({ params }: ErrorObject): string => `is required beside "${params.property}" but missing`;

const MESSAGES: Partial<Record<string, (error: ErrorObject) => string>> = {
  required: () => 'is required but missing',
  dependencies: dependency,
  dependentRequired: dependency,
  additionalProperties: unknownField,
  unevaluatedProperties: unknownField,
  propertyNames: () => 'has a name that is not allowed',
  format: ({ params: { format } }) =>
    `expected format "${format}"${EXAMPLES[format] ? ` (such as ${EXAMPLES[format]})` : ''}, got another`,
  pattern: ({ params, parentSchema }) =>
    `expected a string like ${parentSchema?.pattern_descriptor ?? params.pattern}, got another`,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: ({ params }) => `expected a multiple of ${params.multipleOf}, got another number`,
  minLength: atLeast('character'),
  maxLength: atMost('character'),
  minItems: atLeast('item'),
  maxItems: atMost('item'),
  minProperties: atLeast('field'),
  maxProperties: atMost('field'),
  uniqueItems: ({ params: { i, j } }) => `expected items that differ, got the same at ${j} and ${i}`,
  contains: () => 'expected an item that none of the items is',
  not: () => 'is what the schema excludes',
  'false schema': () => 'is not allowed here',
  anyOf: () => 'is none of the allowed alternatives',
  oneOf: ({ params: { passingSchemas } }) =>
    Array.isArray(passingSchemas)
      ? `expected exactly one alternative, got a value that fits ${passingSchemas.length}`
      : 'is none of the allowed alternatives',
};
