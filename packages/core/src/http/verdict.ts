import type { FailureType } from '../errors.ts';

/** What to do with an answer. */
export type Verdict = 'success' | 'retry' | 'rate-limited' | 'fail';

interface Rule {
  readonly verdict: Verdict;
  readonly failureType: FailureType;
  /** What the person who runs the connector can do about it. */
  readonly remedy: string;
}

const BUSY: Rule = {
  verdict: 'retry',
  failureType: 'transient_error',
  remedy: 'The API has trouble of its own; run the sync again later.',
};

/** Statuses that mean something particular. Everything else follows from its hundreds: see `ruleFor`. */
const RULES: Readonly<Record<number, Rule>> = {
  400: { verdict: 'fail', failureType: 'system_error', remedy: 'The API does not understand what the connector asks.' },
  401: { verdict: 'fail', failureType: 'config_error', remedy: 'Check the credentials in the config.' },
  403: {
    verdict: 'fail',
    failureType: 'config_error',
    remedy: 'The credentials in the config lack a permission for this resource.',
  },
  404: {
    verdict: 'fail',
    failureType: 'system_error',
    remedy: 'Check the names and ids in the config, then the URL the connector builds.',
  },
  408: BUSY,
  429: {
    verdict: 'rate-limited',
    failureType: 'transient_error',
    remedy: 'The API quota is spent; run the sync again later or ask the provider for a higher limit.',
  },
};

/** The row of the table for a status: 2xx succeeds, 5xx is tried again, everything else fails at once. */
export const ruleFor = (status: number): Rule => {
  const rule = RULES[status];
  if (rule) return rule;
  if (status >= 500) return BUSY;
  if (status < 200 || status >= 300) {
    return { verdict: 'fail', failureType: 'system_error', remedy: 'The API refuses what the connector asks.' };
  }
  return { verdict: 'success', failureType: 'system_error', remedy: '' };
};
