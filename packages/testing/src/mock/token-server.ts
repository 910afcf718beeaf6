import type { ReceivedRequest } from '../loopback-server.ts';
import type { Reply } from '../reply.ts';
import { bodyFields } from './request-fields.ts';

/** A token endpoint (RFC 6749) and the tokens it has handed out. */
export interface OauthServer {
  readonly kind: 'oauth2';
  /** The only grant it gives. */
  readonly grant: 'refresh_token' | 'client_credentials';
  /**
   * Where it takes a POST, without a credential of the API.
   *
   * @default '/oauth/token'
   */
  readonly tokenPath?: string;
  /**
   * Who may ask, proven in the body or by a Basic header.
   *
   * @default everybody
   */
  readonly client?: { readonly id: string; readonly secret: string };
  /**
   * The first refresh token that is good.
   *
   * @default 'refresh-token-0'
   */
  readonly refreshToken?: string;
  /**
   * Whether a refresh token is good once, and its answer has the next one: `refresh-token-1` and so on.
   *
   * @default false
   */
  readonly rotate?: boolean;
  /**
   * Seconds an access token is good for, which the answer says too.
   *
   * @default 3600
   */
  readonly expiresIn?: number;
}

export interface TokenServer {
  readonly path: string;
  isGood(token: string): boolean;
  answer(request: ReceivedRequest): Reply;
}

/** Hands out `access-token-1`, `access-token-2` and so on. */
export const tokenServer = (server: OauthServer): TokenServer => {
  const { grant, tokenPath: path = '/oauth/token', client, rotate = false, expiresIn = 3600 } = server;
  let { refreshToken = 'refresh-token-0' } = server;
  const ends = new Map<string, number>();
  let count = 0;

  const answer = (request: ReceivedRequest): Reply => {
    if (request.method !== 'POST') return failure(405, 'invalid_request', `${path} takes a POST.`);
    const fields = bodyFields(request);
    if (client && !isClient(client, request, fields)) {
      return failure(401, 'invalid_client', 'The id or the secret of the client is missing or wrong.');
    }
    if (fields['grant_type'] !== grant) {
      return failure(400, 'unsupported_grant_type', `grant_type has to be ${grant}.`);
    }
    if (grant === 'refresh_token' && fields['refresh_token'] !== refreshToken) {
      return failure(400, 'invalid_grant', 'The refresh token is unknown or was used before.');
    }
    count += 1;
    const token = `access-token-${count}`;
    ends.set(token, Date.now() + expiresIn * 1000);
    const rotated = grant === 'refresh_token' && rotate;
    if (rotated) refreshToken = `refresh-token-${count}`;
    return {
      headers: { 'cache-control': 'no-store' },
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: expiresIn,
        ...(rotated && { refresh_token: refreshToken }),
      },
    };
  };
  return { path, isGood: (token) => Date.now() < (ends.get(token) ?? 0), answer };
};

const failure = (status: number, error: string, description: string): Reply => ({
  status,
  body: { error, error_description: description },
});

const isClient = (
  client: { readonly id: string; readonly secret: string },
  { headers }: ReceivedRequest,
  fields: Readonly<Record<string, unknown>>,
): boolean => {
  const [, encoded] = /^Basic (.*)$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return fields['client_id'] === client.id && fields['client_secret'] === client.secret;
  const proof = Buffer.from(encoded, 'base64').toString();
  // Each part is form-encoded before it is put into the header (RFC 6749, 2.3.1).
  return proof === `${formEncoded(client.id)}:${formEncoded(client.secret)}`;
};

const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
