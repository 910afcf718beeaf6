import type { JsonObject } from '../plan/plan.ts';
import { isObject, objectOf } from './description.ts';
import type { RecordSchema } from './record-schema.ts';

/** What the examples have to have, each its own value: the primary key and what children ask for. */
export interface ExampleKeys {
  readonly distinct: readonly string[];
  readonly cursorField: string | undefined;
}

const COUNT = 3;

/** Records that fit the schema. */
export const exampleRecords = async (
  { schema, withExamples }: RecordSchema,
  { distinct, cursorField }: ExampleKeys,
): Promise<readonly JsonObject[]> => {
  const { sample } = await import('openapi-sampler');
  const fits = await validatorOf(schema);
  const properties = objectOf(schema['properties']);
  const all = [...new Set([...distinct, ...(cursorField === undefined ? [] : [cursorField])])];

  const sampled = (from: JsonObject): JsonObject => {
    try {
      const record = sample(from, { quiet: true, maxSampleDepth: 6 });
      return isObject(record) ? record : {};
    } catch {
      return {};
    }
  };
  const keyed = (record: JsonObject, index: number): JsonObject => ({
    ...record,
    ...Object.fromEntries(
      all.map((name) => [name, keyValue(objectOf(properties[name]), record[name], index, name === cursorField)]),
    ),
  });
  const best = [withExamples, schema].map(sampled).find((record) => fits(keyed(record, 0))) ?? sampled(schema);
  return Array.from({ length: COUNT }, (_, index) => {
    const whole = keyed(best, index);
    if (fits(whole)) return whole;
    const kept = Object.entries(best).filter(([name, value]) => fits(keyed({ [name]: value }, index)));
    return keyed(Object.fromEntries(kept), index);
  });
};

const validatorOf = async (schema: JsonObject): Promise<(record: JsonObject) => boolean> => {
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  // Each schema is used a few times only: what the optimizer saves is less than what it costs.
  const ajv = new Ajv({ strict: false, validateSchema: false, code: { optimize: false } });
  (formats as unknown as (to: object) => void)(ajv);
  const validate = ajv.compile(schema);
  return (record) => validate(record);
};

/** A value of its own for each record, as the schema of the field wants it. */
const keyValue = (schema: JsonObject, value: unknown, index: number, isTime: boolean): unknown => {
  const types = [schema['type'] ?? []].flat();
  const allowed = schema['enum'];
  if (Array.isArray(allowed)) return allowed[index % allowed.length];
  const day = String(index + 1).padStart(2, '0');
  if (schema['format'] === 'date') return `2026-01-${day}`;
  if (schema['format'] === 'date-time' || isTime) return `2026-01-${day}T00:00:00Z`;
  if (types.length > 0 && !types.includes('string'))
    return (typeof value === 'number' ? Math.floor(value) : 0) + index + 1;
  switch (schema['format']) {
    case 'uuid':
      return `00000000-0000-4000-8000-0000000000${day}`;
    case 'email':
      return `example${index + 1}@example.com`;
    case 'uri':
      return `https://example.com/${index + 1}`;
    case 'ipv4':
      return `192.0.2.${index + 1}`;
    case 'ipv6':
      return `2001:db8::${index + 1}`;
    case 'hostname':
      return `host${index + 1}.example.com`;
    case 'time':
      return `00:00:${day}Z`;
    default:
      return `${typeof value === 'string' && /^[\w-]{1,60}$/.test(value) && value !== 'string' ? value : 'example'}-${index + 1}`;
  }
};
