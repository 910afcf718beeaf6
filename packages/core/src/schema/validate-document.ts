import type { Violation } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { compileSchema } from './compile.ts';
import { comparable } from './exact-numbers.ts';
import { violationsOf } from './violations.ts';

export interface ValidateOptions {
  /**
   * Writes missing values that have a `default` in the schema into the document.
   *
   * @default false
   */
  readonly useDefaults?: boolean;
  /**
   * How an error names the schema when the schema itself is wrong.
   *
   * @default 'The schema'
   */
  readonly name?: string;
}

/**
 * Everything that is wrong with a document (a config, a catalog, a state), each with its place; empty when nothing is.
 *
 * The messages name types and the values the schema allows, never a value of the document: it may be a secret.
 */
export const validateDocument = async (
  schema: JsonObject,
  document: unknown,
  options: ValidateOptions = {},
): Promise<Violation[]> => {
  const check = await compileSchema(schema, { formats: 'full', allErrors: true, ...options });
  if (check(document)) return [];
  const plain = comparable(document);
  if (plain !== document && check(plain)) return [];
  return violationsOf(check.errors ?? [], check.schema);
};
