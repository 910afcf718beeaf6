import type { CommandError } from '../command-error.ts';
import type { JsonObject } from '../types/read-document.ts';
import { consentUrl } from './consent-url.ts';
import { explain } from './failures.ts';
import type { LoginContext } from './login-context.ts';
import { openLoopback } from './loopback.ts';
import { tokenValues } from './template-values.ts';
import { tokenRequest } from './token-request.ts';
import { shown } from './urls.ts';

/**
 * Logs in by the authorization code grant with PKCE: a browser brings the code to a server on this machine.
 *
 * @param port where that server listens; 0 for any that is free
 * @param take gets what the token endpoint answered, before the browser is told how it went
 * @throws CommandError
 */
export const codeFlow = async (
  context: LoginContext,
  port: number,
  take: (answer: JsonObject) => Promise<void>,
): Promise<void> => {
  const oauth = await import('oauth4webapi');
  const { tell, signal, auth } = context;
  await using loopback = await openLoopback(port);
  const verifier = oauth.generateRandomCodeVerifier();
  const flow = {
    redirectUri: loopback.redirectUri,
    state: randomState(oauth.generateRandomState, auth.stateLength),
    codeChallenge: await oauth.calculatePKCECodeChallenge(verifier),
  };
  const url = consentUrl(context, flow);
  // A template that cannot be filled is told now, not after the consent.
  await tokenRequest(context, 'code', tokenValues(context, { ...flow, code: '' }));

  const answered = loopback.answer((params) => {
    if (params.get(auth.names.state) === flow.state) return true;
    tell('An answer with another state was ignored: it does not belong to this login.');
    return false;
  }, signal);
  tell(`Open this page to give consent; it leads back to ${flow.redirectUri}:\n\n${url.href}\n`);
  context.browse(url);
  const callback = await answered;

  const secrets = [context.clientSecret ?? '', verifier, callback.params.get(auth.names.code) ?? ''];
  let where = shown(url);
  try {
    const params = usualParams(callback.params, context);
    const client = { client_id: context.clientId };
    const consented = oauth.validateAuthResponse(
      { issuer: url.origin, ...context.server.metadata },
      client,
      params,
      flow.state,
    );
    const code = consented.get('code') ?? '';
    const request = await tokenRequest(context, 'code', tokenValues(context, { ...flow, code }));
    where = shown(request.url);
    const response = await oauth.authorizationCodeGrantRequest(
      request.server,
      request.client,
      request.clientAuth,
      consented,
      flow.redirectUri,
      verifier,
      request.options,
    );
    await oauth.processAuthorizationCodeResponse(request.server, request.client, response);
    await take(request.answer());
    callback.end('You are logged in', 'You can close this page and go back to the terminal.');
  } catch (error) {
    const failure = signal.aborted ? (signal.reason as CommandError) : explain(error, where, secrets);
    callback.end('The login has failed', failure.message);
    throw failure;
  }
};

const randomState = (random: () => string, length: number): string => {
  let state = '';
  while (state.length < length) state += random();
  return state.slice(0, length);
};

/** The answer as RFC 6749 names its parameters. Who has answered can be told only where the issuer is known. */
const usualParams = (given: URLSearchParams, { auth, server }: LoginContext): URLSearchParams => {
  const params = new URLSearchParams(given);
  for (const [name, usual] of [
    [auth.names.state, 'state'],
    [auth.names.code, 'code'],
  ] as const) {
    const value = given.get(name);
    if (value !== null) params.set(usual, value);
  }
  if (server.metadata === undefined) params.delete('iss');
  return params;
};
