import { Agent, get } from 'node:http';

import { createClient, memoryRateStore, movingWindow, rateBudget } from '@headwater/core';
import { got } from 'got';

import { spread } from './statistics.ts';
import type { Spread } from './statistics.ts';

export interface RequestLoad {
  /** Requests of each contestant in a round. */
  readonly requests: number;
  readonly perPage: number;
  /** Measured rounds; another one comes before them, to warm up. */
  readonly repeats: number;
}

/** What a request costs with one way of sending it, the body read whole. */
export interface RequestCost {
  readonly name: RequesterName;
  /** CPU of the whole process. */
  readonly microseconds: Spread;
  /** Times what bare got costs in the same round. */
  readonly ratio: Spread;
}

export type RequesterName = 'got' | 'node' | 'defaults' | 'policies';

type Fetch = (url: string) => Promise<Uint8Array>;

const bareGot = (): Fetch => {
  const client = got.extend({ agent: { http: new Agent({ keepAlive: true }) }, retry: { limit: 0 } });
  return (url) => client(url).buffer();
};

const bareNode = (): Fetch => {
  const agent = new Agent({ keepAlive: true });
  return (url) =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        const chunks: Uint8Array[] = [];
        response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
        response.on('error', reject);
      }).on('error', reject);
    });
};

const defaults = (): Fetch => {
  const send = createClient({});
  return async (url) => (await send({ method: 'GET', url, headers: {} })).bytes;
};

/** Every policy that can be on for a request that is really sent. */
const policies = (): Fetch => {
  const budget = rateBudget({
    rules: [{ limits: [movingWindow({ limit: 1_000_000, windowMs: 1000 })] }],
    store: memoryRateStore(),
  });
  const send = createClient({
    rateBudget: budget,
    trace: {},
    authenticator: (next) => (request) =>
      next({ ...request, headers: { ...request.headers, authorization: 'Bearer x' } }),
  });
  return async (url) => (await send({ method: 'GET', url, headers: {} })).bytes;
};

const REQUESTERS: Readonly<Record<RequesterName, () => Fetch>> = { got: bareGot, node: bareNode, defaults, policies };

/**
 * CPU of a request, in this process: in each round every contestant asks for the same page so many times, one request
 * after the other. Throws when they do not read the same bytes.
 */
export const measureRequests = async (
  baseUrl: string,
  { requests, perPage, repeats }: RequestLoad,
): Promise<readonly RequestCost[]> => {
  const url = `${baseUrl}/customers?page=1&per_page=${perPage}&total=${perPage}`;
  const contestants = Object.entries(REQUESTERS).map(([name, open]) => ({
    name: name as RequesterName,
    fetch: open(),
    costs: [] as number[],
  }));
  const sizes = new Set<number>();
  for (const { fetch } of contestants) sizes.add((await fetch(url)).length);
  if (sizes.size !== 1) throw new Error(`The contestants read different bytes: ${[...sizes].join(', ')}.`);

  for (let round = 0; round <= repeats; round++) {
    for (const { fetch, costs } of contestants) {
      const cost = await cpuOf(fetch, url, requests);
      // The first round warms up.
      if (round > 0) costs.push(cost);
    }
  }
  const base = contestants.find(({ name }) => name === 'got')?.costs ?? [];
  return contestants.map(({ name, costs }) => ({
    name,
    microseconds: spread(costs),
    ratio: spread(costs.map((cost, round) => cost / (base[round] ?? Number.NaN))),
  }));
};

/** Microseconds a request. */
const cpuOf = async (fetch: Fetch, url: string, requests: number): Promise<number> => {
  const before = process.cpuUsage();
  for (let count = 0; count < requests; count++) await fetch(url);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
};
