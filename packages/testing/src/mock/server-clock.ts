import type { Reply } from '../reply.ts';
import type { Handler } from './handler.ts';

/** Answers by a clock that is off by `skew` milliseconds: in the header `Date`, and in every header given as a `Date`. */
export const withServerClock = (skew: number, next: Handler): Handler => {
  if (!Number.isFinite(skew)) throw new TypeError(`clockSkew: ${skew} is not a number of milliseconds.`);
  if (skew === 0) return next;
  return async (request) => {
    const reply = await next(request);
    return { ...reply, headers: { date: new Date(Date.now() + skew), ...skewed(reply.headers, skew) } };
  };
};

const skewed = (headers: Reply['headers'] = {}, skew: number): NonNullable<Reply['headers']> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      value instanceof Date ? new Date(value.getTime() + skew) : value,
    ]),
  );
