import { ConfigError } from '../errors.ts';
import { registerSecret } from '../output/redact.ts';

/** Hides a secret from all output from now on. One the config does not have is left for `requireText` to say. */
export const hide = (secret: unknown): void => {
  if (typeof secret === 'string') registerSecret(secret);
};

/**
 * Checks that there is a text at all, called when the first request is about to be sent.
 *
 * @throws ConfigError that names the place, never the value
 */
export const requireText = (value: unknown, place: string): void => {
  if (typeof value === 'string' && value !== '') return;
  const what = value === '' ? 'is empty' : 'is missing';
  throw new ConfigError([{ pointer: '', message: `${place} ${what}. Give it in the config` }]);
};

/** What Node sends in a header: no line breaks, no characters beyond Latin-1. */
const FIT_FOR_HEADER = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Checks that a secret can be sent in a header: one copied with its line break cannot.
 *
 * @throws ConfigError that names the place, never the value
 */
export const requireHeaderText = (value: unknown, place: string): void => {
  requireText(value, place);
  if (FIT_FOR_HEADER.test(String(value))) return;
  const message = `${place} holds a line break or a character that no header can carry. Copy it into the config again`;
  throw new ConfigError([{ pointer: '', message }]);
};
