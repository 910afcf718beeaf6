/**
 * What a request costs in CPU with the full policy list, against bare got and against `node:http`.
 *
 *     npm run build && node scripts/dist/bench/requests.js [--requests 1500] [--per-page 100] [--repeats 7]
 *
 * One interleaved run: in each round every contestant asks for the same pages, one after the other, and reads each body
 * whole. The API is a process of its own on loopback. A connector's own work, parsing and writing, is not part of it.
 */
import { Agent, get } from 'node:http';
import { parseArgs } from 'node:util';

import { createClient, memoryRateStore, movingWindow, rateBudget } from '@headwater/core';
import { got } from 'got';

import { startServer } from './start-server.ts';
import { spread } from './statistics.ts';

type Fetch = (url: string) => Promise<Uint8Array>;

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1500' },
    'per-page': { type: 'string', default: '100' },
    repeats: { type: 'string', default: '7' },
  },
});
const [requests, perPage, repeats] = [values.requests, values['per-page'], values.repeats].map(Number) as [
  number,
  number,
  number,
];

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

const defaults = (): Fetch => {
  const send = createClient({});
  return async (url) => (await send({ method: 'GET', url, headers: {} })).bytes;
};

const CONTESTANTS: Readonly<Record<string, () => Fetch>> = {
  'bare got': bareGot,
  'node:http': bareNode,
  'the list, as it is by default': defaults,
  'the list, with budget and trace': policies,
};

/** Microseconds of CPU a request. */
const measure = async (fetch: Fetch, url: string): Promise<number> => {
  const before = process.cpuUsage();
  for (let count = 0; count < requests; count++) await fetch(url);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
};

const server = await startServer();
try {
  const url = `${server.url}/customers?page=1&per_page=${perPage}&total=${perPage}`;
  const contestants = Object.entries(CONTESTANTS).map(([name, open]) => ({
    name,
    fetch: open(),
    costs: [] as number[],
  }));
  const sizes = new Set<number>();
  for (const { fetch } of contestants) sizes.add((await fetch(url)).length);
  if (sizes.size !== 1) throw new Error(`The contestants read different bytes: ${[...sizes].join(', ')}.`);

  tell(`Node ${process.version}. ${requests} requests for ${perPage} records, ${repeats} rounds.\n`);
  for (let round = 0; round <= repeats; round++) {
    for (const { fetch, costs } of contestants) {
      const cost = await measure(fetch, url);
      // The first round warms up.
      if (round > 0) costs.push(cost);
    }
  }
  const [base] = contestants;
  tell('Microseconds of CPU a request (medians; times bare got with the smallest and the largest in brackets).');
  for (const { name, costs } of contestants) {
    const ratio = spread(costs.map((cost, round) => cost / (base?.costs[round] ?? Number.NaN)));
    const range = `${ratio.median.toFixed(2)}x [${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}]`;
    tell(`  ${name.padEnd(34)}${spread(costs).median.toFixed(0).padStart(6)}  ${range}`);
  }
} finally {
  server.stop();
}
process.exit();
