import { ConfigError, HttpStatusError, RateLimitError } from '../errors.ts';
import { realClock, type Clock } from '../http/clock.ts';
import { describeAnswer, describeRequest } from '../http/describe.ts';
import type { QuotaHeaders } from '../http/rate/quota.ts';
import { countWait } from '../http/telemetry/metrics.ts';
import type { HttpRequest, Send, Sender, WireResponse } from '../http/types.ts';
import type { Authenticator } from './authenticator.ts';
import { BEARER, requireFit, withCredential, type CredentialPlace } from './place.ts';
import { isRefused } from './renewable.ts';
import { hide } from './secret.ts';
import { TokenQuota } from './token-quota.ts';

export interface MultipleTokenOptions {
  readonly tokens: readonly string[];
  /**
   * Where the requests carry the token.
   *
   * @default { header: 'Authorization', prefix: 'Bearer' }
   */
  readonly place?: CredentialPlace;
  /**
   * Header names of the API's own, beside `RateLimit`, `RateLimit-*`, `X-RateLimit-*` and `X-Rate-Limit-*`.
   *
   * @default []
   */
  readonly quotaHeaders?: readonly QuotaHeaders[];
  /**
   * Milliseconds of the longest wait for a token when all are spent. A longer one fails at once with `RateLimitError`.
   *
   * @default 3_600_000 (1 hour, as long as the quotas of most APIs)
   */
  readonly maxWait?: number;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Several tokens, each with a quota of its own. Each request takes the token with most left, as their answers say, else
 * the one unused for longest; one that is limited is sent again with another at once. Only when all are spent it waits,
 * until the first of them has a new quota. A token answered with 401 is not used again.
 *
 * Streams share what is known of the tokens by sharing the object: make it once.
 *
 * @throws HttpStatusError (`config_error`) when no token is left; RateLimitError for a wait longer than `maxWait`
 * @example
 * override readonly authenticator = new MultipleTokenAuthenticator(this.config.tokens);
 */
export class MultipleTokenAuthenticator implements Authenticator {
  readonly #options: Omit<MultipleTokenOptions, 'tokens'>;
  readonly #clock: Clock;
  readonly #count: number;
  /** The one unused for longest first. */
  #alive: TokenQuota[];
  /** What each sender, one for all attempts at one request, was sent with last. */
  readonly #used = new WeakMap<Sender, TokenQuota>();

  constructor(options: readonly string[] | MultipleTokenOptions) {
    const { tokens: given, ...rest } = isList(options) ? { tokens: options } : options;
    // A config may lack what its schema does not require.
    const tokens = (given as readonly string[] | undefined) ?? [];
    this.#options = rest;
    this.#clock = rest.clock ?? realClock;
    this.#count = tokens.length;
    this.#alive = [...new Set(tokens)].map((token, index) => new TokenQuota(token, index + 1));
    for (const token of tokens) hide(token);
  }

  authenticate(next: Send): Send {
    const { place = BEARER } = this.#options;
    if (this.#count === 0) {
      const message = 'MultipleTokenAuthenticator has no tokens. Give at least one in the config';
      throw new ConfigError([{ pointer: '', message }]);
    }
    for (const { token, number } of this.#alive) {
      requireFit(token, place, `Token ${number} of MultipleTokenAuthenticator`);
    }
    return (request) => this.#send(request, next, place);
  }

  /** Sends with one token after the other until one is neither refused nor limited. Waits for a new quota once. */
  async #send(request: HttpRequest, next: Send, place: CredentialPlace): Promise<WireResponse> {
    const { quotaHeaders = [] } = this.#options;
    const { sender } = request;
    let refused = request.newCredential && sender ? this.#used.get(sender) : undefined;
    if (refused) this.#drop(refused, request);
    for (let waited = false; ;) {
      if (!waited) waited = await this.#waitForQuota(request);
      const token = this.#take(request);
      if (sender) this.#used.set(sender, token);
      const response = await token.use(() => next(withCredential(request, place, token.token)));
      refused = isRefused(request, response) ? token : undefined;
      if (refused) this.#drop(refused, request, describeAnswer(response));
      else if (!token.learn(response, this.#clock, quotaHeaders) || (waited && this.#spentUntil() > 0)) return response;
    }
  }

  /** When the first token has a quota again; 0 when one has it now. */
  #spentUntil(): number {
    const first = Math.min(...this.#alive.map(({ spentUntil }) => spentUntil));
    return first > this.#clock.now() && this.#alive.length > 0 ? first : 0;
  }

  /** Waits when all tokens are spent. True when it had to. */
  async #waitForQuota(request: HttpRequest): Promise<boolean> {
    const { maxWait = 3_600_000 } = this.#options;
    const until = this.#spentUntil();
    if (until === 0) return false;
    const wait = until - this.#clock.now();
    const when = new Date(until).toISOString();
    const which = `${describeRequest(request)}: the quotas of all ${this.#alive.length} tokens are spent until ${when}`;
    if (wait > maxWait) {
      throw new RateLimitError(
        `${which}, longer than the ${Math.round(maxWait / 1000)} s allowed (maxWait). Run the sync again after that.`,
      );
    }
    request.sender?.log?.info(`${which}.`);
    request.sender?.throttled?.(new Date(until));
    await this.#clock.sleep(wait, request.signal);
    countWait(request, wait, 'rate_limit');
    return true;
  }

  /** The token with most left; of equal ones the one unused for longest. */
  #take(request: HttpRequest): TokenQuota {
    const now = this.#clock.now();
    const [first] = this.#alive.toSorted((a, b) => a.spentUntil - b.spentUntil);
    if (first === undefined) throw noneLeft(request, this.#count);
    const free = this.#alive.filter(({ spentUntil }) => spentUntil <= now);
    const best = free.reduce((one, two) => (two.remaining(now) > one.remaining(now) ? two : one), free[0] ?? first);
    this.#alive = [...this.#alive.filter((token) => token !== best), best];
    return best;
  }

  /** Not again with a token that was refused. */
  #drop(token: TokenQuota, request: HttpRequest, answer?: string): void {
    if (this.#alive.includes(token)) {
      this.#alive = this.#alive.filter((one) => one !== token);
      request.sender?.log?.warn(
        `${describeRequest(request)}: the API refuses token ${token.number} of ${this.#count}. It is not used any ` +
          `more; replace it in the config. ${this.#alive.length} left.`,
      );
    }
    if (this.#alive.length === 0) throw noneLeft(request, this.#count, answer);
  }
}

const isList = (options: readonly string[] | MultipleTokenOptions): options is readonly string[] =>
  Array.isArray(options);

const noneLeft = (request: HttpRequest, count: number, answer?: string): HttpStatusError =>
  new HttpStatusError(
    `${describeRequest(request)}: the API refuses ${count === 1 ? 'the only token' : `all ${count} tokens`}` +
      `${answer === undefined ? '' : `, the last one with ${answer}`}. Give valid tokens in the config.`,
    401,
    'config_error',
  );
