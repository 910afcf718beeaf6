import type { RequestCost, RequesterName } from './request-cost.ts';
import { show, table } from './table.ts';

const TITLES: Readonly<Record<RequesterName, string>> = {
  got: 'bare got',
  node: 'node:http',
  defaults: 'the policy list, as it is by default',
  policies: 'the policy list, with credential, budget and trace',
};

/** The costs as a person reads them. */
export const requestTable = (costs: readonly RequestCost[], perPage: number): string =>
  [
    `CPU of a request, ${perPage.toLocaleString('en')} records a page`,
    table([
      ['', 'microseconds', 'times bare got'],
      ...costs.map(({ name, microseconds, ratio }) => [TITLES[name], show(microseconds, 0), show(ratio, 2)]),
    ]),
  ].join('\n');
