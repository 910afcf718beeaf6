import { isLosslessNumber } from 'lossless-json';
import type { JsonValue } from '../protocol/json.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';
import { exactNumber } from './exact-numbers.ts';

/**
 * What a value becomes as one of the declared types without losing anything, in the order of the types; empty when it
 * cannot. Whoever reads the result can say what the value was.
 *
 * Not among them, because the meaning would be guessed: text with spaces, leading zeros or other spellings (`007`,
 * `TRUE`), and booleans as numbers.
 */
export const coercions = (value: JsonValue, types: ReadonlySet<string>): readonly JsonValue[] => {
  const found: JsonValue[] = [];
  for (const type of types) {
    // An empty text is a text where texts are declared.
    if (type === 'null' && types.has('string')) continue;
    const coerced = COERCE[type]?.(value);
    if (coerced !== undefined) found.push(coerced);
  }
  return found;
};

const toNumber = (value: JsonValue): JsonValue => (typeof value === 'string' ? exactNumber(value) : undefined);

/** Undefined: cannot be coerced. */
const COERCE: Partial<Record<string, (value: JsonValue) => JsonValue>> = {
  integer: toNumber,
  number: toNumber,

  boolean: (value) => {
    if (value === 'true' || value === 1) return true;
    return value === 'false' || Object.is(value, 0) ? false : undefined;
  },

  null: (value) => (value === '' ? null : undefined),

  string: (value) => {
    if (typeof value === 'number') {
      if (Object.is(value, -0)) return '-0';
      return Number.isFinite(value) ? String(value) : undefined;
    }
    if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    if (isLosslessNumber(value)) return value.value;
    return typeof value === 'object' && value !== null ? stringifyJson(value) : undefined;
  },
};
