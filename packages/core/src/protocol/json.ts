/** Any value a JSON text can hold. A number that a double would round is a `bigint` or a `LosslessNumber`. */
export type JsonValue = unknown;

/** A JSON object: what records, configs, states and slices are made of. */
export type JsonObject = { [key: string]: JsonValue };

/** Whether a value is a JSON object: not null, not an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
