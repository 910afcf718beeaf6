import { realClock } from '../http/clock.ts';
import type { Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { hideClient } from './oauth2-client-auth.ts';
import { hideGrant } from './oauth2-grants.ts';
import { Oauth2Keeper } from './oauth2-keeper.ts';
import type { Oauth2Options } from './oauth2-options.ts';
import { usableUntil } from './oauth2-tokens.ts';
import { BEARER, withCredential } from './place.ts';
import { isRefused, Renewable, type Renewal } from './renewable.ts';
import { hide } from './secret.ts';

/**
 * Gets access tokens from an OAuth 2.0 authorization server and sends them with every request.
 *
 * However many requests want a new token at the same time, because it expired or because they were answered with 401, it
 * is asked for once. A 401 leads to one new token and to the request being sent once more, here and not by `retry`: which
 * token was sent is known here, and one that was replaced meanwhile is not replaced again. A second 401 goes on to
 * `retry`, which fails with it (`config_error`) unless a rule of its own says otherwise. The verdict `refresh-token` of
 * such a rule, for an API that refuses a token with another status, gets a new token too.
 *
 * New tokens are in the token store, and `onTokens` has them, before they are used for the first time.
 *
 * Give the same object to all streams that share a credential.
 *
 * @throws AuthError when there is no token to be had: a `config_error` for a credential that is no longer valid, a
 *   `transient_error` while the server has trouble of its own, a `system_error` for an answer without a token in its
 *   place; ConfigError for a missing refresh token or an unreadable key; InputFileError for a token store that cannot be
 *   used
 * @example
 * override readonly authenticator = new Oauth2Authenticator({
 *   tokenUrl: 'https://auth.example.com/oauth/token',
 *   clientId: this.config.client_id,
 *   clientSecret: this.config.client_secret,
 *   refreshToken: this.config.refresh_token,
 * });
 */
export class Oauth2Authenticator implements Authenticator {
  readonly #tokenUrl: string;
  readonly #access: Renewable;

  constructor(options: Oauth2Options) {
    const { tokenUrl, refreshToken, accessToken, grant, headers = {} } = options;
    const { place = BEARER, margin = 60_000, clock = realClock } = options;
    for (const secret of [refreshToken, accessToken]) hide(secret);
    for (const [name, value] of Object.entries(headers)) if (name.toLowerCase() === 'authorization') hide(value);
    hideClient(options);
    if (grant) hideGrant(grant);

    const keeper = new Oauth2Keeper(options);
    this.#tokenUrl = tokenUrl;
    this.#access = new Renewable({
      clock,
      identity: identityOf(options),
      put: (request, token) => withCredential(request, place, token),
      make: async (request) => {
        const tokens = await keeper.renew(request);
        const until = usableUntil(tokens, margin);
        return { value: tokens.accessToken, until: until === Infinity ? undefined : until };
      },
    });
  }

  authenticate(next: Send): Send {
    const send = this.#access.policy(next);
    return async (request) => {
      const response = await send(request);
      if (isRefused(request, response)) {
        request.sender?.log?.warn(
          `${request.method} ${request.url} was answered with 401 also with a new access token of ${this.#tokenUrl}. ` +
            `The credential may lack a scope or a permission; otherwise log in again and put the new one into the config.`,
        );
      }
      return response;
    };
  }
}

/**
 * Undefined where the options do not tell whose token it is: for a refresh token that only the token store knows, since
 * another login may be there tomorrow, an access token alone, and a client that says who it is by its certificate.
 */
const identityOf = (options: Oauth2Options): Renewal['identity'] => {
  const { tokenUrl, clientId, clientSecret, clientAuth, grant, refreshToken, accessToken, http } = options;
  const { scopes, audience, resource, params, headers } = options;
  if (!refreshToken && (accessToken || grant === 'refresh_token')) return undefined;
  if (http?.tls?.cert !== undefined) return undefined;
  const asked = [scopes, audience, resource, params, headers];
  return () => ['oauth2', tokenUrl, clientId, clientSecret, clientAuth, grant, refreshToken, ...asked];
};
