import type { Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { requireFit, withCredential, type CredentialPlace } from './place.ts';
import { hide } from './secret.ts';

export interface TokenOptions {
  readonly token: string;
  /**
   * The word before the token. An empty text for none.
   *
   * @default 'Bearer'
   */
  readonly prefix?: string;
  /**
   * The header that carries it.
   *
   * @default 'Authorization'
   */
  readonly header?: string;
}

/**
 * Sends a token that does not change: `Authorization: Bearer <token>` (RFC 6750), or with another word or header.
 *
 * @throws ConfigError when the token is missing or cannot stand in a header
 * @example
 * override readonly authenticator = new TokenAuthenticator(this.config.token);
 */
export class TokenAuthenticator implements Authenticator {
  readonly #token: string;
  readonly #place: CredentialPlace;

  constructor(options: string | TokenOptions) {
    const {
      token,
      prefix = 'Bearer',
      header = 'Authorization',
    } = typeof options === 'object' ? options : { token: options };
    hide(token);
    this.#token = token;
    this.#place = { header, prefix };
  }

  authenticate(next: Send): Send {
    requireFit(this.#token, this.#place, 'The token of TokenAuthenticator');
    return (request) => next(withCredential(request, this.#place, this.#token));
  }
}
