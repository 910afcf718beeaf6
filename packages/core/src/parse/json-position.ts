import { parse } from 'lossless-json';

/**
 * The error `JSON.parse` threw for the text, with the position of the fault in its message.
 *
 * The engine names the position of some faults only, and shows a piece of the text with the others; so the text is read
 * again by a slower parser that always names it.
 */
export const withPosition = (error: unknown, text: string): unknown => {
  if (!(error instanceof SyntaxError) || / at position \d+/.test(error.message)) return error;
  try {
    parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
  } catch (found) {
    // Without the engine's error as its cause: a piece of the text may be half a secret.
    if (found instanceof SyntaxError) return new SyntaxError(found.message);
  }
  const said = /is not valid JSON/.test(error.message) ? 'The text is not valid JSON' : error.message;
  return new SyntaxError(`${said} within ${text.length} characters`);
};
