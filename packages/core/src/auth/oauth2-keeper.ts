import { createHash } from 'node:crypto';
import { AuthError } from '../errors.ts';
import { realClock, type Clock } from '../http/clock.ts';
import type { HttpRequest } from '../http/types.ts';
import { Oauth2Endpoint } from './oauth2-endpoint.ts';
import { grantIdentity, grantTypeOf, type Oauth2Grant } from './oauth2-grants.ts';
import type { Oauth2Options } from './oauth2-options.ts';
import { isUsable, type Oauth2Tokens } from './oauth2-tokens.ts';
import { requireText } from './secret.ts';
import { TOKEN_STORE_VARIABLE, TokenStore } from './token-store.ts';

/** What was refused is not asked for again for so long: a hundred slices would each get the same answer. */
const REFUSED_MS = 60_000;

interface Refusal {
  readonly refreshToken: string | undefined;
  readonly error: AuthError;
  readonly until: number;
}

/** Knows the tokens of one credential, and gets the next ones: from the store, else from the authorization server. */
export class Oauth2Keeper {
  readonly #options: Oauth2Options;
  readonly #grant: Oauth2Grant;
  readonly #endpoint: Oauth2Endpoint;
  readonly #store: TokenStore | undefined;
  readonly #clock: Clock;
  readonly #margin: number;
  /** Of the config, until it was looked at. */
  #given: Oauth2Tokens | undefined;
  #current: Oauth2Tokens | undefined;
  /** Obtained, but not kept yet: whoever should keep it failed. The refresh token before it may be worthless by now. */
  #unsaved: Oauth2Tokens | undefined;
  #refusal: Refusal | undefined;

  constructor(options: Oauth2Options) {
    const {
      refreshToken,
      tokenStore = process.env[TOKEN_STORE_VARIABLE],
      clock = realClock,
      margin = 60_000,
    } = options;
    this.#options = options;
    this.#grant = options.grant ?? (refreshToken === undefined ? 'client_credentials' : 'refresh_token');
    this.#endpoint = new Oauth2Endpoint(options, this.#grant);
    this.#store = typeof tokenStore === 'string' ? TokenStore.open(tokenStore) : tokenStore;
    this.#clock = clock;
    this.#margin = margin;
    this.#given = givenIn(options);
  }

  /**
   * The tokens to use in place of those given last, kept before they are returned. Not to be called again before it is
   * done: who calls it sees to it that it works for one at a time.
   */
  async renew(request: HttpRequest): Promise<Oauth2Tokens> {
    const given = this.#given;
    this.#given = undefined;
    if (given && this.#isNew(given)) return (this.#current = given);

    const next = (stored: Oauth2Tokens | undefined) => this.#next(stored, request);
    const credential = { name: this.#options.storeKey ?? this.#name(), refreshToken: this.#options.refreshToken };
    const tokens = await (this.#store ? this.#store.update(credential, next) : next(undefined));
    await this.#options.onTokens?.(tokens);
    this.#unsaved = undefined;
    return (this.#current = tokens);
  }

  async #next(stored: Oauth2Tokens | undefined, request: HttpRequest): Promise<Oauth2Tokens> {
    const known = this.#unsaved ?? stored;
    if (known && this.#isNew(known)) return known;
    const refreshToken = this.#refreshToken(known ?? this.#current);
    const refusal = this.#refusal;
    if (refusal && refusal.refreshToken === refreshToken && this.#clock.now() < refusal.until) throw refusal.error;
    try {
      const fresh = await this.#endpoint.ask(refreshToken, request);
      // A server that does not rotate them leaves the refresh token out.
      this.#unsaved = { ...(refreshToken !== undefined && { refreshToken }), ...fresh };
    } catch (error) {
      if (error instanceof AuthError && error.failureType === 'config_error') {
        this.#refusal = { refreshToken, error, until: this.#clock.now() + REFUSED_MS };
      }
      throw error;
    }
    request.sender?.log?.debug(`Got a new access token from ${this.#options.tokenUrl}.`);
    return this.#unsaved;
  }

  /** Whether an access token is worth a try: it has not expired, and is not the one that was given last. */
  #isNew(tokens: Oauth2Tokens): boolean {
    return tokens.accessToken !== this.#current?.accessToken && isUsable(tokens, this.#clock.now(), this.#margin);
  }

  #refreshToken(known: Oauth2Tokens | undefined): string | undefined {
    if (this.#grant !== 'refresh_token') return undefined;
    const refreshToken = known?.refreshToken ?? this.#options.refreshToken;
    requireText(refreshToken, 'The refreshToken of Oauth2Authenticator');
    return refreshToken;
  }

  /** The same for all who would get the same token; the hash tells apart what cannot be written out. */
  #name(): string {
    const { tokenUrl, clientId = '', scopes, audience, resource, params } = this.#options;
    const { origin, pathname } = new URL(tokenUrl);
    // A chain of refresh tokens is one, whatever is asked of it: it must not be forked.
    const asked =
      this.#grant === 'refresh_token' ? [] : [scopes, audience, resource, params, grantIdentity(this.#grant)];
    const identity = JSON.stringify([tokenUrl, clientId, grantTypeOf(this.#grant), ...asked]);
    const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
    return `${origin}${pathname} ${clientId} ${digest}`;
  }
}

const givenIn = ({ accessToken, refreshToken, expiresAt }: Oauth2Options): Oauth2Tokens | undefined => {
  if (accessToken === undefined || accessToken === '') return undefined;
  const date = expiresAt === undefined || expiresAt === '' ? undefined : new Date(expiresAt);
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    // What is no date counts as past: the worst that comes of it is one refresh.
    ...(date && { expiresAt: Number.isNaN(date.getTime()) ? new Date(0) : date }),
  };
};
