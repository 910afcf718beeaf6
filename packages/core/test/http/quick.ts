import type { Clock, RetryOptions } from '@headwater/core';

/** A clock that notes each wait and does not wait. */
export const quickClock = (): Clock & { readonly waits: number[] } => {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.now(),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
    },
  };
};

/** Retries without waiting. */
export const quick: RetryOptions = { clock: quickClock() };
