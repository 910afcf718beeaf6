import { realClock, type Clock } from '../clock.ts';
import { RateGate } from '../rate/gate.ts';
import { memoryRateStore } from '../rate/memory-store.ts';
import { spentUntil, type QuotaHeaders } from '../rate/quota.ts';
import { checkNumber, checkRules, claimsOf, type LearningClaim, type RateRule } from '../rate/rules.ts';
import type { RateStore } from '../rate/store.ts';
import { countWait } from '../telemetry/metrics.ts';
import type { HttpRequest, Policy, WireResponse } from '../types.ts';
import { tellWait } from '../waits.ts';

export interface RateBudgetOptions {
  /**
   * Every rule that fits a request applies to it, since APIs limit an endpoint within a limit for the whole. List the
   * narrow ones first: the quota an answer tells of is taken for that of the first rule that fits (see `learn`).
   *
   * @default one rule that fits every request and has no limits of its own
   */
  readonly rules?: readonly RateRule[];
  /**
   * Whether answers are read: a spent quota holds further requests until its reset, a 429 uses up the limits.
   *
   * @default true
   */
  readonly learn?: boolean;
  /**
   * Header names of the API's own, beside `RateLimit`, `RateLimit-*`, `X-RateLimit-*` and `X-Rate-Limit-*`.
   *
   * @default []
   */
  readonly quotaHeaders?: readonly QuotaHeaders[];
  /**
   * Milliseconds of the longest hold that is waited for. A longer one fails at once with `RateLimitError`. Waiting that
   * comes from the limits of the rules has no end.
   *
   * @default 600_000 (10 minutes)
   */
  readonly maxWait?: number;
  /**
   * Milliseconds after which a request under way no longer counts in `concurrency`, in case its process died.
   *
   * @default 900_000 (15 minutes; longer than the total time limit of a request)
   */
  readonly lease?: number;
  /**
   * Holds the counters.
   *
   * @default the memory of this process
   */
  readonly store?: RateStore;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Keeps to what the API allows instead of running into its 429: by limits the connector states and by what the answers
 * say is left. Streams share a budget by sharing the policy: make it once. Requests that wait take turns by stream.
 *
 * It belongs inside `retry`, since every attempt counts, and below the response cache, since a cached answer is free.
 *
 * @throws ConnectorError when a rule is impossible; RateLimitError from a request that would wait longer than `maxWait`
 * @example
 * const budget = rateBudget({
 *   rules: [
 *     { match: { url: '/v3/search' }, limits: [movingWindow({ limit: 30, windowMs: 60_000 })] },
 *     { limits: [tokenBucket({ capacity: 100, refillPerSecond: 10 })], concurrency: 8 },
 *   ],
 * });
 */
export const rateBudget = (options: RateBudgetOptions = {}): Policy => {
  const { rules = [{}], learn = true, quotaHeaders = [], maxWait = 600_000, lease: leaseMs = 900_000 } = options;
  const { store = memoryRateStore(), clock = realClock } = options;
  checkRules(rules);
  checkNumber(maxWait, 'rateBudget.maxWait', (value) => value >= 0, 'milliseconds from 0 on');
  checkNumber(leaseMs, 'rateBudget.lease', (value) => value > 0, 'milliseconds above 0');
  const gate = new RateGate({ store, clock, maxWait });

  /** Reads an answer. A store that fails here must not cost an answer that is there already. */
  const learnFrom = async (response: WireResponse, request: HttpRequest, claims: readonly LearningClaim[]) => {
    const now = clock.now();
    const until = spentUntil(response, now, quotaHeaders);
    const refused = response.status === 429;
    if (until === undefined && !refused) return;
    try {
      for (const claim of claims.filter(({ learns }) => learns)) {
        // A window that the API itself says opens at `until` is not closed for longer than that.
        if (refused) await store.drain(claim, now, until === undefined ? undefined : 'token-bucket');
        if (until !== undefined) await store.hold(claim.key, until, now);
      }
    } catch (error) {
      request.sender?.log?.warn(`The rate budget's store did not take note of a spent quota: ${String(error)}`);
    }
    gate.changed();
  };

  const leave = async (request: HttpRequest, claims: readonly LearningClaim[], lease: string) => {
    if (claims.every(({ concurrency }) => concurrency === undefined)) return;
    try {
      await store.release(claims, lease);
    } catch (error) {
      request.sender?.log?.warn(`The rate budget's store did not end a lease: ${String(error)}`);
    }
    gate.changed();
  };

  return (next) => async (request) => {
    const claims = claimsOf(rules, request, leaseMs);
    if (claims.length === 0) return next(request);
    const { lease, waited } = await gate.enter(request, claims);
    if (waited !== undefined) {
      countWait(request, waited, 'rate_budget');
      tellWait(request, { reason: 'rate_budget', milliseconds: waited, until: clock.now() });
    }
    try {
      const response = await next(request);
      if (learn) await learnFrom(response, request, claims);
      return response;
    } finally {
      void leave(request, claims, lease);
    }
  };
};
