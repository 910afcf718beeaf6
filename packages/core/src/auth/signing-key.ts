import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { ConfigError, messageOf } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { hide, requireText } from './secret.ts';

/** How a JWT is signed (RFC 7518, RFC 8037). */
export type JwtAlgorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA';

/** A key as a config has it. */
export interface SigningKey {
  /**
   * A private key as PEM (PKCS#8, PKCS#1 or SEC 1) or as JWK, an object or its text; for HS256, HS384 and HS512 the
   * shared secret, or a JWK. A PEM whose line breaks became `\n` or spaces is understood too.
   */
  readonly key: string | JsonObject;
  /**
   * Whether the shared secret is given in base64 (or base64url) and stands for its bytes.
   *
   * @default false: the text itself is the secret
   */
  readonly base64Secret?: boolean;
  /**
   * What an encrypted PEM is opened with.
   *
   * @default none
   */
  readonly passphrase?: string;
}

/** Hides a key, its parts and each of its lines from all output. */
export const hideKey = ({ key, passphrase }: SigningKey): void => {
  hide(passphrase);
  if (isJsonObject(key)) {
    for (const part of SECRET_PARTS) hide(key[part]);
    return;
  }
  hide(key);
  const jwk = jwkIn(key);
  if (jwk) return hideKey({ key: jwk });
  const pem = normalPem(key);
  if (pem !== undefined) for (const line of pem.split('\n')) if (line !== '' && !line.startsWith('-')) hide(line);
};

/** The members of a JWK that are secret (RFC 7518, section 6). */
const SECRET_PARTS = ['k', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

/** @throws ConfigError when the key cannot be read, without a word of what is in it */
export const readKey = (
  { key, base64Secret = false, passphrase }: SigningKey,
  algorithm: JwtAlgorithm,
): Uint8Array | KeyObject | JWK => {
  if (isJsonObject(key)) return key;
  requireText(key, 'The key that signs the JWT');
  const jwk = jwkIn(key);
  if (jwk) return jwk;
  if (algorithm.startsWith('HS')) return base64Secret ? Buffer.from(key, 'base64') : Buffer.from(key);
  try {
    return createPrivateKey({ key: normalPem(key) ?? key, ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    const message =
      `The key that signs the JWT with ${algorithm} cannot be read: ${messageOf(error).replace(/\.$/, '')}. ` +
      `Give a private key as PEM or JWK${passphrase === undefined ? '' : ', and the passphrase that opens it'}`;
    throw new ConfigError([{ pointer: '', message }]);
  }
};

const jwkIn = (text: unknown): JsonObject | undefined => {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && typeof value['kty'] === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** A PEM with its line breaks, which a form with one line, or an environment variable, takes away. */
const normalPem = (text: unknown): string | undefined => {
  if (typeof text !== 'string') return undefined;
  const [, label, body = ''] =
    /-----BEGIN ([A-Z ]+)-----([\s\S]+?)-----END \1-----/.exec(text.replace(/\\r|\\n/g, '\n')) ?? [];
  // The headers of an encrypted PEM of the old kind have to stay as they are.
  if (label === undefined || body.includes(':')) return label === undefined ? undefined : text.replace(/\\n/g, '\n');
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};
