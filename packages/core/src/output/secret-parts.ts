import { LONG_TEXT } from './secret-forms.ts';

/**
 * A secret and, where it is a JSON document such as the key file of a service account, the values in it of eight
 * characters or more, for the connector takes them out and uses them.
 */
export const secretParts = (secret: string): string[] => [
  secret,
  ...textsIn(parsed(secret))
    .filter((text) => text.length >= LONG_TEXT && !ADDRESS.test(text))
    .flatMap(secretParts),
];

/** Hidden, it would make the message about every request hard to read. */
const ADDRESS = /^https?:\/\/[^\s?#@]*$/;

const parsed = (text: string): unknown => {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [wellFormed(value.trim())];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** Half a character is written as U+FFFD; so is it looked for. */
export const wellFormed = (text: string): string => Buffer.from(text).toString();
