import type { HttpOptions } from '../http/client.ts';
import { realClock, type Clock } from '../http/clock.ts';
import type { Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { identityOf, logIn, loginClient, type LoginRequest, type TokenSource } from './login.ts';
import { BEARER, withCredential, type CredentialPlace } from './place.ts';
import { Renewable } from './renewable.ts';

export interface SessionTokenOptions {
  /** The request that logs in. */
  readonly login: LoginRequest;
  /** Where its answer has the token: a member of the JSON body (`{ json: 'data.token' }`), a header, or a cookie. */
  readonly token: TokenSource;
  /**
   * Where the requests carry the token.
   *
   * @default { header: 'Authorization', prefix: 'Bearer' }
   */
  readonly place?: CredentialPlace;
  /**
   * Milliseconds a token is used for before the next login.
   *
   * @default until a request is answered with 401
   */
  readonly lifetime?: number;
  /**
   * Options of the login's own requests: proxies, certificates, retries.
   *
   * @default every option its own default
   */
  readonly http?: HttpOptions;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Logs in at the first request and carries the token along. When a request is answered with 401, it logs in anew and
 * sends it once more; requests that want a token at the same time share one login.
 *
 * @throws AuthError when the login is refused (`config_error`), or cannot be done; ConnectorError when its answer has no token
 * @example
 * override readonly authenticator = new SessionTokenAuthenticator({
 *   login: { url: 'https://api.example.com/login', body: { user: this.config.user, password: this.config.password } },
 *   token: { json: 'session.token' },
 *   place: { header: 'X-Session' },
 * });
 */
export class SessionTokenAuthenticator implements Authenticator {
  readonly #session: Renewable;

  constructor(options: SessionTokenOptions) {
    const { login, token: source, place = BEARER, lifetime, http, clock = realClock } = options;
    let send: Send | undefined;
    this.#session = new Renewable({
      clock,
      // A login may say who it is by its certificate.
      identity: http?.tls?.cert === undefined ? () => ['session', ...identityOf(login)] : undefined,
      put: (request, token) => withCredential(request, place, token),
      make: async (request) => {
        const began = clock.now();
        const value = await logIn((send ??= loginClient(source, http)), login, source, request);
        return { value, until: lifetime === undefined ? undefined : began + lifetime };
      },
    });
  }

  authenticate(next: Send): Send {
    return this.#session.policy(next);
  }
}
