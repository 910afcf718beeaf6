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
    const seconds = Number(answer[names.expiry]);
    const value =
      valueAt(answer, answerPath) ??
      (name === EXPIRY_DATE && Number.isFinite(seconds) ? new Date(now + seconds * 1000).toISOString() : undefined);
    if (value !== undefined && value !== null && value !== '') return { path, value };
    if (!required) return [];
    throw new CommandError(
      `The server's answer has no "${answerPath.join('.')}", which belongs at ${path.join('.')} of the config.` +
        (name === 'refresh_token' ? ' Many servers give one for the scope offline_access only; see --scope.' : ''),
    );
  });
