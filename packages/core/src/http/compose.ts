import type { Policy, Send } from './types.ts';

/** One `Send` out of a list of policies, the first being the outermost, around the wire. */
export const compose = (policies: readonly (Policy | false | undefined)[], wire: Send): Send =>
  policies.reduceRight<Send>((next, policy) => (policy ? policy(next) : next), wire);
