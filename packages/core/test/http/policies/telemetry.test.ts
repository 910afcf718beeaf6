import { expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { createClient, registerSecret, type HttpOptions, type HttpRequest, type Sender } from '@headwater/core';
import { mockApi, type MockApi } from '@headwater/testing';
import { quick } from '../quick.ts';
import { registerSdk, type Sdk } from '../sdk.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

const ask = (url: string, { sender, ...options }: HttpOptions & { readonly sender?: Sender } = {}) =>
  createClient({ retry: quick, circuitBreaker: false, ...options })(get(url, sender));

const get = (url: string, sender: Sender = {}): HttpRequest => ({ method: 'GET', url, headers: {}, sender });

const sentTraceparents = (api: MockApi) => api.requests.map(({ headers }) => headers['traceparent']);

const namesOf = (sdk: Sdk) =>
  sdk.spans().map((span) => {
    const { traceId, spanId, traceFlags } = span.spanContext();
    return `00-${traceId}-${spanId}-0${traceFlags}`;
  });

test('makes a client span of each attempt, by the HTTP conventions', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(503).reply(429, undefined, { 'retry-after': 1 }).reply(200, { ok: true });

  await ask(`${api.url}/x?page=2`, { sender: { stream: 'issues', slice: { repo: 'a' } } });

  const url = new URL(api.url);
  const common = {
    'http.request.method': 'GET',
    'server.address': url.hostname,
    'server.port': Number(url.port),
    'url.full': `${api.url}/x?page=2`,
    'headwater.stream': 'issues',
    'headwater.slice': '{"repo":"a"}',
  };
  expect(sdk.spans().map(({ attributes }) => attributes)).toEqual([
    { ...common, 'http.response.status_code': 503, 'error.type': '503' },
    { ...common, 'http.response.status_code': 429, 'error.type': '429', 'http.request.resend_count': 1 },
    { ...common, 'http.response.status_code': 200, 'http.request.resend_count': 2 },
  ]);
  expect(sdk.spans().map(({ name, kind }) => [name, kind])).toEqual([1, 2, 3].map(() => ['GET', SpanKind.CLIENT]));
  expect(sdk.spans().map(({ status }) => status.code)).toEqual([
    SpanStatusCode.ERROR,
    SpanStatusCode.ERROR,
    SpanStatusCode.UNSET,
  ]);
  expect(sdk.spans()[0]?.instrumentationScope.name).toBe('@headwater/core');
});

test('names each span in the traceparent of its attempt', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(503).reply(200);

  await ask(`${api.url}/x`);

  expect(sentTraceparents(api)).toEqual(namesOf(sdk));
  expect(new Set(namesOf(sdk)).size).toBe(2);
});

test('agrees with the trace headers where those are asked for', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200);
  const env = { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, TRACESTATE: 'rojo=1', HEADWATER_CORRELATION_ID: 'sync-17' };

  await ask(`${api.url}/x`, { trace: { env } });

  const [span] = sdk.spans();
  expect(span?.spanContext().traceId).toBe(TRACE);
  expect(span?.parentSpanContext?.spanId).toBe(PARENT);
  expect(sentTraceparents(api)).toEqual(namesOf(sdk));
  expect(api.requests[0]?.headers).toMatchObject({ tracestate: 'rojo=1', 'x-correlation-id': 'sync-17' });
});

test('carries on the trace of the environment without a context manager', async () => {
  await using sdk = registerSdk({ contexts: false });
  await using api = await mockApi();
  api.reply(200);

  await ask(`${api.url}/x`, { trace: { env: { TRACEPARENT: `00-${TRACE}-${PARENT}-01` } } });

  expect(sdk.spans()[0]?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: PARENT });
  expect(sentTraceparents(api)).toEqual(namesOf(sdk));
});

test('has the active span for its parent, before that of the environment', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200);
  const env = { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, TRACESTATE: 'rojo=1' };

  const parent = trace.getTracer('test').startSpan('sync');
  await context.with(trace.setSpan(context.active(), parent), () => ask(`${api.url}/x`, { trace: { env } }));
  parent.end();

  const [span] = sdk.spans();
  expect(span?.name).toBe('GET');
  expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  expect(span?.spanContext().traceId).toBe(parent.spanContext().traceId);
  expect(sentTraceparents(api)).toEqual(namesOf(sdk).slice(0, 1));
  expect(api.requests[0]?.headers['tracestate']).toBeUndefined();
});

