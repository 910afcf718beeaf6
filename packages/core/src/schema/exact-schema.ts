import type { JsonObject } from '../protocol/json.ts';
import { declaredTypes, mapSubschemas, someSubschema, type Schema } from './subschemas.ts';

/** A keyword of our own: an object here is not a `LosslessNumber`, which is a number although it is an object. */
export const PLAIN_OBJECT = 'x-headwater-plain-object';

/** A copy of the schema in which no `LosslessNumber` passes for an object. */
export const markPlainObjects = (schema: JsonObject): JsonObject => {
  const marked = mapSubschemas(schema, (child) => (typeof child === 'boolean' ? child : markPlainObjects(child)));
  return declaredTypes(schema).includes('object') ? { ...marked, [PLAIN_OBJECT]: true } : marked;
};

const NUMERIC = ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'];
const NUMERIC_FORMATS: readonly unknown[] = ['int32', 'int64', 'float', 'double'];

/**
 * Whether a value could pass the compiled schema only because the validator does not see that a `bigint` or a
 * `LosslessNumber` is a number: where a rule for numbers stands without a type, or where passing is decided by
 * something failing.
 */
export const overlooksExactNumbers = (schema: Schema): boolean =>
  someSubschema(schema, (part) => {
    const isOpen = (branch: Schema) => typeof branch === 'boolean' || branch.type === undefined;
    return (
      ['not', 'if', 'maxContains'].some((keyword) => keyword in part) ||
      (Array.isArray(part.oneOf) && part.oneOf.some(isOpen)) ||
      (isOpen(part) && (NUMERIC.some((keyword) => keyword in part) || NUMERIC_FORMATS.includes(part.format)))
    );
  });
