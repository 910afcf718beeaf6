import type { HttpRequest, Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { challengeIn, type DigestChallenge, type DigestUser } from './digest-challenge.ts';
import { identified, type Identified } from './identified.ts';
import { isRefused } from './renewable.ts';
import { hide, requireText } from './secret.ts';

export type DigestOptions = DigestUser;

/** How often one request is sent again because its nonce was too old already. */
const MAX_STALE = 3;

/**
 * Proves in each request that it knows a password, without sending it: Digest (RFC 7616) with MD5, SHA-256 or
 * SHA-512-256, their `-sess` forms, and the quality of protection `auth`, `auth-int` or none.
 *
 * The first request asks the API for its challenge; those that follow answer the same one until the API has another.
 *
 * @throws ConfigError when the user name or the password is missing
 * @example
 * override readonly authenticator = new DigestAuthenticator({ username: this.config.user, password: this.config.password });
 */
export class DigestAuthenticator implements Authenticator {
  readonly #user: DigestUser;
  readonly #identified: Identified;
  /** The last one of each origin. */
  readonly #challenges = new Map<string, DigestChallenge>();

  constructor({ username, password }: DigestOptions) {
    this.#user = { username, password };
    this.#identified = identified(() => ['digest', username, password]);
    hide(password);
  }

  authenticate(next: Send): Send {
    requireText(this.#user.username, 'The user name of DigestAuthenticator');
    requireText(this.#user.password, 'The password of DigestAuthenticator');
    return async (request) => {
      const { origin } = new URL(request.url);
      let response = await next(this.#answering(request, this.#challenges.get(origin)));
      for (let staleness = 0; isRefused(request, response);) {
        const challenge = challengeIn(response.headers['www-authenticate']);
        // A second challenge means a wrong password, unless it says that the nonce had become too old on the way.
        const again = staleness === 0 || (challenge?.stale && staleness <= MAX_STALE);
        if (!challenge || !again) return response;
        staleness++;
        this.#challenges.set(origin, challenge);
        response = await next(this.#answering(request, challenge));
      }
      const challenge = this.#challenges.get(origin);
      const following = challenge?.after(response.headers['authentication-info']);
      if (following) this.#challenges.set(origin, following);
      return response;
    };
  }

  #answering(request: HttpRequest, challenge: DigestChallenge | undefined): HttpRequest {
    if (!challenge) return this.#identified(request, request);
    const { pathname, search, href } = new URL(request.url);
    const { method, body = '' } = request;
    const authorization = challenge.answer(this.#user, {
      method: method.toUpperCase(),
      uri: `${pathname}${search}`,
      body,
    });
    return this.#identified(request, { ...request, url: href, headers: { ...request.headers, authorization } });
  }
}
