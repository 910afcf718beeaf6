import { AuthError, ConnectorError, failureTypeOf, HeadwaterError, messageOf } from '../errors.ts';
import { createClient, type HttpOptions } from '../http/client.ts';
import { replaceable } from '../http/replaceable-wire.ts';
import type { ResponseRule } from '../http/response-rule.ts';
import { gotWire } from '../http/wire.ts';
import type { CookieStore, HttpHeaders, HttpRequest, Send, WireResponse } from '../http/types.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { parseLossless, stringifyJson } from '../protocol/lossless-json.ts';
import { hide } from './secret.ts';

/** The request that logs in. */
export interface LoginRequest {
  /** Absolute. */
  readonly url: string;
  /** @default 'POST' */
  readonly method?: string;
  /** @default none, but for the content type of the body */
  readonly headers?: HttpHeaders;
  /**
   * An object is sent as JSON, `URLSearchParams` as a form, text as it is.
   *
   * @default none
   */
  readonly body?: JsonObject | URLSearchParams | string;
}

/** Where the answer to the login has the token: `{ json: 'data.token' }`, a header, or a cookie. */
export type TokenSource = { readonly json: string } | { readonly header: string } | { readonly cookie: string };

/** What a refused login means: wrong credentials, whatever the status says beside that. */
const REFUSED: ResponseRule = {
  status: [400, 401, 403, 422],
  verdict: 'fail',
  failureType: 'config_error',
  message: 'The login was refused. Check the credentials in the config.',
};

/** A client for logins of its own: with their retries, and without the cache, cookies and budget of the stream. */
export const loginClient = (
  source: TokenSource,
  { retry = {}, wire, cache: _cache, cookies: _cookies, ...http }: HttpOptions = {},
): Send => {
  const send = wire ?? replaceable(gotWire(http));
  return createClient({
    ...http,
    retry: { ...retry, rules: [...(retry.rules ?? []), REFUSED] },
    wire: async (request) => {
      const response = await send(request);
      // Below whoever writes exchanges down.
      hide(tokenIn(response, source));
      return response;
    },
  });
};

/**
 * Logs in, on behalf of a request, and gives the token.
 *
 * @throws AuthError when the login is refused, or cannot be done; ConnectorError when its answer has no token where it should
 */
export const logIn = async (
  send: Send,
  { url, method = 'POST', headers = {}, body }: LoginRequest,
  source: TokenSource,
  { sender, signal }: HttpRequest,
): Promise<string> => {
  const content = body === undefined ? undefined : encode(body);
  const response = await send({
    method: method.toUpperCase(),
    url,
    headers: {
      accept: 'application/json',
      ...(content && { 'content-type': content.type }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    ...(content && { body: content.text, secretBody: true }),
    sender: { label: 'login', ...(sender?.log && { log: sender.log }) },
    ...(signal && { signal }),
    cookies: new HopCookies(url),
  }).catch(noSession);
  const token = tokenIn(response, source);
  if (token !== undefined && token !== '') return token;
  const [kind, name] = Object.entries(source)[0] ?? [];
  throw new ConnectorError(
    `The login ${method} ${url} was answered with ${response.status}, but without a token: there is no ${String(kind)} ` +
      `"${String(name)}". Correct where SessionTokenAuthenticator takes the token from.`,
  );
};

/** All that a login sends. */
export const identityOf = ({ url, method, headers, body }: LoginRequest): readonly unknown[] => [
  url,
  method,
  headers,
  body === undefined ? undefined : encode(body),
];

/** An error of another class than those of the wire: the `retry` of the API's own request must not begin all over. */
const noSession = (error: unknown): never => {
  if (!(error instanceof HeadwaterError)) throw error;
  throw new AuthError(`The login failed: ${messageOf(error)}`, failureTypeOf(error), undefined, { cause: error });
};

const encode = (body: NonNullable<LoginRequest['body']>) => {
  if (typeof body === 'string') return { text: body, type: 'text/plain; charset=utf-8' };
  return body instanceof URLSearchParams
    ? { text: body.toString(), type: 'application/x-www-form-urlencoded' }
    : { text: stringifyJson(body), type: 'application/json' };
};

const tokenIn = (response: WireResponse, source: TokenSource): string | undefined => {
  if ('header' in source) return response.headers[source.header.toLowerCase()];
  if ('json' in source) return memberAt(response, source.json);
  const { cookies } = response.request;
  return cookies instanceof HopCookies ? cookies.found.get(source.cookie) : undefined;
};

const memberAt = ({ bytes }: WireResponse, path: string): string | undefined => {
  let node: unknown;
  try {
    node = parseLossless(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
  for (const step of path.split('.')) {
    node = isJsonObject(node) || Array.isArray(node) ? (node as JsonObject)[step] : undefined;
  }
  return typeof node === 'string' || typeof node === 'number' || typeof node === 'bigint' ? String(node) : undefined;
};

/** The cookies of a login: its answer may be a redirect that sets them, to a page that wants them. */
class HopCookies implements CookieStore {
  readonly found = new Map<string, string>();
  readonly #origin: string;

  constructor(url: string) {
    this.#origin = new URL(url).origin;
  }

  headerFor(url: string): string | undefined {
    if (new URL(url).origin !== this.#origin || this.found.size === 0) return undefined;
    return [...this.found].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  keep(url: string, setCookies: readonly string[]): void {
    if (new URL(url).origin !== this.#origin) return;
    for (const cookie of setCookies) {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      if (at > 0) this.found.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    }
  }
}
