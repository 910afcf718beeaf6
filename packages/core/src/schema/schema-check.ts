import type { ErrorObject } from 'ajv';

/** Whether a value satisfies a schema; after a `false`, `errors` says why not. */
export interface SchemaCheck {
  (value: unknown): boolean;
  /** What was compiled. */
  readonly schema: unknown;
  errors?: ErrorObject[] | null;
}

/** What ajv has compiled, if it has; never asynchronous here. */
export const isSchemaCheck = (compiled: unknown): compiled is SchemaCheck => typeof compiled === 'function';
