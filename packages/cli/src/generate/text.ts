/** What a description says is somebody else's text: these make it safe for the place where it is to stand. */

const LONGEST = 300;

/** One line of plain text: no control characters, no marks that turn the direction of writing, not too long. */
export const plainText = (text: string, longest = LONGEST): string => {
  const line = text
    .replaceAll(/\p{Surrogate}/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();
  return line.length <= longest
    ? line
    : `${line
        .slice(0, longest - 1)
        .replaceAll(/\p{Surrogate}/gu, '')
        .trimEnd()}…`;
};

/** For a block comment, which it cannot end. */
export const commentText = (text: string): string =>
  plainText(text, 100).replaceAll('*/', '* /').replaceAll('/*', '/ *');

/** For Markdown, also in a cell of a table: shows as it is written, without links, HTML and code. */
export const markdownText = (text: string): string => plainText(text).replaceAll(/[\\`*_{}[\]<>|#~!&]/g, '\\$&');

/** Code in Markdown, also in a cell of a table. */
export const markdownCode = (text: string): string =>
  `\`${plainText(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;

/** A value as TypeScript has it: strings, numbers, lists and objects of them. */
export const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([key, member]) => `${propertyName(key)}: ${literal(member)}`).join(', ')} }`;
};

/** A text between backquotes, as it is. */
export const templateText = (text: string): string =>
  JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('`', '\\`').replaceAll('${', '\\${');

/** A member by its name: `.name`, or `['a name']`. */
export const member = (name: string): string => (IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** `__proto__: x` would set the prototype. */
const propertyName = (key: string): string => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key));
