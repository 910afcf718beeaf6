import type { FailureType } from '../errors.ts';
import { matchesRule, type ResponseRule } from './response-rule.ts';
import type { HttpHeaders, Verdict, WireResponse } from './types.ts';

/** What is known of an answer: what to do with it, and what to say when that is to fail. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly failureType: FailureType;
  /** What the person who runs the connector can do about it. */
  readonly remedy: string;
}

const BUSY: Judgement = {
  verdict: 'retry',
  failureType: 'transient_error',
  remedy: 'The API has trouble of its own; run the sync again later.',
};

const LIMITED: Judgement = {
  verdict: 'rate-limited',
  failureType: 'transient_error',
  remedy: 'The API quota is spent; run the sync again later or ask the provider for a higher limit.',
};

/** Statuses that mean something particular. Everything else follows from its hundreds: see `ruleFor`. */
const RULES: Readonly<Record<number, Judgement>> = {
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
  429: LIMITED,
};

/**
 * The row of the table for an answer: 2xx succeeds, 5xx is tried again, everything else fails at once. A 403 whose
 * headers say that no request is left is a rate limit: so GitHub, for one, tells it.
 */
export const ruleFor = (status: number, headers: HttpHeaders = {}): Judgement => {
  if (status === 403 && NO_QUOTA.some((name) => headers[name] === '0')) return LIMITED;
  const rule = RULES[status];
  if (rule) return rule;
  if (status >= 500) return BUSY;
  if (status < 200 || status >= 300) {
    return { verdict: 'fail', failureType: 'system_error', remedy: 'The API refuses what the connector asks.' };
  }
  return { verdict: 'success', failureType: 'system_error', remedy: '' };
};

const NO_QUOTA = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining'];

/** Whether the table has an answer sent again. */
export const isRetried = (status: number, headers: HttpHeaders): boolean => {
  const { verdict } = ruleFor(status, headers);
  return verdict === 'retry' || verdict === 'rate-limited';
};

/** What becomes of an answer: the first of `rules` that it matches decides, else the stream, else the table. */
export const judge = (
  response: WireResponse,
  rules: readonly ResponseRule[],
  shouldRetry: ((response: WireResponse) => boolean | undefined) | undefined,
): Judgement => {
  const row = ruleFor(response.status, response.headers);
  const rule = rules.find((each) => matchesRule(each, response));
  if (rule) {
    return {
      verdict: rule.verdict,
      failureType: rule.failureType ?? (rule.verdict === row.verdict ? row.failureType : FAILURES[rule.verdict]),
      remedy: rule.message ?? (rule.verdict === row.verdict ? row.remedy : ''),
    };
  }
  const again = shouldRetry?.(response);
  if (again === undefined || again === (row.verdict === 'retry' || row.verdict === 'rate-limited')) return row;
  // A 2xx that the stream would not have yet, a report still being made for one, is nobody's mistake.
  if (again) return { ...row, verdict: 'retry', ...(row.verdict === 'success' && { failureType: 'transient_error' }) };
  return { ...row, verdict: 'fail' };
};

/** Who has to act when a rule does not say. */
const FAILURES: Readonly<Record<Verdict, FailureType>> = {
  success: 'system_error',
  ignore: 'system_error',
  fail: 'system_error',
  retry: 'transient_error',
  'rate-limited': 'transient_error',
  'refresh-token': 'config_error',
};
