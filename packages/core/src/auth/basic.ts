import { ConfigError } from '../errors.ts';
import type { Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { hide, requireText } from './secret.ts';

export interface BasicHttpOptions {
  /** Without a colon. Many APIs take a token as the user name. */
  readonly username: string;
  /** @default '' */
  readonly password?: string;
}

/**
 * Sends a user name and a password with every request: `Authorization: Basic …` (RFC 7617), in UTF-8.
 *
 * @throws ConfigError when the user name is missing or holds a colon
 * @example
 * override readonly authenticator = new BasicHttpAuthenticator({ username: this.config.user, password: this.config.password });
 */
export class BasicHttpAuthenticator implements Authenticator {
  readonly #username: string;
  readonly #credentials: string;

  constructor({ username, password = '' }: BasicHttpOptions) {
    this.#username = username;
    this.#credentials = Buffer.from(`${username}:${password}`).toString('base64');
    // With an empty password the user name is a token.
    hide(password === '' ? username : password);
    hide(this.#credentials);
  }

  authenticate(next: Send): Send {
    // An empty user name is one: some APIs take a token as the password alone.
    if (this.#username !== '') requireText(this.#username, 'The user name of BasicHttpAuthenticator');
    if (this.#username.includes(':')) {
      const message = 'The user name of BasicHttpAuthenticator holds a colon, where a password would begin. Correct it';
      throw new ConfigError([{ pointer: '', message }]);
    }
    const authorization = `Basic ${this.#credentials}`;
    return (request) => next({ ...request, headers: { ...request.headers, authorization } });
  }
}
