import type { Violation } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { openSchema } from './compile.ts';
import { comparable } from './exact-numbers.ts';
import { markPlainObjects, overlooksExactNumbers } from './exact-schema.ts';
import { createRepair, type RecordChange } from './repair.ts';

export type { RecordChange };

/** What happens to a record that does not satisfy its schema: `repair` mends what it can, `strict` mends nothing. */
export type ValidationMode = 'repair' | 'strict';

export type Verdict =
  | { readonly kind: 'valid' }
  | {
      readonly kind: 'repaired';
      /** A valid copy; the record that was given is as it was. */
      readonly record: JsonObject;
      /** The values that became null. Coercions are not listed: they lose nothing. */
      readonly changes: readonly RecordChange[];
    }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

export type CheckRecord = (record: JsonObject) => Verdict;

const VALID: Verdict = Object.freeze({ kind: 'valid' });

/** Compiles the check of a stream's records. A `ConnectorError` names the stream and the place if the schema is wrong. */
export const compileRecordCheck = async (
  stream: string,
  schema: JsonObject,
  mode: ValidationMode,
): Promise<CheckRecord> => {
  const opened = await openSchema(markPlainObjects(schema), `The schema of stream "${stream}"`);
  const { check, explain } = opened;
  const repair = mode === 'repair' ? createRepair(schema, opened) : undefined;

  const isValid: CheckValue = overlooksExactNumbers(schema)
    ? (record) => check(comparable(record))
    : (record) => check(record) || isValidAsDoubles(record, check);

  const judge = (record: JsonObject): Verdict => {
    const repaired = repair?.(record) ?? { record, changes: [] };
    return repaired.record !== record && isValid(repaired.record)
      ? { kind: 'repaired', ...repaired }
      : { kind: 'invalid', violations: explain(comparable(repaired.record)) };
  };

  return (record) => (isValid(record) ? VALID : judge(record));
};

type CheckValue = (record: JsonObject) => boolean;

/** Whether a record failed only because the validator does not know its `bigint`s and `LosslessNumber`s for numbers. */
const isValidAsDoubles = (record: JsonObject, check: CheckValue): boolean => {
  const plain = comparable(record);
  return plain !== record && isJsonObject(plain) && check(plain);
};
