import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { ConfigError, ConnectorError, HttpStatusError, type HttpRequest, type Policy } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import type { ConnectionConfig } from '../../src/connection/config.ts';
import { HttpConnections } from '../../src/connection/connections.ts';
import { gotWire } from '../../src/http/wire.ts';
import { redact } from '../../src/output/redact.ts';
import { keptLog } from '../http/log.ts';
import { quick } from '../http/quick.ts';
import { started } from '../http/tls-server.ts';

const connect = (baseUrl: string, config: Partial<ConnectionConfig> = {}) =>
  new HttpConnections({ crm: { baseUrl, retry: quick, ...config } }).get('crm');

test('sends a JSON body and reads a JSON answer with all its digits', async () => {
  await using api = await mockApi();
  api.on('POST /v1/contacts', { status: 201, body: '{"id":12345678901234567890}' });

  const answer = await connect(`${api.url}/v1`).post('/contacts', { json: { id: 12345678901234567890n, name: 'Ada' } });

  expect(answer.status).toBe(201);
  expect(answer.ok).toBe(true);
  expect(answer.url).toBe(`${api.url}/v1/contacts`);
  expect(answer.json()).toEqual({ id: 12345678901234567890n });
  expect(api.requests[0]!.body).toBe('{"id":12345678901234567890,"name":"Ada"}');
  expect(api.requests[0]!.headers['content-type']).toBe('application/json');
});

test('sends a form body, query parameters and headers', async () => {
  await using api = await mockApi();
  api.on('PUT /x', { body: 'ok' });
  const crm = connect(api.url, { headers: { 'X-Tenant': 'a', Accept: 'text/plain' } });

  await crm.put('/x?a=1', {
    form: { name: 'Ada & co', tag: ['x', 'y'] },
    params: { b: [2, 3] },
    headers: { ACCEPT: '*/*' },
  });

  const { body, headers, query } = api.requests[0]!;
  expect(body).toBe('name=Ada+%26+co&tag=x&tag=y');
  expect(headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'x-tenant': 'a',
    accept: '*/*',
  });
  expect(query.toString()).toBe('a=1&b=2&b=3');
});

test('sends each method, with a raw body where there is one', async () => {
  await using api = await mockApi();
  for (const method of ['GET', 'PATCH', 'DELETE', 'OPTIONS']) api.on(`${method} /x`, { body: method });
  const crm = connect(api.url);

  const answers = [
    await crm.get('/x'),
    await crm.patch('/x', { body: new Uint8Array([104, 105]) }),
    await crm.delete('/x'),
    await crm.send({ method: 'OPTIONS', path: '/x' }),
  ];

  expect(answers.map((answer) => answer.text())).toEqual(['GET', 'PATCH', 'DELETE', 'OPTIONS']);
  expect(api.requests[1]).toMatchObject({ body: 'hi', headers: { 'content-type': 'application/octet-stream' } });
});

test('reads text in the charset the API names, and by its mark', async () => {
  await using api = await mockApi();
  api.reply(200, Buffer.from([0xe9]), { 'content-type': 'text/plain; charset=iso-8859-1' });
  api.reply(200, Buffer.from([0xff, 0xfe, 0x41, 0x00]));
  const crm = connect(api.url);

  expect((await crm.get('/x')).text()).toBe('é');
  expect((await crm.get('/x')).text()).toBe('A');
});

test('names the request whose answer is not JSON', async () => {
  await using api = await mockApi();
  api.reply(200, '[1, 2');

  const answer = await connect(api.url).get('/x');

  expect(() => answer.json()).toThrow(
    /GET http.*\/x \(connection "crm"\) was answered with a body that is not valid JSON/,
  );
});

test.each<[string, ConnectionConfig['auth'], object]>([
  ['bearer', { type: 'bearer', token: 'token-1' }, { authorization: 'Bearer token-1' }],
  ['basic', { type: 'basic', username: 'ada', password: 'päss' }, { authorization: 'Basic YWRhOnDDpHNz' }],
  ['a key in a header', { type: 'apiKey', header: 'X-Key', value: 'key-1' }, { 'x-key': 'key-1' }],
  ['a policy', (next) => (request) => next({ ...request, headers: { 'x-own': '1' } }), { 'x-own': '1' }],
])('authenticates by %s', async (_name, auth, headers) => {
  await using api = await mockApi();
  api.reply(200);

  await connect(api.url, auth && { auth }).get('/x');

  expect(api.requests[0]!.headers).toMatchObject(headers);
});

