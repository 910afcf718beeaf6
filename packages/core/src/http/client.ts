import { policyFrom, type Authenticator } from '../auth/authenticator.ts';
import { clientCertificate } from './cache/client-certificate.ts';
import { compose } from './compose.ts';
import { tellExchanges } from './exchanges.ts';
import { circuitBreaker } from './policies/circuit-breaker.ts';
import { correlation } from './policies/correlation.ts';
import { responseCache, type ResponseCacheOptions } from './policies/response-cache.ts';
import { retry, type RetryOptions } from './policies/retry.ts';
import { telemetry } from './policies/telemetry.ts';
import { traceContext } from './policies/trace-context.ts';
import { watchdog, type WatchdogOptions } from './policies/watchdog.ts';
import { replaceable } from './replaceable-wire.ts';
import { traceOptions, type TraceContextOptions } from './trace-settings.ts';
import type { Policy, Send } from './types.ts';
import { gotWire, type WireOptions } from './wire.ts';

export interface HttpOptions extends WireOptions {
  /**
   * Attempts, waits, and what answers mean.
   *
   * @default every option its own default
   */
  readonly retry?: RetryOptions;
  /**
   * How answers are kept, where they are: in a stream with `useCache`, and in a client that is given this option.
   *
   * @default every option its own default
   */
  readonly cache?: ResponseCacheOptions | undefined;
  /**
   * Cookies, kept by `cookieJar()`. Give the same one to all that share a session.
   *
   * @default none are kept
   */
  readonly cookies?: Policy;
  /**
   * The request budget, made by `rateBudget()`. Give the same one to all streams that share a quota.
   *
   * @default none
   */
  readonly rateBudget?: Policy;
  /**
   * The breaker, made by `circuitBreaker()`: give the same one to all that ask the same API. `false` for none.
   *
   * @default one of the stream's own
   */
  readonly circuitBreaker?: Policy | false;
  /**
   * Trace and correlation headers. `false` for none.
   *
   * @default sent when the environment has `TRACEPARENT` or `HEADWATER_CORRELATION_ID`
   */
  readonly trace?: TraceContextOptions | false;
  /**
   * When the log says that a request is still waiting. `false` for never.
   *
   * @default every option its own default
   */
  readonly watchdog?: WatchdogOptions | false;
  /**
   * What finally sends a request. Give another one to replay recorded answers.
   *
   * @default got, with the limits and connections of these options
   */
  readonly wire?: Send;
}

export interface ClientOptions extends HttpOptions {
  /**
   * Adds the credential.
   *
   * @default none
   */
  readonly authenticator?: Policy | Authenticator | undefined;
}

/**
 * The whole HTTP layer, in the order a request travels: read this first.
 *
 * 1. `correlation` gives the request an id, in all its log lines.
 * 2. `retry` decides about every answer and sends again what looks temporary. All below it happens once an attempt.
 * 3. The authenticator adds the credential: inside retry, since a token can expire between two attempts.
 * 4. The cookie jar adds what the API asked to be reminded of.
 * 5. `responseCache` answers what was answered before: below the credential, so that this is part of the key, as is the
 *    client's certificate.
 * 6. `rateBudget` waits for its turn: below the cache, so that what is known costs nothing.
 * 7. `circuitBreaker` refuses at once what goes to an API that keeps failing.
 * 8. `telemetry` makes spans and metrics of it, and `traceContext` sends the trace and the correlation id: below the
 *    cache, since no two requests have the same.
 * 9. `watchdog` says in the log what has been waiting for long, and `--har` hears of every exchange.
 * 10. The wire sends it, within time limits, and reads and decompresses the whole body.
 */
export const createClient = (options: ClientOptions = {}): Send => {
  const { authenticator, retry: patience, cache, cookies, rateBudget, watchdog: watch, wire, ...rest } = options;
  const { circuitBreaker: breaker = circuitBreaker(), trace: given, ...connection } = rest;
  const trace = traceOptions(given);
  return compose(
    [
      trace && correlation(trace),
      retry(patience),
      authenticator && policyFrom(authenticator),
      cookies,
      cache && connection.tls?.cert !== undefined && clientCertificate(connection.tls.cert),
      cache && responseCache(cache),
      rateBudget,
      breaker,
      telemetry(given),
      trace && traceContext(trace),
      watch !== false && watchdog(watch),
      tellExchanges,
    ],
    wire ?? replaceable(gotWire(connection)),
  );
};
