import type * as oauth from 'oauth4webapi';

import { CommandError } from '../command-error.ts';
import { isJsonObject, type JsonObject } from '../types/read-document.ts';
import type { Place } from './advanced-auth.ts';
import type { LoginContext } from './login-context.ts';
import { fillTemplate } from './template.ts';
import { isLoopback, secureUrl, shown } from './urls.ts';

const SECTION = 'oauth_connector_input_specification';

type Values = Readonly<Record<string, string>>;

/** What the library takes, made of a context. */
export interface TokenRequest {
  readonly url: URL;
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly clientAuth: oauth.ClientAuth;
  readonly options: oauth.TokenEndpointRequestOptions;
  /** The last answer of the server as it was, whatever its shape. */
  answer(): JsonObject;
}

/**
 * Prepares requests for tokens. What the spec adds to the exchange of a code concerns no other grant, but for its headers.
 *
 * @throws CommandError
 */
export const tokenRequest = async (
  context: LoginContext,
  grant: 'code' | 'device',
  values: Values,
): Promise<TokenRequest> => {
  const { ClientSecretBasic, allowInsecureRequests, customFetch } = await import('oauth4webapi');
  const { auth, server, clientId, clientSecret } = context;
  const { names } = auth;
  const filled = (texts: Values, member: string): [string, string][] =>
    Object.entries(texts).map(([name, text]) => [
      fillTemplate(name, values, `${SECTION}.${member}`),
      fillTemplate(text, values, `${SECTION}.${member}.${name}`),
    ]);
  const headers = headersOf(filled(auth.headers, 'access_token_headers'));
  const params = grant === 'code' ? filled(auth.params, 'access_token_params') : [];
  const asJson = grant === 'code' && (headers.get('content-type')?.startsWith('application/json') ?? false);
  const { url, query } = tokenUrl(context, values);

  const clientAuth: oauth.ClientAuth = async (as, client, body, sent) => {
    rename(body, 'code', names.code);
    rename(body, 'redirect_uri', names.redirectUri);
    for (const [name, value] of query) if (!body.has(name)) body.set(name, value);
    for (const [name, value] of params) if (name !== 'code_verifier') body.set(name, value);
    headers.forEach((value, name) => sent.set(name, value));
    if (headers.has('authorization')) return;
    body.delete('client_id');
    body.delete(names.clientSecret);
    if (clientSecret !== undefined && context.clientAuth === 'basic') {
      return ClientSecretBasic(clientSecret)(as, client, body, sent);
    }
    body.set(names.clientId, clientId);
    if (clientSecret !== undefined) body.set(names.clientSecret, clientSecret);
  };

  let last: JsonObject = {};
  const send = async (
    target: string,
    { body, headers: sent, ...init }: oauth.CustomFetchOptions<'POST', URLSearchParams>,
  ): Promise<Response> => {
    const response = await fetch(target, {
      ...init,
      headers: asJson ? { ...sent, 'content-type': 'application/json' } : sent,
      body: asJson ? JSON.stringify(Object.fromEntries(body)) : body,
    });
    context.debug(`POST ${shown(new URL(target))} answered with status ${response.status}`);
    const text = await response.text();
    last = objectOf(text);
    return usualAnswer(response, text, last, context);
  };

  return {
    url,
    server: { issuer: url.origin, ...server.metadata, token_endpoint: url.href },
    client: { client_id: clientId },
    clientAuth,
    options: { signal: context.signal, [allowInsecureRequests]: isLoopback(url), [customFetch]: send },
    answer: () => last,
  };
};

const headersOf = (entries: readonly [string, string][]): Headers => {
  const headers = new Headers();
  for (const [name, value] of entries) {
    try {
      headers.set(name, value);
    } catch {
      // The reason given there quotes the value, which may be the secret.
      throw new CommandError(`${SECTION}.access_token_headers.${name}: has characters that no header may have.`);
    }
  }
  return headers;
};

const rename = (body: URLSearchParams, from: string, to: string): void => {
  const value = body.get(from);
  if (value === null || from === to) return;
  body.delete(from);
  body.set(to, value);
};

/** What a template puts in the query is sent in the body (RFC 6749, 2.3.1): a URL with secrets ends up in logs. */
const tokenUrl = ({ server, auth }: LoginContext, values: Values): { url: URL; query: readonly [string, string][] } => {
  const endpoint = server.token;
  if (!endpoint) {
    throw new CommandError(
      `It is not known where tokens are given. Add ${SECTION}.access_token_url to the spec, or give --token-url or --issuer.`,
    );
  }
  const { url: text, where, template } = endpoint;
  if (!template) return { url: secureUrl(text, where), query: [] };
  const [path = '', search = ''] = text.split(/\?(.*)/s);
  const { clientId, clientSecret, code, redirectUri } = auth.names;
  const sentAnyway = new Set([clientId, clientSecret, code, redirectUri, 'grant_type', 'code_verifier']);
  const query = search.split('&').flatMap((part) => parameters(part, values, where));
  return {
    url: secureUrl(fillTemplate(path, values, where), where),
    query: query.filter(([name]) => !sentAnyway.has(name)),
  };
};

/** A value that a template does not encode counts as it is, whatever characters it has. */
const parameters = (part: string, values: Values, where: string): [string, string][] => {
  const [, name, value] = /^([^=]*)=(\{\{\s*\w+\s*\}\})$/.exec(part) ?? [];
  if (name === undefined || value === undefined) return [...new URLSearchParams(fillTemplate(part, values, where))];
  return [[fillTemplate(name, values, where), fillTemplate(value, values, where)]];
};

const objectOf = (text: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
};

/**
 * The answer as RFC 6749 wants it. Some servers leave the token's type out, put the tokens further inside, or report an
 * error with status 200.
 */
const usualAnswer = (
  { status, headers }: Response,
  text: string,
  answer: JsonObject,
  context: LoginContext,
): Response => {
  if (status < 200 || status > 299 || Object.keys(answer).length === 0) {
    const type = headers.get('content-type') ?? 'application/json';
    return new Response(text === '' ? null : text, { status, headers: { 'content-type': type } });
  }
  if (typeof answer['error'] === 'string') return Response.json(answer, { status: 400 });
  if ('device_code' in answer) return Response.json(answer);
  // Nobody uses the identity here, and without the issuer's word it could not be checked.
  const { id_token: _, token_type: type, scope, ...rest } = answer;
  return Response.json({
    ...rest,
    ...(typeof scope === 'string' ? { scope } : {}),
    access_token: rest['access_token'] ?? anyToken(answer, context.auth.outputs),
    token_type: typeof type === 'string' && type.toLowerCase() === 'bearer' ? type : 'bearer',
  });
};

const anyToken = (answer: JsonObject, outputs: readonly Place[]): unknown =>
  outputs
    .map(({ name, answerPath = [name] }) => valueAt(answer, answerPath))
    .find((value) => typeof value === 'string' && value !== '');

export const valueAt = (answer: JsonObject, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (isJsonObject(value) ? value[step] : undefined), answer);
