/** A `pattern` of a schema: Unicode as JSON Schema wants it; one that only works without (`[\w\-]`) works too. */
export const patternOf = (pattern: string): RegExp => {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
};
