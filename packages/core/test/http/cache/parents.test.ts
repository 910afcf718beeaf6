import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Agent, createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder } from '@headwater/testing';
import { responseCache, type CacheHit } from '../../../src/http/policies/response-cache.ts';
import type { Send } from '../../../src/http/types.ts';

const PARENTS = 10_000;
const AT_ONCE = 50;

/** As little as can send a request: what is measured here is how many there are. */
const bareWire = (): Send & { readonly agent: Agent } => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const send: Send = async (request) => {
    const [response] = (await once(ask(request.url, { agent }).end(), 'response')) as [IncomingMessage];
    const bytes = Buffer.concat(await response.toArray());
    return { request, status: response.statusCode ?? 0, headers: { etag: '"1"' }, url: request.url, bytes };
  };
  return Object.assign(send, { agent });
};

/** Reads all parents through a cache of its own, and counts those whose answer is theirs. */
const readParents = async (directory: string, memoryBytes: number, base: string) => {
  const wire = bareWire();
  const hits = { memory: 0, disk: 0, shared: 0 };
  const onHit = ({ from }: CacheHit) => hits[from]++;
  const send = responseCache({ directory, memoryBytes, onHit })(wire);
  const readAll = async () => {
    let next = 0;
    let right = 0;
    const reader = async () => {
      while (next < PARENTS) {
        const id = next++;
        const { bytes } = await send({ method: 'GET', url: `${base}/parents/${id}`, headers: {} });
        if (Buffer.from(bytes).toString() === `{"parent":"/parents/${id}"}`) right++;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return right;
  };
  return { hits, readAll, close: () => wire.agent.destroy() };
};

test('replays ten thousand parents without a request', async () => {
  await using folder = await temporaryFolder();
  let requests = 0;
  // No connection ends while the disk keeps its next request waiting.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    requests++;
    response.end(`{"parent":"${request.url}"}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const first = await readParents(folder.path, 64 * 2 ** 20, base);
  // Other limits make another store: it begins with an empty memory, as the next run does.
  const second = await readParents(folder.path, 32 * 2 ** 20, base);
  try {
    expect(await first.readAll()).toBe(PARENTS);
    expect(requests).toBe(PARENTS);

    expect(await first.readAll()).toBe(PARENTS);
    expect(await second.readAll()).toBe(PARENTS);
    expect(requests).toBe(PARENTS);
    expect(first.hits).toEqual({ memory: PARENTS, disk: 0, shared: 0 });
    expect(second.hits).toEqual({ memory: 0, disk: PARENTS, shared: 0 });
  } finally {
    first.close();
    second.close();
    server.close();
  }
}, 300_000);
