import type { HttpOptions } from '../http/client.ts';
import type { Clock } from '../http/clock.ts';
import type { HttpHeaders } from '../http/types.ts';
import type { ClientAuth } from './oauth2-client-auth.ts';
import type { ExpiryForm } from './oauth2-expiry.ts';
import type { Oauth2Grant } from './oauth2-grants.ts';
import type { Oauth2Tokens } from './oauth2-tokens.ts';
import type { CredentialPlace } from './place.ts';
import type { TokenStore } from './token-store.ts';

/** What the token endpoint calls the fields of its request. */
export interface Oauth2RequestFields {
  /** @default 'client_id' */
  readonly clientId?: string;
  /** @default 'client_secret' */
  readonly clientSecret?: string;
  /** @default 'grant_type' */
  readonly grantType?: string;
  /** @default 'refresh_token' */
  readonly refreshToken?: string;
  /** @default 'scope' */
  readonly scope?: string;
}

/** Where the answer of the token endpoint has what: names of members, a dot leading to one further inside. */
export interface Oauth2AnswerFields {
  /** @default 'access_token' */
  readonly accessToken?: string;
  /** @default 'refresh_token' */
  readonly refreshToken?: string;
  /** @default 'expires_in' */
  readonly expiresIn?: string;
}

export interface Oauth2Options {
  /** The token endpoint, absolute, e.g. `https://auth.example.com/oauth/token`. */
  readonly tokenUrl: string;
  /**
   * How an access token is got: `refresh_token`, `client_credentials`, or an object for a grant that needs more.
   *
   * @default 'refresh_token' with a `refreshToken`, 'client_credentials' without
   */
  readonly grant?: Oauth2Grant;
  /** @default none is sent */
  readonly clientId?: string;
  /** @default none is sent */
  readonly clientSecret?: string;
  /**
   * How the client proves who it is: its secret in the `body`, in a `basic` header (RFC 6749, 2.3.1), or a JWT signed
   * with its private key (RFC 7523).
   *
   * @default 'body'
   */
  readonly clientAuth?: ClientAuth;
  /**
   * The refresh token of the config. Where the server rotates them, it is the first of a chain.
   *
   * @default none
   */
  readonly refreshToken?: string;
  /**
   * An access token that is there already, used until `expiresAt`, or until it is refused.
   *
   * @default none: the first request gets one
   */
  readonly accessToken?: string;
  /**
   * When `accessToken` expires: a date, or its text with a zone, such as `2026-01-01T00:00:00Z`.
   *
   * @default not known
   */
  readonly expiresAt?: Date | string;
  /**
   * Sent as `scope`, with a space between.
   *
   * @default none
   */
  readonly scopes?: string | readonly string[];
  /** @default none */
  readonly audience?: string;
  /**
   * Sent as `resource` (RFC 8707), once for each.
   *
   * @default none
   */
  readonly resource?: string | readonly string[];
  /**
   * Fields added to the body of the token request; one given here replaces one of the same name.
   *
   * @default none
   */
  readonly params?: Readonly<Record<string, string>>;
  /**
   * Headers added to the token request.
   *
   * @default none
   */
  readonly headers?: HttpHeaders;
  /**
   * How the body of the token request is written.
   *
   * @default 'form'
   */
  readonly bodyFormat?: 'form' | 'json';
  /** @default as the standard names them */
  readonly requestFields?: Oauth2RequestFields;
  /** @default as the standard names them */
  readonly answerFields?: Oauth2AnswerFields;
  /**
   * What the server writes where it says when the access token expires.
   *
   * @default 'seconds': how long the token is valid
   */
  readonly expiry?: ExpiryForm;
  /**
   * Milliseconds before its end from which on an access token is not used any more; at most half of its lifetime.
   *
   * @default 60_000
   */
  readonly margin?: number;
  /**
   * Where the requests carry the access token.
   *
   * @default { header: 'Authorization', prefix: 'Bearer' }
   */
  readonly place?: CredentialPlace;
  /**
   * Called with new tokens before they are used: keep them, e.g. in the config by `saveConfig` of `prepare`. Nothing is
   * sent with them until it is done; a throw fails the requests that wait, and it is called again for the next ones.
   *
   * @default nothing is called
   */
  readonly onTokens?: (tokens: Oauth2Tokens) => Promise<void> | void;
  /**
   * The file, or its path, in which connectors that share a credential keep its tokens: see `TokenStore`.
   *
   * @default the environment's HEADWATER_TOKEN_STORE, which `--token-store` sets; else the tokens live as long as this object
   */
  readonly tokenStore?: TokenStore | string;
  /**
   * The name of the credential in the store.
   *
   * @default made of the token URL, the client id and what else decides which token is given
   */
  readonly storeKey?: string;
  /**
   * Options of the token requests: proxies, certificates, time limits, retries.
   *
   * @default every option its own default
   */
  readonly http?: HttpOptions;
  /** @default real time */
  readonly clock?: Clock;
}
