import { AuthError, ConfigError, HeadwaterError, failureTypeOf, messageOf } from '../errors.ts';
import { createClient, type HttpOptions } from '../http/client.ts';
import { realClock } from '../http/clock.ts';
import type { ResponseRule } from '../http/response-rule.ts';
import type { HttpRequest, Policy, Send, Sender, WireResponse } from '../http/types.ts';
import { isRetried } from '../http/verdict.ts';
import { replaceable } from '../http/replaceable-wire.ts';
import { gotWire } from '../http/wire.ts';
import type { Logger } from '../output/logger.ts';
import { redact } from '../output/redact.ts';
import { errorCodeOf, hideTokens, readTokens, type AnswerForm } from './oauth2-answer.ts';
import { clientCredentials } from './oauth2-client-auth.ts';
import { grantParams, grantTypeOf, type Oauth2Grant } from './oauth2-grants.ts';
import type { Oauth2Options } from './oauth2-options.ts';
import type { Oauth2Tokens } from './oauth2-tokens.ts';

/** Errors that pass, with a status that says otherwise. */
const PASSING = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

const RULES: readonly ResponseRule[] = [
  { status: [400, 401, 403], when: (answer) => PASSING.has(errorCodeOf(answer) ?? ''), verdict: 'retry' },
  // An endpoint says with a 4xx what is wrong: that is read, not only quoted.
  {
    when: ({ status, headers }) => status >= 400 && status < 500 && !isRetried(status, headers),
    verdict: 'success',
  },
];

/** Asks an authorization server for tokens. */
export class Oauth2Endpoint {
  readonly #options: Oauth2Options;
  readonly #grant: Oauth2Grant;
  readonly #form: AnswerForm;
  #send: Send | undefined;

  constructor(options: Oauth2Options, grant: Oauth2Grant) {
    const { answerFields = {}, expiry = 'seconds' } = options;
    const { accessToken = 'access_token', refreshToken = 'refresh_token', expiresIn = 'expires_in' } = answerFields;
    this.#options = options;
    this.#grant = grant;
    this.#form = { accessToken, refreshToken, expiresIn, expiry };
  }

  /**
   * Sends one token request, on behalf of another request; again while the answer looks temporary.
   *
   * @throws AuthError when the server refuses, cannot be reached or is not understood; ConfigError for an unreadable key
   */
  async ask(refreshToken: string | undefined, request: HttpRequest): Promise<Oauth2Tokens> {
    const { tokenUrl, http, clock = realClock } = this.#options;
    this.#send ??= this.#client(http);
    const sender = new TokenSender(refreshToken, request.sender?.log);
    const response = await this.#send({ method: 'POST', url: tokenUrl, headers: {}, sender }).catch(noToken);
    return readTokens(response, this.#form, clock.now());
  }

  #client({ retry, cache: _cache, cookies: _cookies, wire, ...http }: HttpOptions = {}): Send {
    const { clock = realClock } = this.#options;
    const send = wire ?? replaceable(gotWire(http));
    return createClient({
      ...http,
      retry: { clock, ...retry, rules: [...(retry?.rules ?? []), ...RULES] },
      authenticator: this.#write,
      wire: async (request) => {
        const response = await send(request);
        // Below whoever writes exchanges down.
        hideTokens(response, this.#form);
        return response;
      },
    });
  }

  /** Writes the request: anew for each attempt, since no server takes the same assertion twice. */
  readonly #write: Policy = (next) => async (request) => {
    const { headers = {}, bodyFormat = 'form' } = this.#options;
    const { refreshToken } = request.sender as TokenSender;
    const { fields, client } = await this.#fields(refreshToken);
    const response = await next({
      ...request,
      headers: {
        accept: 'application/json',
        'content-type': bodyFormat === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
        ...client.headers,
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      },
      body: bodyFormat === 'form' ? formOf(fields) : JSON.stringify(fields),
      secretBody: true,
    });
    // What a server repeats of the request must not be quoted.
    return response.status < 400 ? response : { ...response, bytes: Buffer.from(redact(textOf(response))) };
  };

  async #fields(refreshToken: string | undefined) {
    const { tokenUrl, clock = realClock, requestFields = {}, scopes, audience, resource, params } = this.#options;
    const { grantType = 'grant_type', refreshToken: refreshField = 'refresh_token', scope = 'scope' } = requestFields;
    const client = await clientCredentials(this.#options, clock.now());
    const scopeText = typeof scopes === 'string' ? scopes : scopes?.join(' ');
    const fields: Fields = {
      [grantType]: grantTypeOf(this.#grant),
      ...(refreshToken !== undefined && { [refreshField]: refreshToken }),
      ...(await grantParams(this.#grant, tokenUrl, clock.now())),
      ...client.params,
      ...(scopeText && { [scope]: scopeText }),
      ...(audience !== undefined && { audience }),
      ...(resource !== undefined && { resource }),
      ...params,
    };
    return { fields, client };
  }
}

/** An error of another class than those of the wire: the `retry` of the API's own request must not begin all over. */
const noToken = (error: unknown): never => {
  if (!(error instanceof HeadwaterError) || error instanceof ConfigError) throw error;
  throw new AuthError(`There is no access token: ${messageOf(error)}`, failureTypeOf(error), undefined, {
    cause: error,
  });
};

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Who sends a token request, with what changes from one to the next. */
class TokenSender implements Sender {
  readonly label = 'access token';
  readonly refreshToken: string | undefined;
  readonly log?: Logger;

  constructor(refreshToken: string | undefined, log: Logger | undefined) {
    this.refreshToken = refreshToken;
    if (log) this.log = log;
  }
}

const formOf = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((item): [string, string] => [name, item])),
  ).toString();

const textOf = ({ bytes }: WireResponse): string => Buffer.from(bytes).toString();
