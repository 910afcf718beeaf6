import { expect, test } from '@jest/globals';
import { HttpStatusError, NetworkError, type HttpRequest, type Policy } from '@headwater/core';
import { mockApi, type Reply } from '@headwater/testing';
import { compose } from '../../../src/http/compose.ts';
import { circuitBreaker, type CircuitBreakerOptions } from '../../../src/http/policies/circuit-breaker.ts';
import { retry } from '../../../src/http/policies/retry.ts';
import { gotWire } from '../../../src/http/wire.ts';
import { CircuitOpenError } from '../../../src/errors.ts';
import { keptLog } from '../log.ts';
import { quickClock } from '../quick.ts';

/** A clock that stands still until it is moved. */
const handClock = () => {
  const clock = { ...quickClock(), at: Date.parse('2026-03-01T00:00:00Z') };
  return Object.assign(clock, { now: () => clock.at });
};

const breakerOf = (options: CircuitBreakerOptions = {}) => {
  const clock = handClock();
  return { clock, policy: circuitBreaker({ clock, failures: 3, ...options }) };
};

const wire = gotWire({ timeouts: { headers: 100 } });
const sendWith = (policy: Policy) => compose([policy], wire);
const get = (url: string, rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  ...rest,
});
const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

test('opens after so many failures in a row and asks no more', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 503, body: 'under repair' });
  const { policy } = breakerOf();
  const send = sendWith(policy);
  const log = keptLog();
  const request = get(`${api.url}/x`, { sender: { label: 'stream "a"', log } });

  for (let i = 0; i < 3; i++) expect(await send(request)).toMatchObject({ status: 503 });
  const refused = await caught(send(request));
  const again = await caught(send(get(`${api.url}/y`, { sender: { log } })));

  expect(refused).toBeInstanceOf(CircuitOpenError);
  expect(refused).toMatchObject({ failureType: 'transient_error' });
  expect(String(refused)).toBe(
    `CircuitOpenError: ${api.url} failed 3 times in a row. The last failure: GET ${api.url}/x (stream "a") was ` +
      `answered with 503 Service Unavailable: "under repair". It is not asked again before ` +
      `2026-03-01T00:01:00.000Z; run the sync again after that.`,
  );
  // The slices that are left fail with one and the same message, which is then reported once.
  expect(String(again)).toBe(String(refused));
  expect(api.requests).toHaveLength(3);
  expect(log.lines).toEqual([
    `warn: ${api.url} failed 3 times in a row. The last failure: GET ${api.url}/x (stream "a") was answered with ` +
      `503 Service Unavailable: "under repair". It is asked again after a rest of 60 s.`,
  ]);
});

test('opens after twenty failures by default, for a minute', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 500 });
  const clock = handClock();
  const send = sendWith(circuitBreaker({ clock }));

  for (let i = 0; i < 20; i++) await send(get(`${api.url}/x`));
  await expect(send(get(`${api.url}/x`))).rejects.toThrow('failed 20 times in a row');
  clock.at += 59_999;
  await expect(send(get(`${api.url}/x`))).rejects.toThrow(CircuitOpenError);
  clock.at += 1;
  await send(get(`${api.url}/x`));

  expect(api.requests).toHaveLength(21);
});

test.each([200, 304, 401, 404, 429])('starts the count again after a %i', async (status) => {
  await using api = await mockApi();
  for (const next of [500, 500, status, 500, 500, 200]) api.reply(next);
  const { policy } = breakerOf();
  const send = sendWith(policy);

  for (let i = 0; i < 6; i++) await send(get(`${api.url}/x`));

  expect(api.requests).toHaveLength(6);
});

const failures: readonly (readonly [string, Reply])[] = [
  ['a reset connection', { fault: { kind: 'reset' } }],
  ['a time-out', { fault: { kind: 'stall' } }],
  ['a 599', { status: 599 }],
];

test.each(failures)('counts %s as a failure', async (_name, reply) => {
  await using api = await mockApi();
  api.on('GET /x', reply);
  const { policy } = breakerOf({ failures: 1 });
  const send = sendWith(policy);

  expect(await caught(send(get(`${api.url}/x`)))).not.toBeInstanceOf(CircuitOpenError);
  await expect(send(get(`${api.url}/x`))).rejects.toThrow(/ failed once\. The last failure: GET .*\. It is not asked/);
  expect(api.requests).toHaveLength(1);
});

test('counts neither an abort nor what the connector itself throws', async () => {
  await using api = await mockApi();
  api.on('GET /x', { fault: { kind: 'stall' } });
  api.on('GET /y', { body: 'fine' });
  const { policy } = breakerOf({ failures: 1 });
  const send = sendWith(policy);
  const stop = new AbortController();
  const sent = send(get(`${api.url}/x`, { signal: stop.signal }));
  await until(() => api.requests.length === 1);
  stop.abort(new NetworkError('The reader has left.', 'transient_error'));
  await expect(sent).rejects.toThrow('The reader has left.');

  const own = compose([policy], async () => {
    throw new NetworkError('A bad certificate.', 'config_error');
  });
  await expect(own(get(`${api.url}/y`))).rejects.toThrow('A bad certificate.');

  expect(await send(get(`${api.url}/y`))).toMatchObject({ status: 200 });
});

