/** What a replay from the response cache costs, against fetching again and against the naive store. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createClient, type Send, type WireResponse } from '@headwater/core';

import { readArguments } from './arguments.ts';
import { asProcess } from './as-process.ts';
import { startServer } from './start-server.ts';
import { spread } from './statistics.ts';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const HELP = `npm run build && node scripts/dist/bench/cache.js [options]

What a replay from the response cache costs, against fetching again and against the naive store: one file for each answer,
without limits and checksums. One interleaved run: in each round every contestant delivers the same pages, one after the
other and in turn, so that a slow moment of the machine meets them all. The API is a process of its own on loopback, the
fastest API there can be. Ratios are to fetching again in the same round; above 1 is faster.

  --pages N      pages (default 200)
  --per-page N   records a page, 100 or 1000 (default 100)
  --repeats N    measured rounds (default 7)
  --help         this text
`;

interface CacheLoad {
  readonly pages: number;
  readonly perPage: number;
  readonly repeats: number;
}

/** One JSON file for each response, written where it stays, named by the hash of the URL: no limits and no checksum. */
const naiveStore =
  (directory: string) =>
  (next: Send): Send =>
  async (request) => {
    const file = join(directory, `${createHash('sha1').update(`${request.method} ${request.url}`).digest('hex')}.json`);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const { status, headers, url, body } = JSON.parse(text) as WireResponse & { readonly body: string };
      return { request, status, headers, url, bytes: Buffer.from(body) };
    }
    const response = await next(request);
    const { status, headers, url, bytes } = response;
    await writeFile(file, JSON.stringify({ status, headers, url, body: Buffer.from(bytes).toString() }));
    return response;
  };

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds a page; CPU of this process, its thread pool included. */
const deliver = async (send: Send, urls: readonly string[]): Promise<Cost & { readonly bytes: number }> => {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  let bytes = 0;
  for (const url of urls) bytes += (await send({ method: 'GET', url, headers: {} })).bytes.length;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: (performance.now() - before) / urls.length, cpu: (user + system) / 1000 / urls.length, bytes };
};

const bytesIn = (directory: string): number =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

const bench = async (directory: string, baseUrl: string, { pages, perPage, repeats }: CacheLoad): Promise<void> => {
  const urls = Array.from(
    { length: pages },
    (_, index) => `${baseUrl}/customers?page=${index + 1}&per_page=${perPage}&total=${pages * perPage}`,
  );
  const naive = join(directory, 'naive');
  const ours = join(directory, 'ours');
  mkdirSync(naive);
  const stores: Readonly<Record<string, () => Send>> = {
    'fetch again': () => createClient({}),
    'naive store': () => naiveStore(naive)(createClient({})),
    'cache, disk': () => createClient({ cache: { directory: ours, memoryBytes: 0 } }),
    'cache, memory': () => createClient({ cache: { directory: join(directory, 'memory'), memoryBytes: 2 ** 30 } }),
  };
  const contestants = Object.entries(stores).map(([name, open]) => ({ name, send: open(), costs: [] as Cost[] }));

  tell(`Node ${process.version}. ${pages} pages of ${perPage} records, ${repeats} rounds, milliseconds a page.\n`);
  tell('First read: fetching, and storing where there is a store.');
  const sizes = new Set<number>();
  await deliver(createClient({}), urls);
  for (const { name, send } of contestants) {
    const { wall, cpu, bytes } = await deliver(send, urls);
    sizes.add(bytes);
    tell(`  ${name.padEnd(16)}${wall.toFixed(3).padStart(8)} wall${cpu.toFixed(3).padStart(8)} cpu`);
  }
  tell(`  On disk: naive ${bytesIn(naive)} bytes, cache ${bytesIn(ours)} bytes.\n`);

  for (let round = 0; round <= repeats; round++) {
    for (const { send, costs } of contestants) {
      const { bytes, ...cost } = await deliver(send, urls);
      sizes.add(bytes);
      // The first round warms up.
      if (round > 0) costs.push(cost);
    }
  }
  if (sizes.size !== 1) throw new Error(`The contestants delivered different bytes: ${[...sizes].join(', ')}.`);

  tell('Read again (medians; ratios with the smallest and the largest in brackets).');
  const [again] = contestants;
  for (const { name, costs } of contestants) {
    const column = (of: keyof Cost): string => {
      const value = spread(costs.map((cost) => cost[of])).median.toFixed(3);
      const ratio = spread(costs.map((cost, round) => (again?.costs[round]?.[of] ?? Number.NaN) / cost[of]));
      const range = `${ratio.median.toFixed(2)}x [${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}]`;
      return `${value.padStart(8)} ${of} ${range.padEnd(26)}`;
    };
    tell(`  ${name.padEnd(16)}${column('wall')}${column('cpu')}`);
  }
};

await asProcess(async () => {
  const given = readArguments(HELP, { pages: 'count', 'per-page': 'count', repeats: 'count' });
  if (given === undefined) return;
  const { pages = 200, 'per-page': perPage = 100, repeats = 7 } = given;
  const directory = mkdtempSync(join(tmpdir(), 'headwater-bench-cache-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const server = await startServer();
  try {
    await bench(directory, server.url, { pages, perPage, repeats });
  } finally {
    server.stop();
  }
});
