import { ConfigError } from '../errors.ts';
import type { Policy, Send } from '../http/types.ts';
import { policyFrom, type Authenticator } from './authenticator.ts';

/** Each value the config may have, and what makes the authenticator for it; only the chosen one is made. */
export type AuthenticatorChoices = Readonly<Record<string, () => Policy | Authenticator>>;

/**
 * The authenticator that a value of the config asks for.
 *
 * @throws ConfigError that lists the known values, when the config has another
 * @example
 * override readonly authenticator = new SelectiveAuthenticator(this.config.credentials.auth_type, {
 *   token: () => new TokenAuthenticator(this.config.credentials.token),
 *   basic: () => new BasicHttpAuthenticator(this.config.credentials),
 * });
 */
export class SelectiveAuthenticator implements Authenticator {
  readonly #value: string;
  readonly #choices: AuthenticatorChoices;
  #chosen: Policy | undefined;

  constructor(value: string, choices: AuthenticatorChoices) {
    this.#value = value;
    this.#choices = choices;
  }

  authenticate(next: Send): Send {
    this.#chosen ??= policyFrom(this.#choose());
    return this.#chosen(next);
  }

  #choose(): Policy | Authenticator {
    const make = Object.hasOwn(this.#choices, this.#value) ? this.#choices[this.#value] : undefined;
    if (make) return make();
    const known = Object.keys(this.#choices).map((name) => `"${name}"`);
    const found = this.#value === undefined ? 'none is given' : `${JSON.stringify(this.#value)} is unknown`;
    const message = `the way to authenticate: ${found}. Known: ${known.join(', ')}`;
    throw new ConfigError([{ pointer: '', message }]);
  }
}
