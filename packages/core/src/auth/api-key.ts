import type { Send } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { describePlace, requireFit, withCredential, type CredentialPlace } from './place.ts';
import { hide } from './secret.ts';

/** The key, and where it stands: `{ key, header: 'X-API-Key' }`, or `query`, `cookie`, `form` or `json` in its place. */
export type ApiKeyOptions = CredentialPlace & { readonly key: string };

/**
 * Sends a key under the API's own name for it: in a header, the query, a cookie, or the form or JSON object that is the
 * body. A request whose body holds the key does not follow a redirect to another origin.
 *
 * @throws ConfigError when the key is missing or cannot stand there; ConnectorError when the body is of another kind
 * @example
 * override readonly authenticator = new ApiKeyAuthenticator({ header: 'X-API-Key', key: this.config.api_key });
 */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #key: string;
  readonly #place: CredentialPlace;

  constructor({ key, ...place }: ApiKeyOptions) {
    hide(key);
    this.#key = key;
    this.#place = place;
  }

  authenticate(next: Send): Send {
    requireFit(this.#key, this.#place, `The key of ApiKeyAuthenticator (${describePlace(this.#place)})`);
    return (request) => next(withCredential(request, this.#place, this.#key));
  }
}
