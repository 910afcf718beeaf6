import { NetworkError, TimeoutError, messageOf } from '../../errors.ts';
import { Circuit } from '../circuit.ts';
import { realClock, type Clock } from '../clock.ts';
import { describeAnswer, describeRequest } from '../describe.ts';
import type { HttpRequest, Policy } from '../types.ts';

export interface CircuitBreakerOptions {
  /**
   * Failures in a row after which an origin is not asked for a while.
   *
   * @default 20
   */
  readonly failures?: number;
  /**
   * Milliseconds an origin is left in peace before one request tries it again.
   *
   * @default 60_000
   */
  readonly resetTime?: number;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Stops asking an origin (scheme, host and port) that fails again and again: `CircuitOpenError` at once, instead of the
 * full patience of `retry` for every slice that is left.
 *
 * A failure is a `TimeoutError`, a transient `NetworkError`, or a 5xx. Any other answer, a 429 too, shows that the API
 * lives and starts the count again. Whatever else is thrown, and a request ended by its own signal, tells nothing.
 *
 * It sits inside `retry`, so that each attempt counts, and below the response cache, so that what is known is still
 * given. Clients that share one policy object share what it knows.
 */
export const circuitBreaker = ({
  failures = 20,
  resetTime = 60_000,
  clock = realClock,
}: CircuitBreakerOptions = {}): Policy => {
  // Only origins that failed since their last answer are here, so for an API that is well this costs nothing.
  const circuits = new Map<string, Circuit>();
  const circuitOf = (request: HttpRequest) => (circuits.size > 0 ? circuits.get(originOf(request)) : undefined);

  const failed = (request: HttpRequest, what: string, mark: symbol | undefined): void => {
    const origin = originOf(request);
    const circuit = circuits.get(origin) ?? new Circuit(origin, { failures, resetTime, clock });
    circuits.set(origin, circuit);
    circuit.fail(what, mark, request.sender?.log);
  };

  const answered = (request: HttpRequest): void => {
    // Looked up anew: the circuit may have come or gone while the request was under way.
    const circuit = circuitOf(request);
    if (!circuit) return;
    circuit.close(request.sender?.log);
    circuits.delete(originOf(request));
  };

  return (next) => async (request) => {
    const mark = circuitOf(request)?.admit(request.sender?.log);
    try {
      const response = await next(request);
      if (response.status >= 500) {
        failed(request, `${describeRequest(request)} was answered with ${describeAnswer(response)}.`, mark);
      } else {
        answered(request);
      }
      return response;
    } catch (error) {
      if (isFailure(error) && !request.signal?.aborted) failed(request, messageOf(error), mark);
      else circuitOf(request)?.release(mark);
      throw error;
    }
  };
};

const isFailure = (error: unknown): boolean =>
  error instanceof TimeoutError || (error instanceof NetworkError && error.failureType === 'transient_error');

/** The URL itself where it is none: the wire will say so. */
const originOf = ({ url }: HttpRequest): string => (URL.canParse(url) ? new URL(url).origin : url);
