import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import { HttpConnections } from '../../src/connection/connections.ts';
import { Turns } from '../../src/connection/turns.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

const baseUrl = 'http://127.0.0.1:1';

test('lets no more than poolSize users in at a time', async () => {
  await using api = await mockApi();
  let open = 0;
  let most = 0;
  api.on('GET /x', async () => {
    most = Math.max(most, ++open);
    while (api.requests.length < 2) await turn();
    open--;
    return { body: 'ok' };
  });
  const pool = new HttpConnections({ crm: { baseUrl: api.url, poolSize: 2 } }).pool('crm');
  const use = async () => {
    await using client = pool.acquire();
    return (await client.get('/x')).text();
  };

  expect(await Promise.all(Array.from({ length: 8 }, use))).toEqual(Array.from({ length: 8 }, () => 'ok'));
  expect(most).toBe(2);
});

test('serves those who wait in the order in which they came', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');
  const order: number[] = [];
  const use = async (number: number) => {
    await using client = pool.acquire();
    await client.ready();
    order.push(number);
    await turn();
  };

  await Promise.all([1, 2, 3, 4].map(use));

  expect(order).toEqual([1, 2, 3, 4]);
});

test('gives up its place when the signal aborts', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');
  const first = pool.acquire();
  const stop = new AbortController();
  const second = pool.acquire({ signal: stop.signal });
  const third = pool.acquire();
  stop.abort(new Error('enough'));

  await expect(second.get('/x')).rejects.toThrow('enough');
  await first[Symbol.asyncDispose]();
  await third.ready();
  await second[Symbol.asyncDispose]();
  const fourth = pool.acquire();
  let isIn = false;
  void fourth.ready().then(() => (isIn = true));
  await turn();
  expect(isIn).toBe(false);
  await third[Symbol.asyncDispose]();
  await fourth.ready();
  expect(isIn).toBe(true);
});

test('takes no place for a signal that is aborted already', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');

  await expect(pool.acquire({ signal: AbortSignal.abort(new Error('late')) }).ready()).rejects.toThrow('late');
  await pool.acquire().ready();
});

test('keeps its turn when the signal aborts later', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');
  const stop = new AbortController();
  const lease = pool.acquire({ signal: stop.signal });
  stop.abort();

  await lease.ready();
});

test('counts a lease once, however often it is released', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');
  const first = pool.acquire();
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  await pool.acquire().ready();
  let isIn = false;
  void pool
    .acquire()
    .ready()
    .then(() => (isIn = true));
  await turn();

  expect(isIn).toBe(false);
  await expect(first.get('/x')).rejects.toThrow('connection "crm": its lease is over.');
});

test('leaves the line when a waiting lease is released', async () => {
  const pool = new HttpConnections({ crm: { baseUrl, poolSize: 1 } }).pool('crm');
  const first = pool.acquire();
  const second = pool.acquire();
  await second[Symbol.asyncDispose]();
  const third = pool.acquire();
  await first[Symbol.asyncDispose]();

  await third.ready();
});

test.each([
  ['shares one pool between connections where asked to', 1, false],
  ['gives each connection a pool of its own', undefined, true],
])('%s', async (_name, sharedPool, expected) => {
  const config = { a: { baseUrl, poolSize: 1 }, b: { baseUrl, poolSize: 1 } };
  const connections = new HttpConnections(config, sharedPool === undefined ? {} : { sharedPool });
  await connections.pool('a').acquire().ready();
  let isIn = false;
  connections
    .pool('b')
    .acquire()
    .ready()
    .then(
      () => (isIn = true),
      () => {},
    );
  await turn();

  expect(isIn).toBe(expected);
});

test('refuses a shared pool of no leases', () => {
  expect(() => new HttpConnections({}, { sharedPool: 0 })).toThrow('sharedPool: 0 is not a number of leases.');
});

test('sends everybody home who waits when the connections are closed', async () => {
  const connections = new HttpConnections({ crm: { baseUrl, poolSize: 1 } });
  const pool = connections.pool('crm');
  const first = pool.acquire();
  const second = pool.acquire();
  await connections[Symbol.asyncDispose]();

  await expect(second.get('/x')).rejects.toThrow('The connections are closed.');
  await expect(first.get('/x')).rejects.toThrow('The connections are closed.');
});

test('never lets more in than allowed, whatever happens in the line', async () => {
  // A small generator of its own, so that every run is the same.
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const turns = new Turns(3);
  const held = new Set<object>();
  let most = 0;
  let served = 0;
  const use = async () => {
    const stop = new AbortController();
    const mine = turns.take(stop.signal);
    if (random(4) === 0) setImmediate(() => stop.abort());
    try {
      await mine.ready;
      held.add(mine);
      served++;
      most = Math.max(most, held.size);
      for (let ticks = random(4); ticks > 0; ticks--) await turn();
    } catch {
      // Left the line.
    } finally {
      held.delete(mine);
      mine.release();
      mine.release();
    }
  };

  await Promise.all(Array.from({ length: 300 }, use));

  expect(most).toBe(3);
  expect(served).toBeGreaterThan(150);
  for (let free = 0; free < 3; free++) await turns.take().ready;
});
