import type { Clock } from '@headwater/core';

/** A clock that stands still until it is moved, and does not wait. */
export const virtualClock = (): Clock & { advance(milliseconds: number): void } => {
  let now = Date.now();
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      now += milliseconds;
    },
    advance(milliseconds) {
      now += milliseconds;
    },
  };
};
