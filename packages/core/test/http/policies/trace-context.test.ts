import { expect, test } from '@jest/globals';
import { ConfigError, ConnectorError, type HttpHeaders, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { compose } from '../../../src/http/compose.ts';
import { correlationOf } from '../../../src/http/correlation.ts';
import { correlation } from '../../../src/http/policies/correlation.ts';
import { responseCache } from '../../../src/http/policies/response-cache.ts';
import { retry } from '../../../src/http/policies/retry.ts';
import { traceContext } from '../../../src/http/policies/trace-context.ts';
import { traceOptions, type TraceContextOptions } from '../../../src/http/trace-settings.ts';
import type { Sender } from '../../../src/http/types.ts';
import { gotWire } from '../../../src/http/wire.ts';
import { keptLog } from '../log.ts';
import { quickClock } from '../quick.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The list as the client has it: the id outermost, the headers next to the wire. */
const sendWith = (given: TraceContextOptions = {}) => {
  const options = { env: {}, ...given };
  return compose(
    [correlation(options), retry({ clock: quickClock() }), responseCache(), traceContext(options)],
    gotWire(),
  );
};

const get = (url: string, headers: HttpHeaders = {}, sender: Sender = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers,
  sender,
});

test('carries on the trace of the environment, with a parent id for each attempt', async () => {
  await using api = await mockApi();
  api.reply(503).reply(503).reply(200);
  const env = { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, TRACESTATE: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE' };

  await sendWith({ env })(get(`${api.url}/x`));

  const sent = api.requests.map(({ headers }) => headers['traceparent']);
  for (const header of sent) expect(header).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  expect(new Set(sent).size).toBe(3);
  expect(sent.join(' ')).not.toContain(PARENT);
  expect(api.requests.map(({ headers }) => headers['tracestate'])).toEqual([1, 2, 3].map(() => env.TRACESTATE));
});

test.each([
  ['a flag that says not sampled', `00-${TRACE}-${PARENT}-00`, '00'],
  ['flags it does not know', `00-${TRACE}-${PARENT}-03`, '01'],
  ['a later version with more fields', `01-${TRACE}-${PARENT}-01-more`, '01'],
  ['spaces around it', ` 00-${TRACE}-${PARENT}-01\n`, '01'],
])('understands a traceparent with %s', async (_name, traceparent, flags) => {
  await using api = await mockApi();
  api.reply(200);

  await sendWith({ env: { TRACEPARENT: traceparent } })(get(`${api.url}/x`));

  expect(api.requests[0]!.headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${flags}$`));
});

test.each([
  ['is no traceparent', 'yes'],
  ['has a forbidden version', `ff-${TRACE}-${PARENT}-01`],
  ['has more fields than its version', `00-${TRACE}-${PARENT}-01-more`],
  ['has a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['has a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['is in capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ['is too short', `00-${TRACE.slice(1)}-${PARENT}-01`],
])('begins a trace of its own when the one given %s', async (_name, traceparent) => {
  await using api = await mockApi();
  api.reply(200).reply(200);
  const env = { TRACEPARENT: traceparent, TRACESTATE: 'rojo=1' };

  await sendWith({ env })(get(`${api.url}/x`));
  await sendWith()(get(`${api.url}/y`));

  const [first, other] = api.requests.map(({ headers }) => String(headers['traceparent']).split('-'));
  expect(first).toEqual(['00', expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{16}$/), '01']);
  expect(first![1]).not.toBe(TRACE);
  // One trace for the whole process.
  expect(other![1]).toBe(first![1]);
  expect(api.requests[0]!.headers['tracestate']).toBeUndefined();
});

test('drops a tracestate that cannot stand in a header', async () => {
  await using api = await mockApi();
  api.reply(200);

  await sendWith({ env: { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, TRACESTATE: 'a=1\r\nx-evil: 1' } })(
    get(`${api.url}/x`),
  );

  expect(api.requests[0]!.headers).toMatchObject({ traceparent: expect.stringContaining(TRACE) });
  expect(api.requests[0]!.headers['tracestate']).toBeUndefined();
});

test('sends one random correlation id a process', async () => {
  await using api = await mockApi();
  api.reply(200).reply(200);

  await sendWith()(get(`${api.url}/x`));
  await sendWith()(get(`${api.url}/y`));

  const ids = api.requests.map(({ headers }) => headers['x-correlation-id']);
  expect(ids[0]).toMatch(UUID);
  expect(ids[1]).toBe(ids[0]);
});

test('sends the correlation id of the environment, or rather of the option', async () => {
  await using api = await mockApi();
  api.reply(200).reply(200);
  const env = { HEADWATER_CORRELATION_ID: 'sync-17' };

  await sendWith({ env })(get(`${api.url}/x`));
  await sendWith({ env, correlationId: 'order 4711', correlationHeader: 'X-Zato-CID' })(get(`${api.url}/y`));

  expect(api.requests[0]!.headers).toMatchObject({ 'x-correlation-id': 'sync-17' });
  expect(api.requests[1]!.headers).toMatchObject({ 'x-zato-cid': 'order 4711' });
  expect(api.requests[1]!.headers['x-correlation-id']).toBeUndefined();
});

test('sends the component and the time where asked to', async () => {
  await using api = await mockApi();
  api.reply(200).reply(200);
  const clock = { ...quickClock(), now: () => Date.parse('2026-03-01T12:00:00.250Z') };
  const component = { header: 'X-Zato-Component', value: 'source-github' };

  await sendWith({ component, timestampHeader: 'X-Zato-Msg-TS', clock })(get(`${api.url}/x`));
  await sendWith()(get(`${api.url}/y`));

  expect(api.requests[0]!.headers).toMatchObject({
    'x-zato-component': 'source-github',
    'x-zato-msg-ts': '2026-03-01T12:00:00.250Z',
  });
  expect(Object.keys(api.requests[1]!.headers).filter((name) => name.startsWith('x-'))).toEqual(['x-correlation-id']);
});

test('leaves the headers alone that the author set', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200);
  const log = keptLog();
  const own = {
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`,
    'x-correlation-id': 'mine',
    'x-component': 'me',
    'x-at': 'now',
  };

  await sendWith({
    env: { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, TRACESTATE: 'rojo=1', HEADWATER_CORRELATION_ID: 'theirs' },
    component: { header: 'X-Component', value: 'them' },
    timestampHeader: 'X-At',
  })(get(`${api.url}/x`, own, { log }));

  for (const { headers } of api.requests) {
    expect(headers).toMatchObject(own);
    expect(headers['tracestate']).toBeUndefined();
  }
  expect(log.lines).toHaveLength(3);
  for (const line of log.lines) expect(line).toMatch(/^\w+: \[cid mine\] /);
});

test('begins every log line of a request with its id, those of retry too', async () => {
  await using api = await mockApi();
  api.reply(503).reply(200, 'fine').reply(200, 'fine');
  const log = keptLog();
  const send = sendWith({ correlationId: 'c1' });

  await send(get(`${api.url}/x`, {}, { log, label: 'stream "a"' }));
  await send(get(`${api.url}/y`, {}, { log }));

  expect(log.lines).toEqual([
    `debug: [cid c1] GET ${api.url}/x (stream "a") was answered with 503.`,
    expect.stringMatching(/^warn: \[cid c1\] GET .* was answered with 503 Service Unavailable\. Attempt 2 of 5 in /),
    `debug: [cid c1] GET ${api.url}/x (stream "a") was answered with 200.`,
    `debug: [cid c1] GET ${api.url}/y was answered with 200.`,
  ]);
});

test('keeps what the sender decides, also of a class, and tells the id below', async () => {
  await using api = await mockApi();
  api.reply(200, 'pending').reply(200, 'ready');
  class Patient implements Sender {
    reads = 0;
    answers = 0;
    shouldRetry() {
      return ++this.answers < 2;
    }
    async read() {
      this.reads++;
    }
  }
  const seen: (string | undefined)[] = [];
  const options = { env: {}, correlationId: 'c2' };
  const send = compose(
    [
      correlation(options),
      retry({ clock: quickClock() }),
      (next) => (request) => next({ ...request, sender: { ...request.sender, label: 'a copy' } }),
      (next) => (request) => {
        seen.push(correlationOf(request));
        return next(request);
      },
    ],
    gotWire(),
  );
  const sender = new Patient();
  const request = get(`${api.url}/x`, {}, sender);

  const response = await send(request);

  expect(Buffer.from(response.bytes).toString()).toBe('ready');
  expect(seen).toEqual(['c2', 'c2']);
  expect(correlationOf(request)).toBeUndefined();
  expect(sender.answers).toBe(0);
});

test('leaves the key of the response cache alone', async () => {
  await using api = await mockApi();
  api.reply(200, 'fine');
  const send = sendWith({ timestampHeader: 'x-at' });

  await send(get(`${api.url}/x`));
  await send(get(`${api.url}/x`));

  expect(api.requests).toHaveLength(1);
});

test.each([
  [{ correlationHeader: 'x id' }, 'http.trace.correlationHeader: "x id" is not a name of a header.'],
  [{ timestampHeader: '' }, 'http.trace.timestampHeader: "" is not a name of a header.'],
  [{ component: { header: 'a:b', value: 'x' } }, 'http.trace.component.header: "a:b" is not a name of a header.'],
  [{ component: { header: 'a', value: 'x\ny' } }, 'http.trace.component.value: "x\\ny" cannot stand in a header.'],
  [{ correlationId: 'ä' }, 'http.trace.correlationId: "ä" cannot stand in a header.'],
])('refuses %j', (options, message) => {
  expect(() => traceContext({ env: {}, ...options })).toThrow(ConnectorError);
  expect(() => correlation({ env: {}, ...options })).toThrow(message);
});

test('refuses an id of the environment that cannot stand in a header', () => {
  const env = { HEADWATER_CORRELATION_ID: 'a\nb' };

  expect(() => traceContext({ env })).toThrow(ConfigError);
  expect(() => traceContext({ env })).toThrow('HEADWATER_CORRELATION_ID is "a\\nb"');
});

test('is off unless the options or the environment ask for it', () => {
  const given = { correlationId: 'x' };
  const traced = { TRACEPARENT: `00-${TRACE}-${PARENT}-01` };
  const named = { HEADWATER_CORRELATION_ID: 'sync-17' };

  expect(traceOptions(undefined, {})).toBeUndefined();
  expect(traceOptions(undefined, { TRACEPARENT: '' })).toBeUndefined();
  expect(traceOptions(undefined, traced)).toEqual({ env: traced });
  expect(traceOptions(undefined, named)).toEqual({ env: named });
  expect(traceOptions(given, {})).toBe(given);
  expect(traceOptions(false, traced)).toBeUndefined();
});
