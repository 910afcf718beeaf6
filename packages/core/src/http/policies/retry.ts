import { BodyError, NetworkError, TimeoutError } from '../../errors.ts';
import { askedWaitOf, type WaitHeader } from '../asked-wait.ts';
import { realClock, type Clock } from '../clock.ts';
import { describeRequest } from '../describe.ts';
import { budgetSpent, refusal, saidOf, tooLong } from '../refusal.ts';
import { isQuick } from '../replaceable-wire.ts';
import type { ResponseRule } from '../response-rule.ts';
import { countRetry, countWait } from '../telemetry/metrics.ts';
import type { HttpRequest, Policy, WireResponse } from '../types.ts';
import { judge, type Judgement } from '../verdict.ts';
import { tellWait } from '../waits.ts';

export interface RetryOptions {
  /**
   * How often a request is sent at most, the first time included. Sending again after a wait that the API asked for
   * with a rate limit does not count: see `rateLimitTime`.
   *
   * @default 5
   */
  readonly attempts?: number;
  /**
   * Milliseconds from the first attempt after which no other begins, waits for a rate limit left out.
   *
   * @default 1_800_000 (30 minutes)
   */
  readonly totalTime?: number;
  /**
   * Milliseconds before the next attempt, after the attempt numbered `attempt` (1 is the first), where neither the
   * stream nor the API says how long.
   *
   * @default a random time up to 1 s, 2 s, 4 s … and never above 60 s (exponential with full jitter)
   */
  readonly backoff?: (attempt: number) => number;
  /**
   * Milliseconds of the longest wait the API may ask for. A longer one fails at once with `RateLimitError`.
   *
   * @default 600_000 (10 minutes)
   */
  readonly maxWait?: number;
  /**
   * Milliseconds that one request may wait in all because the API asked for it with a rate limit. With 0 none.
   *
   * @default 3_600_000 (1 hour)
   */
  readonly rateLimitTime?: number;
  /**
   * Headers in which the API says how long to wait, asked before `Retry-After` and the usual rate limit headers.
   *
   * @default none
   */
  readonly waitHeaders?: readonly WaitHeader[];
  /**
   * What answers mean, where the table of statuses and `shouldRetry` have it wrong. The first rule that matches decides.
   *
   * @default none
   */
  readonly rules?: readonly ResponseRule[];
  /** @default real time */
  readonly clock?: Clock;
}

const fullJitter = (attempt: number): number => Math.random() * Math.min(60_000, 1000 * 2 ** (attempt - 1));

/** A rate limit of less still costs this much of its time, so that an API that says "now" for ever comes to an end. */
const SHORTEST_LIMIT_MS = 1000;

/**
 * Sends again while the answer looks temporary: statuses by the verdict table, the stream's `shouldRetry` or the rules,
 * broken connections, time-outs, and bodies that arrive cut off or malformed. Throws the last failure when patience
 * runs out.
 */
export const retry = (options: RetryOptions = {}): Policy => {
  const { attempts = 5, totalTime = 1_800_000, backoff = fullJitter, clock = realClock, rules = [] } = options;
  const { maxWait = 600_000, rateLimitTime = 3_600_000, waitHeaders } = options;

  return (next) => async (request) => {
    const began = clock.now();
    let sent = request;
    let limited = 0;
    for (let attempt = 1, resends = 1; ; resends++) {
      const outcome = await attemptOnce(next(sent), sent, rules);
      if ('response' in outcome) return outcome.response;
      const { failed, judgement, failure, happened } = outcome;
      if (judgement?.verdict === 'refresh-token') {
        if (sent.newCredential) throw failure(1);
        request.sender?.log?.info(`${happened} Sent again with a new credential.`);
        countRetry(request, failed ?? failure(1));
        sent = { ...sent, newCredential: true, resends };
        continue;
      }

      const isLimit = judgement?.verdict === 'rate-limited';
      const asked =
        failed &&
        (request.sender?.backoffTime?.(failed, attempt) ??
          // An API that says "now" has trouble of its own with what time it is; five attempts at once help nobody.
          (askedWaitOf(failed.headers, clock.now(), isLimit, waitHeaders) || undefined));
      const wait = asked ?? backoff(attempt);
      const free = isLimit && asked !== undefined && asked > 0;
      if (!free && attempt >= attempts) throw failure(attempt);
      if (wait > maxWait) throw tooLong(request, wait, maxWait);
      if (free) limited += Math.max(wait, SHORTEST_LIMIT_MS);
      if (limited > rateLimitTime) throw budgetSpent(request, rateLimitTime);
      if (!free && clock.now() - began - limited + wait > totalTime) throw failure(attempt);

      if (!free) attempt++;
      const which = free ? 'Sent again' : `Attempt ${attempt} of ${attempts}`;
      request.sender?.log?.warn(`${happened} ${which} in ${(wait / 1000).toFixed(1)} s.`);
      if (isLimit) request.sender?.throttled?.(new Date(clock.now() + wait));
      const reason = isLimit ? 'rate_limit' : 'retry';
      tellWait(request, { reason, milliseconds: wait, until: clock.now() + wait });
      await clock.sleep(clock === realClock && isQuick() ? 0 : wait, request.signal);
      countWait(request, wait, reason);
      countRetry(request, failed ?? failure(attempt));
      sent = { ...sent, resends };
    }
  };
};

type Outcome =
  | { readonly response: WireResponse }
  | {
      readonly happened: string;
      /** The answer, if there was one, and what became of it. */
      readonly failed?: WireResponse;
      readonly judgement?: Judgement;
      readonly failure: (attempts: number) => Error;
    };

/** One attempt: an answer to hand on, or a failure worth another attempt. Throws what no attempt can mend. */
const attemptOnce = async (
  sent: Promise<WireResponse>,
  request: HttpRequest,
  rules: readonly ResponseRule[],
): Promise<Outcome> => {
  const { sender } = request;
  try {
    const response = await sent;
    sender?.log?.debug(`${describeRequest(request)} was answered with ${response.status}.`);
    const judgement = judge(response, rules, sender?.shouldRetry?.bind(sender));
    if (judgement.verdict === 'fail') throw refusal(request, response, judgement, 1);
    if (judgement.verdict === 'success') await sender?.read?.(response);
    if (judgement.verdict === 'success' || judgement.verdict === 'ignore') return { response };
    const failure = (attempts: number) => refusal(request, response, judgement, attempts);
    return { happened: saidOf(request, response), failed: response, judgement, failure };
  } catch (error) {
    if (!isTemporary(error)) throw error;
    return { happened: error.message, failure: () => error };
  }
};

const isTemporary = (error: unknown): error is Error =>
  error instanceof TimeoutError ||
  error instanceof BodyError ||
  (error instanceof NetworkError && error.failureType === 'transient_error');
