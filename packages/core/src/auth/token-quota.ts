import type { Clock } from '../http/clock.ts';
import { quotaLeft, spentUntil, type QuotaHeaders } from '../http/rate/quota.ts';
import type { WireResponse } from '../http/types.ts';
import { ruleFor } from '../http/verdict.ts';

/** How long a token rests that was limited by an answer that does not say until when: most APIs count by the minute. */
const REST_MS = 60_000;

/** One of several tokens, and what its answers said is left of its quota. */
export class TokenQuota {
  readonly token: string;
  /** Its place in the list, from 1, for messages. */
  readonly number: number;
  /** No request is sent with it before that moment, in milliseconds since the epoch. */
  spentUntil = 0;
  #left = { remaining: Infinity, until: Infinity };
  #underWay = 0;

  constructor(token: string, number: number) {
    this.token = token;
    this.number = number;
  }

  /** How many requests it is good for, as far as is known: `Infinity` where nothing is. */
  remaining(now: number): number {
    return (now < this.#left.until ? this.#left.remaining : Infinity) - this.#underWay;
  }

  /** Has a request counted as long as its answer is not there. */
  async use(send: () => Promise<WireResponse>): Promise<WireResponse> {
    this.#underWay++;
    try {
      return await send();
    } finally {
      this.#underWay--;
    }
  }

  /** Reads what an answer says is left. True when it was refused because nothing was. */
  learn(response: WireResponse, clock: Clock, headers: readonly QuotaHeaders[]): boolean {
    const now = clock.now();
    const limited = ruleFor(response.status, response.headers).verdict === 'rate-limited';
    this.#left = quotaLeft(response, now, headers) ?? this.#left;
    const until = spentUntil(response, now, headers) ?? (limited ? now + REST_MS : undefined);
    if (until !== undefined) this.spentUntil = Math.max(this.spentUntil, until);
    return limited;
  }
}