test('authenticates by a key in the query, and hides it', async () => {
  await using api = await mockApi();
  api.reply(404);
  const crm = connect(api.url, { auth: { type: 'apiKey', query: 'key', value: 'query-secret-1' } });

  const error = await crm.get('/x').catch((thrown: unknown) => thrown);

  expect(api.requests[0]!.query.get('key')).toBe('query-secret-1');
  expect(String(error)).not.toContain('query-secret-1');
  expect(redact('/x?key=query-secret-1')).toBe('/x?key=****');
});

test('tries again, says so in the log, and throws what stays a failure', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 503 });
  const log = keptLog();
  const connections = new HttpConnections({ crm: { baseUrl: api.url, retry: { ...quick, attempts: 2 } } }, { log });

  await expect(connections.get('crm').get('/x')).rejects.toThrow(HttpStatusError);

  expect(api.requests).toHaveLength(2);
  expect(log.lines.join('\n')).toContain('(connection "crm") was answered with 503');
});

test('hands back every status when none is a failure', async () => {
  await using api = await mockApi();
  api.reply(404, { why: 'gone' }).reply(503).reply(429);
  const crm = connect(api.url, { failureStatuses: [] });

  const missing = await crm.get('/x');

  expect(missing.ok).toBe(false);
  expect(missing.json()).toEqual({ why: 'gone' });
  expect((await crm.get('/x')).status).toBe(503);
  expect((await crm.get('/x')).status).toBe(429);
});

test('fails on the listed statuses only', async () => {
  await using api = await mockApi();
  api.reply(404).reply(500).reply(202).reply(204);
  const crm = connect(api.url, { failureStatuses: ['5xx', 202], retry: { ...quick, attempts: 1 } });

  expect((await crm.get('/x')).status).toBe(404);
  await expect(crm.get('/x')).rejects.toMatchObject({ status: 500, failureType: 'transient_error' });
  await expect(crm.get('/x')).rejects.toThrow(/202 Accepted.*failureStatuses/);
  expect((await crm.get('/x')).status).toBe(204);
});

test('keeps the credential away from another origin', async () => {
  await using api = await mockApi();
  const crm = connect(api.url, { auth: { type: 'bearer', token: 'token-1' } });

  await expect(crm.get('https://elsewhere.example.com/x')).rejects.toThrow(
    /connection "crm": https:\/\/elsewhere.example.com is not the origin of its baseUrl/,
  );
  api.reply(200);
  expect((await crm.get(`${api.url}/next`)).status).toBe(200);
});

test('refuses two bodies at once', async () => {
  const crm = connect('http://127.0.0.1:1');

  await expect(crm.post('/x', { json: {}, body: '' })).rejects.toThrow(/Give "json", "form" or "body"/);
});

test('ends a request under way when its signal aborts', async () => {
  await using api = await mockApi();
  api.on('GET /x', { fault: { kind: 'stall' } });
  const stop = new AbortController();
  const sent = connect(api.url).get('/x', { signal: stop.signal });
  while (api.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));

  await expect(sent).rejects.toThrow('enough');
});

test('lists the names there are when asked for another', async () => {
  const connections = new HttpConnections({
    crm: { baseUrl: 'https://a.example.com' },
    billing: { baseUrl: 'https://b.example.com' },
  });

  expect(connections.names()).toEqual(['crm', 'billing']);
  expect(() => connections.get('crn')).toThrow('There is no connection "crn". Known: crm, billing.');
  expect(() => connections.pool('toString')).toThrow(ConnectorError);
});

test('is of no use once it is disposed of', async () => {
  const connections = new HttpConnections({ crm: { baseUrl: 'https://a.example.com' } });
  await connections[Symbol.asyncDispose]();

  expect(() => connections.get('crm')).toThrow('The connections are closed.');
});

test('closes its sockets when it is disposed of, those in use as soon as their answer is there', async () => {
  const waiting: (() => void)[] = [];
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/slow') waiting.push(() => void response.end('slow'));
    else response.end('fast');
  });
  server.on('connection', (socket: Socket) => void sockets.push(socket));
  await using api = await started(server);
  const connections = new HttpConnections({ crm: { baseUrl: `http://127.0.0.1:${api.port}`, retry: quick } });
  const crm = connections.get('crm');
  const slow = crm.get('/slow');
  while (waiting.length === 0) await new Promise(setImmediate);
  await crm.get('/fast');
  const [used, idle] = sockets;

  const closed = once(idle!, 'close');
  await connections[Symbol.asyncDispose]();
  await closed;
  expect(used!.destroyed).toBe(false);
  const ended = once(used!, 'close');
  waiting[0]!();

  expect((await slow).text()).toBe('slow');
  await ended;
  expect(sockets).toHaveLength(2);
});

