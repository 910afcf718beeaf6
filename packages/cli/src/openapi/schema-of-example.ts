import type { JsonObject } from '../plan/plan.ts';
import { isObject } from './description.ts';
import { typeOf } from './flat-schema.ts';

/** The schema of an answer that a description only gives an example of. */
export const schemaOfExample = (value: unknown): JsonObject => {
  if (value === null) return { nullable: true };
  if (Array.isArray(value)) return { type: 'array', items: { anyOf: value.slice(0, 20).map(schemaOfExample) } };
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name, schemaOfExample(member)]);
    return { type: 'object', properties: Object.fromEntries(members) };
  }
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  return { type: typeOf(value), ...(isTime && { format: 'date-time' }), example: value };
};
