import { AuthError, type FailureType } from '../errors.ts';
import { errorTextOf } from '../http/error-text.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { publicUrl } from '../http/public-url.ts';
import type { WireResponse } from '../http/types.ts';
import { excerpt, redact } from '../output/redact.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { readExpiry, type ExpiryForm } from './oauth2-expiry.ts';
import type { Oauth2Tokens } from './oauth2-tokens.ts';
import { hide } from './secret.ts';

/** Where a token endpoint's answer has what, and how it writes it. */
export interface AnswerForm {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: string;
  readonly expiry: ExpiryForm;
}

/**
 * The tokens in the answer of a token endpoint.
 *
 * @throws AuthError when it refuses (`config_error`), or a field is missing or unreadable (`system_error`)
 */
export const readTokens = async (response: WireResponse, form: AnswerForm, now: number): Promise<Oauth2Tokens> => {
  const body = bodyOf(response);
  const accessToken = body && memberAt(body, form.accessToken);
  if (response.status < 200 || response.status >= 300) throw refused(response, body);
  if (!body) {
    throw new AuthError(
      `${placeOf(response)} answered with ${response.status}, but neither with a JSON object nor with a form ` +
        `(${mediaTypeOf(response) || 'no content type'}, ${response.bytes.length} bytes). Check tokenUrl.`,
      'system_error',
    );
  }
  if (typeof accessToken !== 'string' || accessToken === '') {
    // Some servers say what is wrong with a status that says all is well.
    if (codeIn(body) !== undefined) throw refused(response, body);
    throw new AuthError(
      `${placeOf(response)} answered with ${response.status}, but without an access token: there is no text at ` +
        `"${form.accessToken}"; there are ${Object.keys(body).join(', ') || 'no members'}. ` +
        `Set answerFields.accessToken to where it is.`,
      'system_error',
    );
  }
  const written = memberAt(body, form.expiresIn);
  const expiry = await readExpiry(written, form.expiry, now);
  if (expiry === 'unreadable') {
    const expected = typeof form.expiry === 'string' ? form.expiry : `a date like ${form.expiry.format}`;
    throw new AuthError(
      `${placeOf(response)}: the expiry at "${form.expiresIn}" is ${redact(JSON.stringify(written))}, which is not ${expected}. ` +
        `Set the option expiry to what it is, or answerFields.expiresIn to where it is.`,
      'system_error',
    );
  }
  const refreshToken = memberAt(body, form.refreshToken);
  return {
    accessToken,
    ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshToken }),
    ...(expiry.expiresAt && { expiresAt: expiry.expiresAt }),
    obtainedAt: new Date(now),
  };
};

/** Hides the tokens in an answer from all output, before anybody hears of it. */
export const hideTokens = (response: WireResponse, form: AnswerForm): void => {
  const body = bodyOf(response);
  if (!body) return;
  for (const path of [form.accessToken, form.refreshToken, 'access_token', 'refresh_token', 'id_token']) {
    hide(memberAt(body, path));
  }
};

/** The `error` of RFC 6749, 5.2, or what else the server calls it by. */
export const errorCodeOf = (response: WireResponse): string | undefined => {
  const body = bodyOf(response);
  return body && codeIn(body);
};

const codeIn = ({ error }: JsonObject): string | undefined => {
  const code = isJsonObject(error) ? (error['code'] ?? error['type'] ?? error['message']) : error;
  return typeof code === 'string' && code !== '' ? code : undefined;
};

const REAUTHENTICATE = 'Please re-authenticate: log in again, and put the new credential into the config.';
const CHECK_CLIENT = 'Check the client id and secret in the config, and how they are sent (clientAuth).';

const REMEDIES: Readonly<Record<string, string>> = {
  invalid_grant: REAUTHENTICATE,
  access_denied: REAUTHENTICATE,
  invalid_client: CHECK_CLIENT,
  unauthorized_client:
    'This client may not use this grant. Allow it at the authorization server, or use another grant.',
  unsupported_grant_type: 'The server does not know this grant. Correct the option grant.',
  invalid_scope: 'Correct the scopes: the user or the client does not have all of them.',
  invalid_target: 'Correct audience or resource.',
};

/** Only what the connector itself has put together wrongly is not the user's to mend. */
const refused = (response: WireResponse, body: JsonObject | undefined): AuthError => {
  const code = body && codeIn(body);
  const described = body?.['error_description'];
  const said = typeof described === 'string' && described !== '' ? described : (errorTextOf(response) ?? '');
  const quoted = said === '' || said === code ? '' : `: "${excerpt(said, 300).replace(/[.\s]+$/, '')}"`;
  const failureType: FailureType = code === 'invalid_request' ? 'system_error' : 'config_error';
  const remedy = (code && REMEDIES[code]) ?? `Check tokenUrl and the credentials in the config.`;
  const message = `${placeOf(response)} answered with ${response.status}${code ? ` (${code})` : ''}${quoted}. ${remedy}`;
  return new AuthError(redact(message), failureType, code);
};

const placeOf = ({ request }: WireResponse): string => `The token endpoint ${publicUrl(new URL(request.url))}`;

const bodyOf = (response: WireResponse): JsonObject | undefined => {
  const text = Buffer.from(response.bytes).toString().trim();
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    const isForm = ['application/x-www-form-urlencoded', 'text/plain'].includes(mediaTypeOf(response));
    return isForm && /^[^\s=&]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  }
};

/** A name with dots in it may be a member's own. */
const memberAt = (body: JsonObject, path: string): unknown => {
  if (path in body) return body[path];
  let node: unknown = body;
  for (const step of path.split('.')) {
    node = isJsonObject(node) || Array.isArray(node) ? (node as JsonObject)[step] : undefined;
  }
  return node;
};
