import { ConnectorError } from '../../errors.ts';

/** Allows bursts up to `capacity` and `refillPerSecond` in the long run. */
export interface TokenBucket {
  readonly kind: 'token-bucket';
  /** What a full bucket holds: the largest burst, in requests (or their weights). */
  readonly capacity: number;
  /** How much comes back each second, until the bucket is full. A fraction is fine: 0.5 is one in two seconds. */
  readonly refillPerSecond: number;
}

/** Allows `limit` in any stretch of `windowMs`, wherever it begins. */
export interface MovingWindow {
  readonly kind: 'moving-window';
  /** How many requests (or how much of their weights) any window may hold. */
  readonly limit: number;
  /** Length of the window in milliseconds. */
  readonly windowMs: number;
}

export type RateLimit = TokenBucket | MovingWindow;

/**
 * A burst, then a steady pace.
 *
 * @throws ConnectorError when a number is not above 0
 * @example tokenBucket({ capacity: 40, refillPerSecond: 2 })
 */
export const tokenBucket = ({ capacity, refillPerSecond }: Omit<TokenBucket, 'kind'>): TokenBucket => {
  const limit: TokenBucket = { kind: 'token-bucket', capacity, refillPerSecond };
  checkLimit(limit, 'tokenBucket');
  return limit;
};

/**
 * So many in any stretch of time. The time counted is that of sending; where an API counts strictly, leave it a little
 * room for the differences in travel time.
 *
 * @throws ConnectorError when a number is not above 0
 * @example movingWindow({ limit: 100, windowMs: 60_000 })
 */
export const movingWindow = ({ limit, windowMs }: Omit<MovingWindow, 'kind'>): MovingWindow => {
  const window: MovingWindow = { kind: 'moving-window', limit, windowMs };
  checkLimit(window, 'movingWindow');
  return window;
};

/** Throws a `ConnectorError` for a limit that lets nothing through or everything. */
export const checkLimit = (limit: RateLimit, place: string): void => {
  switch (limit.kind) {
    case 'token-bucket':
      checkPositive(limit.capacity, `${place}: capacity`);
      return checkPositive(limit.refillPerSecond, `${place}: refillPerSecond`);
    case 'moving-window':
      checkPositive(limit.limit, `${place}: limit`);
      return checkPositive(limit.windowMs, `${place}: windowMs`);
    default:
      throw new ConnectorError(
        `${place}: ${JSON.stringify(limit)} is not a limit. Make one with tokenBucket or movingWindow.`,
      );
  }
};

const checkPositive = (value: number, place: string): void => {
  if (Number.isFinite(value) && value > 0) return;
  throw new ConnectorError(`${place} is ${String(value)}. Give a number above 0.`);
};

/** The largest weight a limit can ever let through. */
export const capacityOf = (limit: RateLimit): number => (limit.kind === 'token-bucket' ? limit.capacity : limit.limit);

/** A limit for a message: `tokenBucket with capacity 10`. */
export const describeLimit = (limit: RateLimit): string =>
  limit.kind === 'token-bucket'
    ? `tokenBucket with capacity ${limit.capacity}`
    : `movingWindow with limit ${limit.limit}`;
