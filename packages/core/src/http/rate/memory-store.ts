import { counterFor, type RateCounter } from './counters.ts';
import type { RateClaim, RateStore, Refused } from './store.ts';
import type { RateLimit } from './limits.ts';

interface KeyState {
  /** One for each limit of the key, in their order. */
  readonly counters: RateCounter[];
  /** When each lease ends by itself. */
  readonly leases: Map<string, number>;
  heldUntil: number;
}

/** Below so many keys nobody looks for those that can be forgotten. */
const KEYS_KEPT = 1000;

/** The counters in the memory of this process. Keys whose counters are as good as new are forgotten in time. */
export const memoryRateStore = (): RateStore => {
  const states = new Map<string, KeyState>();
  let leases = 0;
  let sweepAt = KEYS_KEPT;

  const stateOf = (key: string, limits: readonly RateLimit[]): KeyState => {
    const state = states.get(key) ?? { counters: [], leases: new Map<string, number>(), heldUntil: 0 };
    for (const [index, limit] of limits.entries()) state.counters[index] ??= counterFor(limit);
    states.set(key, state);
    return state;
  };

  return {
    async take(claims, now) {
      if (states.size >= sweepAt) {
        sweep(states, now);
        sweepAt = Math.max(KEYS_KEPT, states.size * 2);
      }
      const wanted = claims.map((claim) => ({ claim, state: stateOf(claim.key, claim.limits) }));
      const waits = wanted.flatMap(({ claim, state }) => waitFor(claim, state, now));
      if (waits.length > 0) {
        const longest = waits.reduce((one, other) => (other.retryAt > one.retryAt ? other : one));
        return { ...longest, keys: waits.flatMap(({ keys }) => keys) };
      }
      const lease = String(++leases);
      for (const { claim, state } of wanted) {
        for (const counter of state.counters) counter.take(claim.weight, now, lease);
        if (claim.concurrency) state.leases.set(lease, now + claim.concurrency.leaseMs);
      }
      return { ok: true, lease };
    },

    async hold(key, until) {
      const state = stateOf(key, []);
      state.heldUntil = Math.max(state.heldUntil, until);
    },

    async drain({ key, limits }, now, only) {
      const { counters } = stateOf(key, limits);
      for (const [index, { kind }] of limits.entries()) {
        if (only === undefined || only === kind) counters[index]?.drain(now);
      }
    },

    async release(claims, lease, unused = false) {
      for (const { key, weight } of claims) {
        const state = states.get(key);
        state?.leases.delete(lease);
        if (unused) for (const counter of state?.counters ?? []) counter.giveBack(weight, lease);
      }
    },
  };
};

/** The longest wait of one claim, or nothing when it has room now. */
const waitFor = ({ key, weight, concurrency }: RateClaim, state: KeyState, now: number): Refused[] => {
  const wait = (retryAt: number, reason: Refused['reason']): Refused => ({ ok: false, retryAt, keys: [key], reason });
  const waits = [wait(state.heldUntil, 'hold')];
  for (const counter of state.counters) waits.push(wait(counter.readyAt(weight, now), 'limit'));
  for (const [lease, end] of state.leases) if (end <= now) state.leases.delete(lease);
  if (concurrency && state.leases.size >= concurrency.max) {
    waits.push(wait(Math.min(...state.leases.values()), 'concurrency'));
  }
  const longest = waits.reduce((one, other) => (other.retryAt > one.retryAt ? other : one));
  return longest.retryAt > now ? [longest] : [];
};

const sweep = (states: Map<string, KeyState>, now: number): void => {
  for (const [key, { counters, leases, heldUntil }] of states) {
    const busy = heldUntil > now || leases.size > 0 || counters.some((counter) => !counter.isFresh(now));
    if (!busy) states.delete(key);
  }
};
