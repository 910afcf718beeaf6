import { compose } from './compose.ts';
import { tellExchanges } from './exchanges.ts';
import { responseCache, type ResponseCacheOptions } from './policies/response-cache.ts';
import { retry, type RetryOptions } from './policies/retry.ts';
import type { Policy, Send } from './types.ts';
import { gotWire, type WireOptions } from './wire.ts';

export interface HttpOptions extends WireOptions {
  readonly retry?: RetryOptions;
  /**
   * What finally sends a request. Give another one to replay recorded answers.
   *
   * @default got, with the time limits and body limit of these options
   */
  readonly wire?: Send;
}

export interface ClientOptions extends HttpOptions {
  readonly authenticator?: Policy | undefined;
  readonly cache?: ResponseCacheOptions | undefined;
}

/**
 * The whole HTTP layer, in the order a request travels: read this first.
 *
 * 1. `retry` decides about every answer and sends again what looks temporary. All below it happens once an attempt.
 * 2. The authenticator adds the credential: inside retry, since a token can expire between two attempts.
 * 3. `responseCache`, where a stream asks for it, answers what was answered before: below the authenticator, so that
 *    the credential is part of the key.
 * 4. The wire sends it, within time limits, and reads and decompresses the whole body.
 */
export const createClient = ({ authenticator, cache, retry: patience, wire, ...limits }: ClientOptions): Send =>
  compose([retry(patience), authenticator, cache && responseCache(cache), tellExchanges], wire ?? gotWire(limits));