test('sends one probe after the reset time and closes when it is answered', async () => {
  await using api = await mockApi();
  let answer = (_reply: Reply): void => {};
  api.on(
    'GET /x',
    { status: 500 },
    { status: 500 },
    { status: 500 },
    () => new Promise((resolve) => (answer = resolve)),
  );
  api.on('GET /y', { body: 'fine' });
  const { policy, clock } = breakerOf({ resetTime: 5000 });
  const send = sendWith(policy);
  const log = keptLog();
  const sender = { log };
  for (let i = 0; i < 3; i++) await send(get(`${api.url}/x`, { sender }));
  log.lines.length = 0;

  clock.at += 5000;
  const probe = send(get(`${api.url}/x`, { sender }));
  await until(() => api.requests.length === 4);
  await expect(send(get(`${api.url}/y`, { sender }))).rejects.toThrow(
    'One request is finding out whether it answers again',
  );
  answer({ status: 429 });
  expect(await probe).toMatchObject({ status: 429 });
  expect(await send(get(`${api.url}/y`, { sender }))).toMatchObject({ status: 200 });

  expect(api.requests).toHaveLength(5);
  expect(log.lines).toEqual([
    `info: ${api.url} is asked again, with one request, after a rest of 5 s.`,
    `info: ${api.url} answers again after 3 failures in a row.`,
  ]);
});

test('opens anew when the probe fails', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 500 });
  const { policy, clock } = breakerOf({ resetTime: 5000 });
  const send = sendWith(policy);
  const log = keptLog();
  const request = get(`${api.url}/x`, { sender: { log } });
  for (let i = 0; i < 3; i++) await send(request);

  clock.at += 5000;
  await send(request);
  clock.at += 4999;

  await expect(send(request)).rejects.toThrow('failed 4 times in a row');
  expect(api.requests).toHaveLength(4);
  expect(log.lines.map((line) => line.split(':', 1)[0])).toEqual(['warn', 'info', 'warn']);
});

test('lets another request probe when the probe was aborted', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 500 }, { fault: { kind: 'stall' } }, { status: 200 });
  const { policy, clock } = breakerOf({ failures: 1 });
  const send = sendWith(policy);
  await send(get(`${api.url}/x`));
  clock.at += 60_000;
  const stop = new AbortController();
  const probe = send(get(`${api.url}/x`, { signal: stop.signal }));
  await until(() => api.requests.length === 2);
  stop.abort(new Error('enough'));
  await expect(probe).rejects.toThrow('enough');

  expect(await send(get(`${api.url}/x`))).toMatchObject({ status: 200 });
});

test('keeps its rest when requests sent before it fail later', async () => {
  await using api = await mockApi();
  const late: ((reply: Reply) => void)[] = [];
  api.on('GET /late', () => new Promise((resolve) => late.push(resolve)));
  api.on('GET /x', { status: 500 });
  const { policy, clock } = breakerOf({ failures: 1, resetTime: 5000 });
  const send = compose([policy], gotWire());
  const log = keptLog();
  const slow = send(get(`${api.url}/late`, { sender: { log } }));
  await until(() => late.length === 1);
  await send(get(`${api.url}/x`, { sender: { log } }));

  clock.at += 4000;
  late[0]!({ status: 500 });
  await slow;
  expect(log.lines).toHaveLength(1);
  clock.at += 1000;

  expect(await send(get(`${api.url}/x`))).toMatchObject({ status: 500 });
});

test('closes when a request sent before it opened is answered', async () => {
  await using api = await mockApi();
  const late: ((reply: Reply) => void)[] = [];
  api.on('GET /late', () => new Promise((resolve) => late.push(resolve)));
  api.on('GET /x', { status: 500 }, { status: 200 });
  const { policy } = breakerOf({ failures: 1 });
  const send = compose([policy], gotWire());
  const slow = send(get(`${api.url}/late`));
  await until(() => late.length === 1);
  await send(get(`${api.url}/x`));
  await expect(send(get(`${api.url}/x`))).rejects.toThrow(CircuitOpenError);
  late[0]!({ status: 200 });
  await slow;

  expect(await send(get(`${api.url}/x`))).toMatchObject({ status: 200 });
});

test('keeps origins apart and is shared by the clients that share it', async () => {
  await using sick = await mockApi();
  await using well = await mockApi();
  sick.on('GET /x', { status: 500 });
  well.on('GET /x', { body: 'fine' });
  const { policy } = breakerOf({ failures: 1 });
  const [one, other] = [sendWith(policy), sendWith(policy)];

  await one(get(`${sick.url}/x`));

  await expect(other(get(`${sick.url}/x`))).rejects.toThrow(CircuitOpenError);
  expect(await other(get(`${well.url}/x`))).toMatchObject({ status: 200 });
  await expect(one(get(`${sick.url}/x`))).rejects.toThrow(CircuitOpenError);
});

test('ends the attempts of a retry around it', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 503 });
  const clock = quickClock();
  const send = compose([retry({ clock, backoff: (attempt) => attempt }), circuitBreaker({ failures: 7 })], wire);

  await expect(send(get(`${api.url}/x`))).rejects.toThrow(HttpStatusError);
  await expect(send(get(`${api.url}/x`))).rejects.toThrow(CircuitOpenError);
  await expect(send(get(`${api.url}/x`))).rejects.toThrow(CircuitOpenError);

  expect(api.requests).toHaveLength(7);
  expect(clock.waits).toEqual([1, 2, 3, 4, 1, 2]);
});
