import type { MovingWindow, RateLimit, TokenBucket } from './limits.ts';

/** The state of one limit of one key. All times are milliseconds since the epoch. */
export interface RateCounter {
  /** When the weight has room: `now` or earlier if it has room already. */
  readyAt(weight: number, now: number): number;
  take(weight: number, now: number, lease: string): void;
  giveBack(weight: number, lease: string): void;
  drain(now: number): void;
  /** Whether the counter is as good as new, so that it can be forgotten. */
  isFresh(now: number): boolean;
}

export const counterFor = (limit: RateLimit): RateCounter =>
  limit.kind === 'token-bucket' ? new BucketCounter(limit) : new WindowCounter(limit);

/** Weights may be fractions, whose sums are off by a little. */
const TOLERANCE = 1e-6;

class BucketCounter implements RateCounter {
  readonly #limit: TokenBucket;
  #tokens: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(limit: TokenBucket) {
    this.#limit = limit;
    this.#tokens = limit.capacity;
  }

  readyAt(weight: number, now: number): number {
    this.#refill(now);
    const missing = weight - this.#tokens;
    return missing <= TOLERANCE ? now : now + Math.max(1, Math.ceil((missing / this.#limit.refillPerSecond) * 1000));
  }

  take(weight: number, now: number): void {
    this.#refill(now);
    this.#tokens = Math.max(0, this.#tokens - weight);
  }

  giveBack(weight: number): void {
    this.#tokens = Math.min(this.#limit.capacity, this.#tokens + weight);
  }

  drain(now: number): void {
    this.#refill(now);
    this.#tokens = 0;
  }

  isFresh(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#limit.capacity;
  }

  #refill(now: number): void {
    // A clock set back refills nothing, and the time counts from there on.
    const seconds = this.#at === Number.NEGATIVE_INFINITY ? 0 : Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(this.#limit.capacity, this.#tokens + seconds * this.#limit.refillPerSecond);
    this.#at = now;
  }
}

interface WindowEntry {
  readonly at: number;
  readonly weight: number;
  readonly lease: string;
}

class WindowCounter implements RateCounter {
  readonly #limit: MovingWindow;
  /** Oldest first. Those before `#first` have left the window: moving an index is cheaper than moving an array. */
  #entries: WindowEntry[] = [];
  #first = 0;
  #used = 0;

  constructor(limit: MovingWindow) {
    this.#limit = limit;
  }

  readyAt(weight: number, now: number): number {
    this.#forget(now);
    let missing = this.#used + weight - this.#limit.limit;
    for (let index = this.#first; missing > TOLERANCE; index++) {
      const entry = this.#entries[index];
      if (entry === undefined) return Number.POSITIVE_INFINITY;
      missing -= entry.weight;
      if (missing <= TOLERANCE) return entry.at + this.#limit.windowMs;
    }
    return now;
  }

  take(weight: number, now: number, lease: string): void {
    if (weight === 0) return;
    this.#entries.push({ at: now, weight, lease });
    this.#used += weight;
  }

  giveBack(weight: number, lease: string): void {
    const index = this.#entries.findLastIndex((entry) => entry.lease === lease);
    if (index < this.#first) return;
    this.#entries.splice(index, 1);
    this.#used -= weight;
  }

  drain(now: number): void {
    this.#forget(now);
    const rest = this.#limit.limit - this.#used;
    if (rest <= 0) return;
    const at = this.#entries[this.#first]?.at ?? now;
    this.#entries.splice(this.#first, 0, { at, weight: rest, lease: '' });
    this.#used += rest;
  }

  isFresh(now: number): boolean {
    this.#forget(now);
    return this.#entries.length === 0;
  }

  #forget(now: number): void {
    // After a clock was set back, what lies in the future counts as now: too careful for one window, then right again.
    if ((this.#entries.at(-1)?.at ?? now) > now) {
      this.#entries = this.#entries.map((entry) => ({ ...entry, at: Math.min(entry.at, now) }));
    }
    for (let entry = this.#entries[this.#first]; entry !== undefined; entry = this.#entries[this.#first]) {
      if (entry.at + this.#limit.windowMs > now) break;
      this.#used -= entry.weight;
      this.#first += 1;
    }
    if (this.#first === this.#entries.length) {
      this.#entries = [];
      this.#first = 0;
      this.#used = 0;
    } else if (this.#first > 1000 && this.#first * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
