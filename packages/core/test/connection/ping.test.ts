import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { HttpStatusError, NetworkError, TimeoutError } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import type { ConnectionConfig } from '../../src/connection/config.ts';
import { HttpConnections } from '../../src/connection/connections.ts';
import { selfSigned } from '../http/reliability/certificates.ts';

const connect = (baseUrl: string, config: Partial<ConnectionConfig> = {}) =>
  new HttpConnections({ crm: { baseUrl, ...config } }).get('crm');

const portOf = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const POSITIVE = expect.any(Number);

test('measures a HEAD request over a connection of its own', async () => {
  await using api = await mockApi();
  api.on('HEAD /v1', { status: 204 });
  const crm = connect(`${api.url}/v1`, { auth: { type: 'bearer', token: 'token-1' } });

  const report = await crm.ping();

  expect(report).toEqual({
    reachable: true,
    status: 204,
    milliseconds: { connect: POSITIVE, firstByte: POSITIVE, total: POSITIVE },
  });
  const { connect: tcp = NaN, firstByte = NaN, total } = report.milliseconds;
  expect(Math.min(tcp, firstByte)).toBeGreaterThanOrEqual(0);
  // Each is rounded to a hundredth.
  expect(tcp + firstByte).toBeLessThanOrEqual(total + 0.03);
  expect(api.requests[0]!.headers.authorization).toBe('Bearer token-1');
  expect((await crm.ping()).milliseconds.connect).toEqual(POSITIVE);
});

test('measures the resolving of a name', async () => {
  await using api = await mockApi();
  api.on('HEAD /', {});

  const { milliseconds } = await connect(api.url.replace('127.0.0.1', 'localhost')).ping();

  expect(milliseconds.dns).toEqual(POSITIVE);
});

test('sends the method and path of the config', async () => {
  await using api = await mockApi();
  api.on('GET /v1/me', { body: 'x'.repeat(500_000) });

  const report = await connect(`${api.url}/v1`, { ping: { method: 'GET', path: '/me' } }).ping();

  expect(report).toMatchObject({ reachable: true, status: 200 });
  expect(report.error).toBeUndefined();
});

test('reports a status that is a failure, with what the API says, and asks once', async () => {
  await using api = await mockApi();
  api.on('GET /', { status: 503, body: { message: 'under repair' } });

  const { reachable, status, error } = await connect(api.url, { ping: { method: 'GET' } }).ping();

  expect({ reachable, status }).toEqual({ reachable: true, status: 503 });
  expect(error).toBeInstanceOf(HttpStatusError);
  expect(error!.message).toContain('503 Service Unavailable: "under repair"');
  expect(api.requests).toHaveLength(1);
});

test('names the credentials as what to check after a 401', async () => {
  await using api = await mockApi();
  api.on('HEAD /', { status: 401 });

  const { error } = await connect(api.url).ping();

  expect(error).toMatchObject({ status: 401, failureType: 'config_error' });
});

test('says how to ping an API that knows no HEAD', async () => {
  await using api = await mockApi();
  api.on('HEAD /', { status: 405 });

  expect((await connect(api.url).ping()).error!.message).toContain('Set ping.method to GET');
  expect((await connect(api.url, { failureStatuses: ['5xx'] }).ping()).error).toBeUndefined();
});

test('reports a dead port', async () => {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');

  const report = await connect(`http://127.0.0.1:${port}`).ping();

  expect(report).toEqual({ reachable: false, milliseconds: { total: POSITIVE }, error: expect.any(NetworkError) });
  expect(report.error!.message).toContain('refuses the connection');
});

test('reports a server that never answers', async () => {
  await using api = await mockApi();
  api.on('HEAD /', { fault: { kind: 'stall' } });

  const report = await connect(api.url, { timeouts: { headers: 60 } }).ping();

  expect(report).toMatchObject({
    reachable: false,
    milliseconds: { connect: POSITIVE },
    error: expect.any(TimeoutError),
  });
  expect(report.milliseconds.firstByte).toBeUndefined();
});

test('measures the TLS handshake, and reports a certificate that proves nothing', async () => {
  const pair = await selfSigned();
  const server = createHttpsServer(pair, (_request, response) => response.end());
  const url = `https://127.0.0.1:${await portOf(server)}`;
  try {
    const trusting = await connect(url, { http: { tls: { ca: pair.cert } } }).ping();
    const doubting = await connect(url).ping();

    expect(trusting).toMatchObject({
      reachable: true,
      status: 200,
      milliseconds: { connect: POSITIVE, tls: POSITIVE },
    });
    expect(doubting).toMatchObject({ reachable: false, error: { failureType: 'config_error' } });
    expect(doubting.milliseconds.tls).toBeUndefined();
    expect(doubting.error!.message).toContain('certificate');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('reports an address that may not be connected to', async () => {
  await using api = await mockApi();

  const report = await connect(api.url, { http: { egress: 'public' } }).ping();

  expect(report).toMatchObject({ reachable: false, error: { name: 'EgressError' } });
  expect(api.requests).toHaveLength(0);
});

test('reports a credential that cannot be had', async () => {
  const auth = () => async () => {
    throw new Error('no token');
  };

  expect(await connect('http://127.0.0.1:1', { auth }).ping()).toMatchObject({
    reachable: false,
    error: { message: 'no token' },
  });
});

test('reports the reason of an abort', async () => {
  const signal = AbortSignal.abort(new Error('enough'));

  expect(await connect('http://127.0.0.1:1').ping({ signal })).toMatchObject({ error: { message: 'enough' } });
});