test('leaves a wire of the config open', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'ok' });
  let closed = 0;
  const own = gotWire();
  const wire = Object.assign((request: HttpRequest) => own(request), { close: async () => void closed++ });

  await using connections = new HttpConnections({ crm: { baseUrl: api.url, http: { wire } } });
  await connections.get('crm').get('/x');
  await connections[Symbol.asyncDispose]();

  expect(closed).toBe(0);
  await own.close();
});

const valid = { baseUrl: 'https://api.example.com' };

test.each<[string, unknown, string]>([
  ['no base URL', {}, '/crm/baseUrl: is missing.'],
  ['a relative base URL', { baseUrl: '/v1' }, '/crm/baseUrl: expected an absolute http or https URL'],
  ['a password in the URL', { baseUrl: 'https://a:hidden-1@b.example' }, '/crm/baseUrl: holds a user name'],
  ['an unknown field', { ...valid, baseURL: 'x' }, '/crm/baseURL: unknown field. Known: baseUrl, auth,'],
  ['an unknown credential', { ...valid, auth: { type: 'magic' } }, '/crm/auth/type: unknown type of credential'],
  ['an inherited name', { ...valid, auth: { type: 'toString' } }, '/crm/auth/type: unknown type of credential'],
  ['an empty token', { ...valid, auth: { type: 'bearer', token: '' } }, '/crm/auth/token: expected a text that is not'],
  ['no password', { ...valid, auth: { type: 'basic', username: 'a' } }, '/crm/auth/password: is missing.'],
  [
    'a key in two places',
    { ...valid, auth: { type: 'apiKey', header: 'a', query: 'b', value: 'hidden-1' } },
    '/crm/auth: expected either "header" or "query"',
  ],
  ['a header that is a number', { ...valid, headers: { a: 1 } }, '/crm/headers/a: expected a text, but it is 1.'],
  ['a negative time limit', { ...valid, timeouts: { idle: -1 } }, '/crm/timeouts/idle: expected a number of milli'],
  ['an unknown time limit', { ...valid, timeouts: { read: 1 } }, '/crm/timeouts/read: unknown field. Known: connect,'],
  ['no attempt', { ...valid, retry: { attempts: 0 } }, '/crm/retry/attempts: expected a whole number, 1 or more'],
  ['half a lease', { ...valid, poolSize: 0.5 }, '/crm/poolSize: expected a whole number, 1 or more, but it is 0.5.'],
  ['no status', { ...valid, failureStatuses: [404, '6xx'] }, '/crm/failureStatuses/1: expected a status from 100'],
  ['a ping in small letters', { ...valid, ping: { method: 'get' } }, '/crm/ping/method: expected a method in capitals'],
  ['no object', 'https://api.example.com', '/crm: expected an object, but it is a text.'],
])('refuses a config with %s', (_name, crm, message) => {
  const make = () => new HttpConnections({ crm } as Record<string, ConnectionConfig>);

  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
  expect(make).not.toThrow('hidden-1');
});

test('lists all wrong fields of all connections', () => {
  const config = { a: { baseUrl: 'ftp://x' }, 'b/c': { ...valid, poolSize: 0 } };

  expect(() => new HttpConnections(config)).toThrow(/\/a\/baseUrl: .*\/b~1c\/poolSize: /);
});

test('takes a whole config from JSON', () => {
  const config = {
    crm: {
      ...valid,
      auth: { type: 'apiKey', header: 'x-key', value: 'v' },
      headers: { accept: 'text/csv' },
      timeouts: { connect: 1000, headers: 0 },
      retry: { attempts: 2, totalTime: 1000, maxWait: 1000, rateLimitTime: 0, waitHeaders: ['x-wait'] },
      poolSize: 3,
      failureStatuses: [404, '5xx'],
      ping: { method: 'GET', path: '/me' },
      http: { maxBodyBytes: 1000 },
    },
  };

  expect(new HttpConnections(JSON.parse(JSON.stringify(config))).names()).toEqual(['crm']);
});

test('passes the options of the HTTP layer on', async () => {
  await using api = await mockApi();
  api.reply(200, 'x'.repeat(2000));
  const cookies: Policy = (next) => (request) => next({ ...request, headers: { ...request.headers, cookie: 'a=1' } });
  const crm = connect(api.url, { http: { maxBodyBytes: 1000, cookies } });

  await expect(crm.get('/x')).rejects.toThrow(/larger than 1000 bytes/);
  expect(api.requests[0]!.headers.cookie).toBe('a=1');
});
