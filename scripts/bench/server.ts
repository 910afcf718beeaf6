/**
 * The API of the bench: a process of its own, so that what it costs is never counted for a contestant.
 *
 * `GET /customers?page=1&per_page=1000&total=100000[&gzip=1][&latency=50]`, on loopback; the latency is in milliseconds.
 * The first line on stdout is the port; the process ends when its stdin does, which is when its parent is gone.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { PageShelf } from './pages.ts';
import type { Page } from './pages.ts';

const shelves = new Map([100, 1000].map((perPage) => [perPage, new PageShelf(perPage)]));

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const number = (name: string): number => Number(searchParams.get(name));
  const shelf = pathname === '/customers' ? shelves.get(number('per_page')) : undefined;
  const zip = searchParams.get('gzip') === '1' && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const page = zip ? shelf?.gzipped(number('page'), number('total')) : shelf?.page(number('page'), number('total'));
  const latency = number('latency');
  if (page && latency > 0) setTimeout(send, latency, response, page, zip);
  else if (page) send(response, page, zip);
  else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"There is no such page."}');
};

const send = (response: ServerResponse, { body, tail }: Page, zip: boolean): void => {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length + tail.length,
    ...(zip && { 'content-encoding': 'gzip' }),
  });
  response.cork();
  response.write(body);
  response.end(tail);
  response.uncork();
};

const server = createServer({ keepAliveTimeout: 60_000 }, answer);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});

process.stdin.resume().once('end', () => {
  server.close();
  server.closeAllConnections();
});
