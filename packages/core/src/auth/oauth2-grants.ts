import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../protocol/json.ts';
import { signJwt } from './jwt.ts';
import { hide } from './secret.ts';
import { hideKey, type JwtAlgorithm, type SigningKey } from './signing-key.ts';

/** The user's own name and password are exchanged for a token (RFC 6749, 4.3). */
export interface PasswordGrant {
  readonly type: 'password';
  readonly username: string;
  readonly password: string;
}

/** A JWT signed by the connector is exchanged for a token (RFC 7523, 2.1), as with a service account. */
export interface JwtBearerGrant extends SigningKey {
  readonly type: 'jwt_bearer';
  /** @default 'RS256' */
  readonly algorithm?: JwtAlgorithm;
  readonly issuer: string;
  /**
   * The user on whose behalf.
   *
   * @default the issuer
   */
  readonly subject?: string;
  /** @default the token URL */
  readonly audience?: string;
  /** @default none */
  readonly keyId?: string;
  /**
   * What the JWT says besides; `scope`, where the server looks for it there.
   *
   * @default none
   */
  readonly claims?: JsonObject;
  /**
   * Milliseconds the JWT is valid for.
   *
   * @default 300_000 (5 minutes)
   */
  readonly lifetime?: number;
}

/** Any other grant: its `grant_type`, and the fields it is sent with. */
export interface CustomGrant {
  readonly type: 'custom';
  /** As sent, e.g. `urn:ietf:params:oauth:grant-type:token-exchange` or `account_credentials`. */
  readonly grantType: string;
  /** @default none */
  readonly params?: Readonly<Record<string, string>>;
}

export type Oauth2Grant = 'refresh_token' | 'client_credentials' | PasswordGrant | JwtBearerGrant | CustomGrant;

/** Hides what is secret in a grant from all output. */
export const hideGrant = (grant: Oauth2Grant): void => {
  if (typeof grant === 'string') return;
  if (grant.type === 'password') hide(grant.password);
  if (grant.type === 'jwt_bearer') hideKey(grant);
};

/** The grant's own name. */
export const grantTypeOf = (grant: Oauth2Grant): string => {
  if (typeof grant === 'string') return grant;
  if (grant.type === 'jwt_bearer') return 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  return grant.type === 'custom' ? grant.grantType : grant.type;
};

/** What of a grant decides whose token is given, without its secrets. */
export const grantIdentity = (grant: Oauth2Grant): readonly string[] => {
  if (typeof grant === 'string') return [];
  if (grant.type === 'password') return [grant.username];
  if (grant.type === 'jwt_bearer') return [grant.issuer, grant.subject ?? grant.issuer, grant.audience ?? ''];
  return Object.entries(grant.params ?? {}).flat();
};

/** The fields a grant is sent with, but for the refresh token. */
export const grantParams = async (
  grant: Oauth2Grant,
  tokenUrl: string,
  now: number,
): Promise<Readonly<Record<string, string>>> => {
  if (typeof grant === 'string') return {};
  if (grant.type === 'password') return { username: grant.username, password: grant.password };
  if (grant.type === 'custom') return grant.params ?? {};
  const { type: _type, issuer, subject = issuer, audience = tokenUrl, algorithm = 'RS256', claims, ...rest } = grant;
  const { keyId, lifetime = 300_000, ...key } = rest;
  const said = { iss: issuer, sub: subject, aud: audience, jti: randomUUID(), ...claims };
  const header = { typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const assertion = await signJwt({ ...key, algorithm, claims: said, header }, now, lifetime);
  hide(assertion);
  return { assertion };
};
