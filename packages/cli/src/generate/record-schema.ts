import type { JsonObject } from '../plan/plan.ts';
import { plainText } from './text.ts';

/** The text of a file in `schemas/`: the title gives the type its name. */
export const schemaText = (schema: JsonObject, recordType: string): string => {
  const { $schema = 'http://json-schema.org/draft-07/schema#', title: _, ...said } = schema;
  const { properties, ...rest } = withPlainTexts(said) as JsonObject;
  // An object of which no field is known may have any.
  const known = Object.keys(Object(properties)).length > 0 ? { properties } : {};
  return JSON.stringify({ $schema, title: recordType, ...rest, ...known }, null, 2);
};

/** Descriptions become comments in code; titles inside would too. */
const withPlainTexts = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withPlainTexts);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !BROKEN.test(key))
      .map(([key, value]) => [
        key,
        TEXTS.has(key) && typeof value === 'string'
          ? plainText(value).replaceAll('*/', '* /')
          : VALUES.has(key)
            ? value
            : withPlainTexts(value),
      ]),
  );
};

/** Half a character, which no JSON on the wire can have in a name. */
const BROKEN = /\p{Surrogate}/u;

const TEXTS = new Set(['description', 'title', '$comment']);
/** What stands here are values, not schemas. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'required']);
