import { ConfigError, messageOf } from '../errors.ts';
import { realClock, type Clock } from '../http/clock.ts';
import type { Send } from '../http/types.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Authenticator } from './authenticator.ts';
import { BEARER, withCredential, type CredentialPlace } from './place.ts';
import { Renewable } from './renewable.ts';
import { hide } from './secret.ts';
import { hideKey, readKey, type JwtAlgorithm, type SigningKey } from './signing-key.ts';

export interface JwtOptions extends SigningKey {
  readonly algorithm: JwtAlgorithm;
  /**
   * What the JWT says: `iss`, `sub`, `aud`, and whatever else the API wants. A function is called for each JWT, e.g. for
   * a `jti` of its own. `iat` and `exp` are added.
   *
   * @default none
   */
  readonly claims?: JsonObject | (() => JsonObject);
  /**
   * What its header says beside `alg`: `kid`, `typ`, `cty`.
   *
   * @default { typ: 'JWT' }
   */
  readonly header?: JsonObject;
  /**
   * Milliseconds a JWT is valid for; whole seconds of it count.
   *
   * @default 1_200_000 (20 minutes)
   */
  readonly lifetime?: number;
  /**
   * Milliseconds before its end from which on it is not sent any more; at most half of its lifetime is taken.
   *
   * @default 60_000
   */
  readonly margin?: number;
  /**
   * Where the requests carry the JWT.
   *
   * @default { header: 'Authorization', prefix: 'Bearer' }
   */
  readonly place?: CredentialPlace;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Sends a JWT that the connector signs itself, the same one until shortly before it ends.
 *
 * @throws ConfigError when the key cannot be read, or is not one for the algorithm
 * @example
 * override readonly authenticator = new JwtAuthenticator({
 *   algorithm: 'ES256',
 *   key: this.config.private_key,
 *   header: { kid: this.config.key_id, typ: 'JWT' },
 *   claims: { iss: this.config.issuer_id, aud: 'example-api' },
 * });
 */
export class JwtAuthenticator implements Authenticator {
  readonly #jwt: Renewable;

  constructor(options: JwtOptions) {
    const { place = BEARER, clock = realClock, lifetime = 1_200_000, margin = 60_000, ...made } = options;
    hideKey(options);
    this.#jwt = new Renewable({
      clock,
      identity: typeof made.claims === 'function' ? undefined : () => ['jwt', made],
      put: (request, jwt) => withCredential(request, place, jwt),
      make: async () => {
        const now = clock.now();
        const value = await signJwt(options, now, lifetime);
        hide(value);
        return { value, until: now + lifetime - Math.min(margin, lifetime / 2) };
      },
    });
  }

  authenticate(next: Send): Send {
    return this.#jwt.policy(next);
  }
}

/** A JWT issued at `now` and valid for `lifetime`, both in milliseconds. */
export const signJwt = async (
  { algorithm, claims = {}, header = { typ: 'JWT' }, ...key }: JwtOptions,
  now: number,
  lifetime: number,
): Promise<string> => {
  const signer = readKey(key, algorithm);
  const issued = Math.floor(now / 1000);
  const own = typeof claims === 'function' ? claims() : claims;
  const { SignJWT } = await import('jose');
  try {
    return await new SignJWT({ iat: issued, exp: issued + Math.floor(lifetime / 1000), ...own })
      .setProtectedHeader({ ...header, alg: algorithm })
      .sign(signer);
  } catch (error) {
    const reason = messageOf(error).replace(/\.$/, '');
    throw new ConfigError([{ pointer: '', message: `The key cannot sign a JWT with ${algorithm}: ${reason}` }]);
  }
};
