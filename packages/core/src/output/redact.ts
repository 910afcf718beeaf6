import { secretParts, wellFormed } from './secret-parts.ts';
import { LONG_TEXT } from './secret-forms.ts';
import { SecretMatcher, suspectOf, type Suspect } from './secret-matcher.ts';

/** A process runs one connector for one credential, so what must not be printed is one set for the whole process. */
const secrets = new Map<string, Suspect>();
let inText: SecretMatcher | undefined;
let inData: SecretMatcher | undefined;

/**
 * Hides a value from everything the connector prints from now on, but for records and CONTROL messages.
 *
 * For secrets that are not in the config: a token just refreshed, a session id. It is also hidden JSON-escaped,
 * URL-encoded, in base64 and the like; the lines of a text and the values of a JSON document are hidden each by itself.
 * A value of nothing but white space is no secret.
 */
export const registerSecret = (value: string): void => {
  const secret = wellFormed(value.trim());
  if (secret === '' || secrets.has(secret)) return;
  for (const part of secretParts(secret)) if (!secrets.has(part)) secrets.set(part, suspectOf(part));
  inText = inData = undefined;
};

/** Hides nothing any more: for tests that play many connectors in one process. */
export const forgetSecrets = (): void => {
  secrets.clear();
  inText = inData = undefined;
};

/** The text with every registered secret, in any of its forms, replaced by `****`. */
export const redact = (text: string): string => {
  if (secrets.size === 0) return text;
  inText ??= new SecretMatcher(secrets.values());
  return inText.hide(text);
};

/**
 * A text of data, such as a state, with the registered secrets of eight characters or more replaced by `****`. A shorter
 * one is not looked for: it would destroy values that merely contain it.
 */
export const redactData = (text: string): string => {
  if (secrets.size === 0) return text;
  inData ??= new SecretMatcher([...secrets.values()].filter(({ secret }) => secret.length >= LONG_TEXT));
  return inData.hide(text);
};

/** A function that hides these texts and their parts, in all their forms, whatever is registered. */
export const hiding = (texts: readonly string[]): ((text: string) => string) => {
  const parts = texts.flatMap((text) => secretParts(wellFormed(text.trim()))).filter((part) => part !== '');
  const matcher = new SecretMatcher([...new Set(parts)].map(suspectOf));
  return (text) => matcher.hide(text);
};

/** The beginning of a text for a message, without secrets: they are hidden first, for half of one would not be known. */
export const excerpt = (text: string, length: number): string => {
  const shown = redact(text);
  return shown.length > length ? `${shown.slice(0, length)}…` : shown;
};

/** Whether there is anything to hide. */
export const hasSecrets = (): boolean => secrets.size > 0;