test('is the active span of what the wire does', async () => {
  await using sdk = registerSdk();
  const seen: (string | undefined)[] = [];

  await ask('https://api.example.com/x', {
    wire: async (request) => {
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
      return { request, status: 200, headers: {}, url: request.url, bytes: new Uint8Array() };
    },
  });

  expect(seen).toEqual([sdk.spans()[0]?.spanContext().spanId]);
  expect(sdk.spans()[0]?.attributes).toMatchObject({ 'server.address': 'api.example.com', 'server.port': 443 });
});

test('leaves the headers of the author alone', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200);
  const traceparent = `00-${TRACE}-${PARENT}-01`;

  await createClient({})({ method: 'GET', url: `${api.url}/x`, headers: { traceparent } });

  expect(sentTraceparents(api)).toEqual([traceparent]);
  expect(sdk.spans()).toHaveLength(1);
});

test('tells the API nothing when trace is false', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200);

  await ask(`${api.url}/x`, { trace: false });

  expect(sentTraceparents(api)).toEqual([undefined]);
  expect(sdk.spans()).toHaveLength(1);
});

test('says in the traceparent that a trace is not sampled', async () => {
  await using sdk = registerSdk({ sampler: new AlwaysOffSampler() });
  await using api = await mockApi();
  api.reply(200);

  await ask(`${api.url}/x`);

  expect(sdk.spans()).toHaveLength(0);
  expect(sentTraceparents(api)).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)]);
});

test('records what is thrown', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply({ fault: { kind: 'reset' } });

  await expect(ask(`${api.url}/x`, { retry: { ...quick, attempts: 1 } })).rejects.toThrow();

  const [span] = sdk.spans();
  expect(span?.attributes).toMatchObject({ 'error.type': 'NetworkError' });
  expect(span?.attributes).not.toHaveProperty('http.response.status_code');
  expect(span?.status).toMatchObject({ code: SpanStatusCode.ERROR, message: expect.stringContaining('GET ') });
  expect(span?.events.map(({ name, attributes }) => [name, attributes?.['exception.type']])).toEqual([
    ['exception', 'NetworkError'],
  ]);
});

test('takes a request ended by its own signal for no failure', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  const abort = new AbortController();
  api.on('GET /x', () => {
    abort.abort();
    return { fault: { kind: 'stall' } };
  });

  await expect(createClient({})({ ...get(`${api.url}/x`), signal: abort.signal })).rejects.toThrow();

  const [span] = sdk.spans();
  expect(span).toMatchObject({ attributes: { 'error.type': 'AbortError' }, events: [] });
  expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
});

test('names a method it does not know _OTHER', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  api.reply(200);

  await createClient({})({ method: 'PURGE', url: `${api.url}/x`, headers: {} });

  expect(sdk.spans()[0]).toMatchObject({
    name: 'HTTP',
    attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' },
  });
});

test('keeps secrets out of spans and metrics', async () => {
  await using sdk = registerSdk();
  await using api = await mockApi();
  registerSecret('registered-secret/1');
  api.reply(503).reply({ fault: { kind: 'reset' } });
  const query = `?api_key=hush-1&X-Amz-Signature=hush-2&page=7&q=${encodeURIComponent('registered-secret/1')}`;
  const sender = { label: 'slice "registered-secret/1"', stream: 'a', slice: { account: 'registered-secret/1' } };

  await expect(
    ask(`${api.url.replace('//', '//user:hush-3@')}/x${query}`, { sender, retry: { ...quick, attempts: 2 } }),
  ).rejects.toThrow(/registered-secret/);

  const all = await sdk.everything();
  expect(all).toContain('page=7');
  expect(all).toContain('api_key=****');
  expect(all).not.toMatch(/hush|registered-secret/);
  expect(sdk.spans()).toHaveLength(2);
});

test('adds nothing to a request without an SDK, nor after it is gone', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 200 });
  const client = createClient({});
  const plain = () => client(get(`${api.url}/x`));

  await plain();
  const sdk = registerSdk();
  await plain();
  await sdk[Symbol.asyncDispose]();
  await plain();

  const [before, during, after] = api.requests.map(({ headers }) => Object.keys(headers));
  expect(before).not.toContain('traceparent');
  expect(new Set(during)).toEqual(new Set([...(before ?? []), 'traceparent']));
  expect(after).toEqual(before);
});
