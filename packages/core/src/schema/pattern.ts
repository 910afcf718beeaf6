import { messageOf, type Violation } from '../errors.ts';
import { isJsonObject } from '../protocol/json.ts';
import { escapeSegment } from './json-pointer.ts';
import { mapSubschemas, type Schema } from './subschemas.ts';

/** A `pattern` of a schema: Unicode as JSON Schema wants it; one that only works without (`[\w\-]`) works too. */
export const patternOf = (pattern: string): RegExp => {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
};

/** The patterns in a schema that are no regular expressions. */
export const wrongPatterns = (schema: Schema, at = ''): Violation[] => {
  if (typeof schema === 'boolean') return [];
  const { pattern, patternProperties } = schema;
  const found = typeof pattern === 'string' ? wrong(pattern, `${at}/pattern`) : [];
  for (const name of Object.keys(isJsonObject(patternProperties) ? patternProperties : {})) {
    found.push(...wrong(name, `${at}/patternProperties/${escapeSegment(name)}`));
  }
  mapSubschemas(schema, (child, pointer) => found.push(...wrongPatterns(child, at + pointer)));
  return found;
};

const wrong = (pattern: string, pointer: string): Violation[] => {
  try {
    patternOf(pattern);
    return [];
  } catch (error) {
    return [{ pointer, message: messageOf(error).replace(/\.$/, '') }];
  }
};
