import { CommandError } from '../command-error.ts';
import type { JsonObject } from '../types/read-document.ts';
import type { AdvancedAuth } from './advanced-auth.ts';
import type { Entry } from './config-file.ts';
import { valueAt } from './token-request.ts';

/** What a spec calls the moment the access token expires; servers tell seconds. */
const EXPIRY_DATE = 'token_expiry_date';

/**
 * What of the server's answer belongs in the config, and where.
 *
 * @param now milliseconds since 1970
 * @throws CommandError when the answer lacks something that the spec wants
 */
export const outputsOf = (answer: JsonObject, { outputs, names }: AdvancedAuth, now: number): Entry[] =>
  outputs.flatMap(({ name, path, answerPath = [name], required }) => {
    const value =
      valueAt(answer, answerPath) ?? (name === EXPIRY_DATE ? expiryOf(answer, outputs, names, now) : undefined);
    if (value !== undefined && value !== null && value !== '') return { path, value };
    if (!required) return [];
    throw new CommandError(
      `The server's answer has no "${answerPath.join('.')}", which belongs at ${path.join('.')} of the config.` +
        (name === 'refresh_token' ? ' Many servers give one for the scope offline_access only; see --scope.' : ''),
    );
  });

/** The lifetime stands at the top of the answer or beside a token. */
const expiryOf = (
  answer: JsonObject,
  outputs: AdvancedAuth['outputs'],
  names: AdvancedAuth['names'],
  now: number,
): string | undefined => {
  const places = [[names.expiry], ...outputs.map(({ answerPath = [] }) => [...answerPath.slice(0, -1), names.expiry])];
  const lifetime = places.map((path) => valueAt(answer, path)).find((value) => value !== undefined && value !== null);
  const seconds = typeof lifetime === 'string' ? Number.parseFloat(lifetime) : lifetime;
  // Longer than a century is no lifetime, and would not make a date.
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < 3.2e9)) return undefined;
  return new Date(now + seconds * 1000).toISOString();
};
