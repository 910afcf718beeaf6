/** Stands before a number that a double would round, while it travels as text. */
const MARK = '\u0000number:';

const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]{14,}/g;
const MARKED = /"\\u0000number:(-?[\d.eE+-]+)"/g;

/** `JSON.parse` that keeps numbers of many digits, as marked texts, for `stringifyExact` and `plainText`. */
export const parseExact = (text: string): unknown => {
  if (!/[\d.]{15}/.test(text)) return JSON.parse(text);
  const marked = text.replaceAll(STRING_OR_LONG_NUMBER, (found) =>
    found.startsWith('"') ? found : JSON.stringify(MARK + found),
  );
  try {
    return JSON.parse(marked);
  } catch {
    // Malformed elsewhere: the error has to speak of the text as it was.
    return JSON.parse(text);
  }
};

/** `JSON.stringify` of what `parseExact` gave, every number with all its digits. */
export const stringifyExact = (value: unknown): string => JSON.stringify(value).replaceAll(MARKED, '$1');

/** A value of a record on one line, as people read it. */
export const plainText = (value: unknown): string => {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value.replace(MARK, '') : stringifyExact(value);
  // oxlint-disable-next-line no-control-regex -- They would move the cursor of the terminal.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
};
