import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { isJsonObject, type JsonObject } from '../../src/protocol/json.ts';
import { comparable } from '../../src/schema/exact-numbers.ts';
import { compileRecordCheck } from '../../src/schema/validator.ts';

const NAMES = ['a', 'b', 'c', 'd/e', 'constructor'];

const name = fc.constantFrom(...NAMES);

const scalarType = fc.constantFrom('string', 'integer', 'number', 'boolean', 'null');

const types = fc.oneof(scalarType, fc.uniqueArray(scalarType, { minLength: 1, maxLength: 3 }));

const { schema: anySchema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ type: types }),
    fc.record({ type: types, minimum: fc.integer({ min: -5, max: 5 }) }),
    fc.record({ type: types, pattern: fc.constantFrom('^[0-9]*$', '^[a-z]') }),
    fc.record({ type: types, format: fc.constantFrom('date', 'email') }),
    fc.record({
      enum: fc.array(fc.constantFrom('1', 1, true, null, 'x'), { minLength: 1 }).map((v) => [...new Set(v)]),
    }),
    fc.record({ type: fc.constantFrom('array', ['array', 'null']), items: tie('schema') }),
    fc.record(
      {
        type: fc.constantFrom('object', ['object', 'null'], ['object', 'string']),
        properties: fc.dictionary(name, tie('schema')),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        required: fc.uniqueArray(name, { maxLength: 1 }),
      },
      { requiredKeys: ['type', 'properties'] },
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie('schema') }),
    fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }),
  ),
}));

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('', '0', '12', '-3', '1.5', '007', 'true', 'false', 'x', '2026-01-31', '12345678901234567890'),
    fc.constantFrom(0, 1, -3, 12, 1.5, -0, true, false, null, 12345678901234567890n, Number.POSITIVE_INFINITY),
    fc.constantFrom('0.12345678901234567890', '1e400').map((text) => new LosslessNumber(text)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { noNullPrototype: true }),
  ),
}));

const anyRecord = fc.dictionary(name, anyValue, { noNullPrototype: true });

const anyStreamSchema = fc.record({
  type: fc.constant('object'),
  properties: fc.record({ a: anySchema, b: anySchema, c: anySchema }, { requiredKeys: ['a'] }),
});

/** The judge: ajv alone, slow and careful, on a record in which every number is a double. */
const judgeOf = (schema: JsonObject) => {
  const ajv = new Ajv({ strict: false, strictNumbers: true, ownProperties: true, logger: false, unicodeRegExp: false });
  formats.default(ajv, { mode: 'fast' });
  const validate = ajv.compile(schema);
  return (record: JsonObject) => validate(comparable(record));
};

const snapshot = (value: unknown): unknown => structuredClone(value);

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};

const runs = { numRuns: 60 };

test('says valid exactly when the schema is satisfied, and leaves every record as it was', async () => {
  await fc.assert(
    fc.asyncProperty(anyStreamSchema, fc.array(anyRecord), async (schema, records) => {
      const judge = judgeOf(schema);
      const strict = await compileRecordCheck('s', schema, 'strict');
      const repair = await compileRecordCheck('s', schema, 'repair');
      for (const record of records) {
        const before = snapshot(record);
        freeze(record);
        const expected = judge(record) ? 'valid' : 'invalid';
        expect(strict(record).kind).toBe(expected);
        expect(repair(record).kind === 'valid').toBe(expected === 'valid');
        expect(snapshot(record)).toEqual(before);
      }
    }),
    runs,
  );
});

test('repairs into records that satisfy the schema and need no second repair', async () => {
  await fc.assert(
    fc.asyncProperty(anyStreamSchema, fc.array(anyRecord), async (schema, records) => {
      const judge = judgeOf(schema);
      const check = await compileRecordCheck('s', schema, 'repair');
      for (const record of records) {
        const verdict = check(record);
        if (verdict.kind === 'invalid') expect(verdict.violations.length).toBeGreaterThan(0);
        if (verdict.kind !== 'repaired') continue;
        expect(judge(verdict.record)).toBe(true);
        expect(check(verdict.record)).toEqual({ kind: 'valid' });
        expect(Object.keys(verdict.record)).toEqual(Object.keys(record));
      }
    }),
    runs,
  );
});

test('lists every value that became null and no other', async () => {
  await fc.assert(
    fc.asyncProperty(anyStreamSchema, anyRecord, async (schema, record) => {
      const verdict = (await compileRecordCheck('s', schema, 'repair'))(record);
      if (verdict.kind !== 'repaired') return;
      const lost = verdict.changes.map(({ field }) => field);
      const { values, texts } = becameNull(record, verdict.record);
      expect(lost).toEqual(expect.arrayContaining([...values]));
      expect([...values, ...texts]).toEqual(expect.arrayContaining([...lost]));
    }),
    runs,
  );
});

interface Nulls {
  readonly values: readonly string[];
  /** Empty texts: no loss where no text is declared. */
  readonly texts: readonly string[];
}

const becameNull = (before: unknown, after: unknown, path: readonly string[] = []): Nulls => {
  const here = after === null && before !== null ? [path.join('.')] : [];
  if (before === '') return { values: [], texts: here };
  if (here.length > 0 || !isContainer(before) || !isContainer(after)) return { values: here, texts: [] };
  const inside = Object.entries(after).map(([key, value]) =>
    becameNull(Reflect.get(before, key), value, [...path, key]),
  );
  return { values: inside.flatMap(({ values }) => values), texts: inside.flatMap(({ texts }) => texts) };
};

const isContainer = (value: unknown): value is object => isJsonObject(value) || Array.isArray(value);
