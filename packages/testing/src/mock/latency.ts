import { randomNumbers } from '../random-numbers.ts';
import type { Handler } from './handler.ts';

/** Milliseconds before every answer: always the same, or between two bounds, by chance. */
export type Latency = number | readonly [least: number, most: number];

/** Lets every answer wait, beside the `delay` it has itself. */
export const withLatency = (latency: Latency, seed: number, next: Handler): Handler => {
  const [least, most] = typeof latency === 'number' ? [latency, latency] : latency;
  if (!(least >= 0 && most >= least && Number.isFinite(most))) {
    throw new TypeError(`latency: ${JSON.stringify(latency)} is not a number of milliseconds, nor two in their order.`);
  }
  const random = randomNumbers(seed);
  return async (request) => {
    const wait = least + random() * (most - least);
    const reply = await next(request);
    return { ...reply, delay: (reply.delay ?? 0) + wait };
  };
};
