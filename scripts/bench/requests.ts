/** What a request costs in CPU with the whole policy list, against bare got and against `node:http`. */
import { readArguments } from './arguments.ts';
import { asProcess } from './as-process.ts';
import { measureRequests } from './request-cost.ts';
import { requestTable } from './request-table.ts';
import { startServer } from './start-server.ts';

const HELP = `npm run build && node scripts/dist/bench/requests.js [options]

What a request costs in CPU with the whole policy list, against bare got and node:http. One interleaved run: in each round
every contestant asks for the same pages, one after the other, and reads each body whole. The API is a process of its own
on loopback. A connector's own work, parsing and writing, is not part of it. npm run bench has the same in its report.

  --requests N   requests of each contestant in a round (default 1500)
  --per-page N   records a page, 100 or 1000 (default 100)
  --repeats N    measured rounds (default 7)
  --help         this text
`;

await asProcess(async () => {
  const given = readArguments(HELP, { requests: 'count', 'per-page': 'count', repeats: 'count' });
  if (given === undefined) return;
  const { requests = 1500, 'per-page': perPage = 100, repeats = 7 } = given;
  const server = await startServer();
  try {
    const costs = await measureRequests(server.url, { requests, perPage, repeats });
    process.stdout.write(`Node ${process.version}, ${repeats} rounds of ${requests} requests\n\n`);
    process.stdout.write(`${requestTable(costs, perPage)}\n`);
  } finally {
    server.stop();
  }
});
