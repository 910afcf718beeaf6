import { ConnectorError } from '../../errors.ts';
import { describeRequest } from '../describe.ts';
import { capacityOf, checkLimit, describeLimit, type RateLimit } from './limits.ts';
import { matches, type RequestMatch } from './match.ts';
import type { RuleClaim } from './queue.ts';
import type { HttpRequest } from '../types.ts';

/** What the API allows for some of its requests. */
export interface RateRule {
  /**
   * Names the rule in messages and its counters in a shared store.
   *
   * @default its place in the list, from 1
   */
  readonly name?: string;
  /**
   * The requests it counts.
   *
   * @default all
   */
  readonly match?: RequestMatch;
  /**
   * All of them are kept.
   *
   * @default none: only what the answers say about the quota is obeyed
   */
  readonly limits?: readonly RateLimit[];
  /**
   * How much a request counts against each limit. A weight above what a limit can hold is a `ConnectorError`.
   *
   * @default 1
   */
  readonly weight?: number | ((request: HttpRequest) => number);
  /**
   * How many requests are under way at once, at most.
   *
   * @default as many as the streams send
   */
  readonly concurrency?: number;
  /**
   * Counts apart what has another key, e.g. each tenant. It must not hold a secret: it names counters in the store.
   *
   * @default all requests of the rule together
   */
  readonly key?: (request: HttpRequest) => string;
  /**
   * Whether what an answer says about the quota holds the further requests of this rule.
   *
   * @default true in the first rule that fits a request, false in the others
   */
  readonly learn?: boolean;
}

/** A claim that knows whether answers hold its rule. */
export interface LearningClaim extends RuleClaim {
  readonly learns: boolean;
}

const nameOf = ({ name }: RateRule, index: number): string => name ?? String(index + 1);

/** What a request wants, one claim for each rule that fits it. */
export const claimsOf = (
  rules: readonly RateRule[],
  request: HttpRequest,
  leaseMs: number,
): readonly LearningClaim[] => {
  const fitting = [...rules.entries()].filter(([, { match }]) => match === undefined || matches(match, request));
  const first = fitting.find(([, rule]) => rule.learn !== false)?.[1];
  return fitting.map(([index, rule]) => {
    const { limits = [], concurrency, key } = rule;
    const name = nameOf(rule, index);
    return {
      rule: name,
      key: key === undefined ? name : `${name}:${key(request)}`,
      limits,
      weight: weightOf(rule, `rateBudget.rules[${index}]`, request),
      learns: rule.learn ?? rule === first,
      ...(concurrency !== undefined && { concurrency: { max: concurrency, leaseMs } }),
    };
  });
};

const weightOf = ({ weight = 1, limits = [] }: RateRule, place: string, request: HttpRequest): number => {
  const value = typeof weight === 'function' ? weight(request) : weight;
  checkNumber(value, `${place}.weight of ${describeRequest(request)}`, (one) => one >= 0, 'a number from 0 on');
  const tooSmall = limits.find((limit) => capacityOf(limit) < value);
  if (tooSmall === undefined) return value;
  throw new ConnectorError(
    `${place}: ${describeRequest(request)} has weight ${value}, more than a ${describeLimit(tooSmall)} can ever let ` +
      `through. Give the limit a larger number or the request a smaller weight.`,
  );
};

/** Throws a `ConnectorError` for a rule that cannot be kept. */
export const checkRules = (rules: readonly RateRule[]): void => {
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const place = `rateBudget.rules[${index}]`;
    for (const [number, limit] of (rule.limits ?? []).entries()) checkLimit(limit, `${place}.limits[${number}]`);
    if (rule.concurrency !== undefined) {
      const whole = (value: number) => Number.isInteger(value) && value > 0;
      checkNumber(rule.concurrency, `${place}.concurrency`, whole, 'a whole number above 0');
    }
    const name = nameOf(rule, index);
    if (names.has(name)) throw new ConnectorError(`${place}.name: "${name}" is taken. Give each rule its own name.`);
    names.add(name);
  }
};

/** Throws a `ConnectorError` that says what is wanted when a number does not fit. */
export const checkNumber = (value: number, place: string, fits: (value: number) => boolean, wanted: string): void => {
  if (Number.isFinite(value) && fits(value)) return;
  throw new ConnectorError(`${place} is ${String(value)}. Give ${wanted}.`);
};
