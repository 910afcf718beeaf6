import { CommandError } from '../command-error.ts';

/** What a server means by the codes of RFC 6749 and RFC 8628, and what to do about it. */
const MEANINGS: Readonly<Record<string, string>> = {
  access_denied: 'The consent was denied. Run the command again and allow the access.',
  expired_token: 'The code was not entered in time. Run the command again.',
  invalid_client: 'The server does not accept the client. Check client id and secret, and try --client-auth.',
  invalid_grant:
    'The code was refused: it has expired, was used before, or belongs to another client. Run the command again.',
  invalid_request: 'The server finds the request incomplete. Check that the redirect URL is registered, and the scope.',
  invalid_scope: 'The server does not grant this scope to the client. Change it with --scope.',
  server_error: 'The server has failed. Try again later.',
  temporarily_unavailable: 'The server is overloaded or under maintenance. Try again later.',
  unauthorized_client: 'The client may not log in this way. Allow the grant where the client is registered.',
  unsupported_grant_type: 'The server does not offer this grant. Try with or without --device.',
  unsupported_response_type: 'The server does not offer the authorization code grant. Try --device.',
};

/** The code with which a server refused, if it is one of an OAuth answer. */
export const codeOf = (error: unknown): string | undefined => textOf(error, 'error');

/**
 * Says in words what went wrong at a server, without the secrets that its own words may repeat.
 *
 * @param where what was asked: the URL of an endpoint
 */
export const explain = (error: unknown, where: string, secrets: readonly string[]): CommandError => {
  if (error instanceof CommandError) return error;
  const hide = (text: string): string =>
    secrets
      .filter((secret) => secret !== '')
      .reduce((result, secret) => result.replaceAll(secret, '****'), printable(text));
  const code = codeOf(error);
  if (code !== undefined) {
    const description = textOf(error, 'error_description');
    const answer = description === undefined ? code : `${code} (${description})`;
    return new CommandError(
      hide(`${where} answered ${answer}. ${MEANINGS[code] ?? 'See what the API says about it.'}`),
    );
  }
  const cause = memberOf(error, 'cause');
  if (cause instanceof Response) {
    return new CommandError(`${where} answered with status ${cause.status}. Is this the right URL?`);
  }
  const message = textOf(error, 'message') ?? String(error);
  // How fetch says that there was no answer.
  if (textOf(error, 'name') === 'TypeError' && cause !== undefined) {
    const reason = textOf(cause, 'code') ?? textOf(cause, 'message') ?? message;
    return new CommandError(hide(`${where} cannot be reached: ${reason}.`));
  }
  return new CommandError(hide(`${where}: ${message}.`));
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? value[name as keyof typeof value] : undefined;

const textOf = (value: unknown, name: string): string | undefined => {
  const text = memberOf(value, name);
  return typeof text === 'string' ? text : undefined;
};

/** Text of a server goes to a terminal: no control characters, no novel. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 1000);
