import { randomUUID } from 'node:crypto';
import { signJwt } from './jwt.ts';
import { hide } from './secret.ts';
import { hideKey, type JwtAlgorithm, type SigningKey } from './signing-key.ts';

/** The client signs a JWT with its private key in place of sending a secret (RFC 7523, 2.2). */
export interface PrivateKeyJwt extends SigningKey {
  readonly type: 'private_key_jwt';
  /** @default 'RS256' */
  readonly algorithm?: JwtAlgorithm;
  /** @default none */
  readonly keyId?: string;
  /**
   * Whom the JWT is for.
   *
   * @default the token URL
   */
  readonly audience?: string;
  /**
   * Milliseconds the JWT is valid for.
   *
   * @default 60_000
   */
  readonly lifetime?: number;
}

export type ClientAuth = 'body' | 'basic' | PrivateKeyJwt;

/** What is known of the client. */
export interface Oauth2Client {
  readonly tokenUrl: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientAuth?: ClientAuth;
  /** What the token endpoint calls id and secret. */
  readonly requestFields?: { readonly clientId?: string; readonly clientSecret?: string };
}

/** What a token request says about the client. */
export interface ClientCredentials {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Hides what is secret about the client from all output. */
export const hideClient = ({ clientSecret, clientAuth }: Oauth2Client): void => {
  hide(clientSecret);
  if (typeof clientAuth === 'object') hideKey(clientAuth);
};

/** How the client proves, in one token request, who it is. */
export const clientCredentials = async (options: Oauth2Client, now: number): Promise<ClientCredentials> => {
  const { clientId, clientSecret, clientAuth = 'body', requestFields = {}, tokenUrl } = options;
  const { clientId: idField = 'client_id', clientSecret: secretField = 'client_secret' } = requestFields;
  if (clientAuth === 'basic') {
    // A server that knows the client by its header alone must not find it named twice.
    const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
    hide(credentials);
    return { params: {}, headers: { authorization: `Basic ${credentials}` } };
  }
  const params = { ...(clientId !== undefined && { [idField]: clientId }) };
  if (clientAuth === 'body') {
    return { params: { ...params, ...(clientSecret !== undefined && { [secretField]: clientSecret }) }, headers: {} };
  }
  const { type: _type, algorithm = 'RS256', keyId, audience = tokenUrl, lifetime = 60_000, ...key } = clientAuth;
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID() };
  const header = { typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const assertion = await signJwt({ ...key, algorithm, claims, header }, now, lifetime);
  hide(assertion);
  const kind = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return { params: { ...params, client_assertion_type: kind, client_assertion: assertion }, headers: {} };
};

/** RFC 6749, appendix B: a space is a plus, and a colon cannot be taken for the one between id and secret. */
const formEncoded = (text = ''): string => new URLSearchParams({ v: text }).toString().slice(2);
