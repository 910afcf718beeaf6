import type { Clock, HttpRequest, Sender, WireResponse } from '@headwater/core';
import { rateBudget, type RateBudgetOptions } from '../../../src/http/policies/rate-budget.ts';

/** Lets everything that is ready run to where it waits for the clock or for an answer. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
};

export interface ManualClock extends Clock {
  /** How many sleep at the moment. */
  readonly sleeping: number;
  /** Moves the time on and wakes those who sleep, each at its time. */
  advance(milliseconds: number): Promise<void>;
}

/** A clock that stands still until told to move. */
export const manualClock = (): ManualClock => {
  let now = Date.UTC(2026, 0, 1);
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    get sleeping() {
      return sleepers.size;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(milliseconds) {
      const until = now + milliseconds;
      for (;;) {
        await settled();
        const [next] = [...sleepers].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        sleepers.delete(next);
        next.wake();
      }
      now = until;
      await settled();
    },
  };
};

export const requestTo = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `https://api.example.com${path}`,
  headers: {},
  ...more,
});

export const senderOf = (stream: string, more: Partial<Sender> = {}): Sender => ({
  label: `stream "${stream}", slice {"n":1}`,
  ...more,
});

export const answerTo = (
  request: HttpRequest,
  { status = 200, headers = {} }: Partial<WireResponse> = {},
): WireResponse => ({ request, status, headers, url: request.url, bytes: new Uint8Array() });

export interface Sent {
  readonly request: HttpRequest;
  readonly at: number;
}

/** A budget in front of an API that answers as told, with a clock moved by hand, and the notes of what was sent when. */
export const traffic = (
  options: RateBudgetOptions = {},
  answer: (request: HttpRequest) => WireResponse | Promise<WireResponse> = (request) => answerTo(request),
) => {
  const clock = manualClock();
  const start = clock.now();
  const sent: Sent[] = [];
  const send = rateBudget({ clock, ...options })(async (request) => {
    sent.push({ request, at: clock.now() - start });
    return answer(request);
  });
  return { clock, start, sent, send, times: () => sent.map(({ at }) => at) };
};

/** Numbers from 0 to 1 that follow from the seed (a linear congruential generator). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
