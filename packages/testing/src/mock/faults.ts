import type { ReceivedRequest } from '../loopback-server.ts';
import { randomNumbers } from '../random-numbers.ts';
import type { Reply } from '../reply.ts';
import { parseRoute } from '../route.ts';
import type { Handler } from './handler.ts';

/** Which requests meet a fault: those for which all of this holds. */
export interface FaultRule {
  /** Their numbers in order of arrival, from 1. */
  readonly at?: number | readonly number[];
  /** Every so-manieth: 3 means the third, the sixth and so on. */
  readonly every?: number;
  /** The share of the requests, by chance: 0.2 is one in five. */
  readonly rate?: number;
  /**
   * The number of the first request.
   *
   * @default 1
   */
  readonly from?: number;
  /**
   * The number of the last request.
   *
   * @default no end
   */
  readonly to?: number;
  /**
   * The route, such as `GET /issues`, whose requests are meant, and counted.
   *
   * @default all requests, as they stand in `api.requests`
   */
  readonly route?: string;
  /**
   * How often in a row at most one and the same request meets the fault: a client that tries once more than that always
   * gets through.
   *
   * @default no limit
   */
  readonly inARow?: number;
}

/** The faults of one rule, and how many requests have met them. */
export interface Faults {
  readonly rule: FaultRule;
  readonly met: number;
  /** What goes wrong with this request; undefined for nothing. */
  meet(request: ReceivedRequest): Reply | undefined;
}

/** @throws TypeError for a rule that no request could fit */
export const faultsOf = (rule: FaultRule, faults: readonly Reply[], seed: number): Faults => {
  check(rule, faults);
  const { every = 1, rate = 1, from = 1, to = Infinity, inARow = Infinity } = rule;
  const at = rule.at === undefined ? undefined : new Set(typeof rule.at === 'number' ? [rule.at] : rule.at);
  const route = rule.route === undefined ? undefined : parseRoute(rule.route);
  const random = randomNumbers(seed);
  const row = new Map<string, number>();
  let count = 0;
  let met = 0;

  const fits = (number: number): boolean =>
    (at?.has(number) ?? true) && number % every === 0 && number >= from && number <= to && random() < rate;

  return {
    rule,
    get met() {
      return met;
    },
    meet(request) {
      const { method, path, query, body } = request;
      if (route && !route(method, path)) return undefined;
      count += 1;
      const key = JSON.stringify([method, path, query.toString(), body]);
      const inRow = row.get(key) ?? 0;
      if (!fits(count) || inRow >= inARow) {
        row.delete(key);
        return undefined;
      }
      row.set(key, inRow + 1);
      const fault = faults[met % faults.length];
      met += 1;
      return fault;
    },
  };
};

/** A fault with a status stands in for the answer, which is not made; any other is laid over the answer. */
export const withFaults =
  (all: readonly Faults[], next: Handler): Handler =>
  async (request) => {
    // Each rule counts every request, be it met by another or not.
    const met = all.map((faults) => faults.meet(request)).filter((fault) => fault !== undefined);
    const instead = met.find(({ status }) => status !== undefined);
    let reply = instead ?? (await next(request));
    for (const fault of met) {
      if (fault.status === undefined) reply = { ...reply, ...fault, headers: { ...reply.headers, ...fault.headers } };
    }
    return reply;
  };

const check = (rule: FaultRule, faults: readonly Reply[]): void => {
  if (faults.length === 0) throw new TypeError('fault: no fault is given. Give a reply, such as { status: 503 }.');
  const { at, rate, ...counts } = rule;
  const numbers = { ...counts, ...Object.fromEntries([at ?? []].flat().map((number, i) => [`at[${i}]`, number])) };
  for (const [name, value] of Object.entries(numbers)) {
    if (name === 'route' || value === undefined || (Number.isInteger(value) && Number(value) >= 1)) continue;
    throw new TypeError(`fault: ${name} is ${String(value)}, but requests are counted from 1.`);
  }
  if (rate !== undefined && !(rate >= 0 && rate <= 1)) {
    throw new TypeError(`fault: rate is ${rate}. A share is a number from 0 to 1.`);
  }
};
