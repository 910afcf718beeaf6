import type { RateLimit } from './limits.ts';

/** What one request wants of one set of counters. */
export interface RateClaim {
  /** Names the counters. The same in every process that shares them; it holds no secret. */
  readonly key: string;
  /** All of them must have room. The same for a key at every call. */
  readonly limits: readonly RateLimit[];
  /** What the request counts against each limit; never above what a limit can hold. 0 costs nothing but obeys holds. */
  readonly weight: number;
  /** At most `max` leases at once. A lease nobody released ends by itself after `leaseMs` milliseconds. */
  readonly concurrency?: { readonly max: number; readonly leaseMs: number };
}

export interface Granted {
  readonly ok: true;
  /** Unique; names this grant when it is released. */
  readonly lease: string;
}

export interface Refused {
  readonly ok: false;
  /**
   * When asking again is worth it, in milliseconds since the epoch by the caller's clock; later than `now`. It may be too
   * early (the caller asks again then) but not later than the moment there is room if nobody else takes it. Only a
   * released lease makes room earlier: a shared store, which cannot tell the caller about leases released by other
   * processes, answers with a near time for those.
   */
  readonly retryAt: number;
  /** The keys that have no room. */
  readonly keys: readonly string[];
  /** What the longest of the waits is for. */
  readonly reason: 'limit' | 'hold' | 'concurrency';
}

export type Taken = Granted | Refused;

/**
 * Holds the counters of a rate budget.
 *
 * One process needs no more than `memoryRateStore()`. A store shared by several processes (in Redis, in Postgres) keeps
 * these promises:
 *
 * - `take` is atomic: over all claims and all their limits it takes everything or nothing, whoever else asks at the time.
 * - What `take` granted stays counted if the process dies. Leases end by themselves, so that a dead process blocks
 *   nobody for longer than `leaseMs`.
 * - Times are milliseconds since the epoch by the caller's clock. A shared store that goes by its own clock translates
 *   `until` and `retryAt` by the difference to the `now` it was given.
 * - Order and fairness are the caller's business: one process asks for one request at a time, in the order it chose.
 * - A rejected `take` fails the request with that error. `hold`, `drain` and `release` that reject are reported and
 *   forgotten.
 */
export interface RateStore {
  /** Takes the weight of every claim, and a lease for those with a concurrency, or nothing at all. */
  take(claims: readonly RateClaim[], now: number): Promise<Taken>;
  /** Grants nothing of this key until then. A hold already there is never made shorter. */
  hold(key: string, until: number, now: number): Promise<void>;
  /**
   * Counts the limits of a key, or only those of one kind, as used up at `now`: a bucket is empty, a window is full
   * until the oldest request in it leaves it.
   */
  drain(claim: Pick<RateClaim, 'key' | 'limits'>, now: number, only?: RateLimit['kind']): Promise<void>;
  /**
   * Ends a lease; one that is unknown or already over is no error. With `unused`, the request was never sent: the weight
   * is given back too.
   */
  release(claims: readonly RateClaim[], lease: string, unused?: boolean): Promise<void>;
}
