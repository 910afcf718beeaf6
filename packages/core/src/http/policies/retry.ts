import { BodyError, HttpStatusError, NetworkError, RateLimitError, TimeoutError } from '../../errors.ts';
import { realClock, type Clock } from '../clock.ts';
import { describeAnswer, describeRequest } from '../describe.ts';
import { retryAfterOf } from '../retry-after.ts';
import type { HttpRequest, Policy, WireResponse } from '../types.ts';
import { ruleFor } from '../verdict.ts';

export interface RetryOptions {
  /**
   * How often a request is sent at most, the first time included.
   *
   * @default 5
   */
  readonly attempts?: number;
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
  /** @default real time */
  readonly clock?: Clock;
}

const fullJitter = (attempt: number): number => Math.random() * Math.min(60_000, 1000 * 2 ** (attempt - 1));

/**
 * Sends again while the answer looks temporary: statuses by the verdict table or the stream's `shouldRetry`, broken
 * connections, time-outs, and bodies that arrive cut off or malformed. Throws the last failure when patience runs out.
 */
export const retry =
  ({ attempts = 5, backoff = fullJitter, maxWait = 600_000, clock = realClock }: RetryOptions = {}): Policy =>
  (next) =>
  async (request) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next(request), request);
      if ('response' in outcome) return outcome.response;
      const { failed, failure, happened } = outcome;
      if (attempt >= attempts) throw failure(attempt);

      const asked =
        failed && (request.sender?.backoffTime?.(failed, attempt) ?? retryAfterOf(failed.headers, clock.now()));
      const wait = asked ?? backoff(attempt);
      if (wait > maxWait) throw tooLong(request, wait, maxWait);

      const seconds = (wait / 1000).toFixed(1);
      request.sender?.log?.warn(`${happened} Attempt ${attempt + 1} of ${attempts} in ${seconds} s.`);
      if (failed && ruleFor(failed.status).verdict === 'rate-limited') {
        request.sender?.throttled?.(new Date(clock.now() + wait));
      }
      await clock.sleep(wait, request.signal);
    }
  };

type Outcome =
  | { readonly response: WireResponse }
  | {
      readonly happened: string;
      readonly failed?: WireResponse;
      readonly failure: (attempts: number) => Error;
    };

/** One attempt: an answer to hand on, or a failure worth another attempt. Throws what no attempt can mend. */
const attemptOnce = async (sent: Promise<WireResponse>, request: HttpRequest): Promise<Outcome> => {
  try {
    const response = await sent;
    request.sender?.log?.debug(`${describeRequest(request)} was answered with ${response.status}.`);
    const { verdict } = ruleFor(response.status);
    const again = request.sender?.shouldRetry?.(response) ?? (verdict === 'retry' || verdict === 'rate-limited');
    if (again) {
      const failure = (attempts: number) => refusal(request, response, attempts);
      return { happened: answerOf(request, response), failed: response, failure };
    }
    if (verdict !== 'success') throw refusal(request, response, 1);
    await request.sender?.read?.(response);
    return { response };
  } catch (error) {
    if (!isTemporary(error)) throw error;
    return { happened: error.message, failure: () => error };
  }
};

const isTemporary = (error: unknown): error is Error =>
  error instanceof TimeoutError ||
  error instanceof BodyError ||
  (error instanceof NetworkError && error.failureType === 'transient_error');

const answerOf = (request: HttpRequest, response: WireResponse, times = ''): string =>
  `${describeRequest(request)} was answered${times} with ${describeAnswer(response)}.`;

const refusal = (request: HttpRequest, response: WireResponse, attempts: number): Error => {
  const { status } = response;
  const { verdict, failureType, remedy } = ruleFor(status);
  const text = answerOf(request, response, attempts > 1 ? ` ${attempts} times` : '');
  const message = remedy === '' ? text : `${text} ${remedy}`;
  return verdict === 'rate-limited' ? new RateLimitError(message) : new HttpStatusError(message, status, failureType);
};

const tooLong = (request: HttpRequest, wait: number, maxWait: number): RateLimitError => {
  const [asked, allowed] = [wait, maxWait].map((milliseconds) => Math.round(milliseconds / 1000));
  return new RateLimitError(
    `${describeRequest(request)}: the API asks to wait ${asked} s, longer than the ${allowed} s allowed (retry.maxWait). ` +
      `Run the sync again after that.`,
  );
};
