import { expect, test } from '@jest/globals';
import * as zlib from 'node:zlib';
import { NetworkError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { gotWire } from '../../src/http/wire.ts';
import { authority } from './certificates.ts';
import { thrownBy } from './thrown-by.ts';
import { httpsServer } from './tls-server.ts';

const request = (method: string, url: string, rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method,
  url,
  headers: {},
  ...rest,
});
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();
const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer };

test.each([307, 308])(
  'sends method and body again after a %i to another origin, without credentials',
  async (status) => {
    await using home = await mockApi();
    await using away = await mockApi();
    home.on('POST /a', { status, headers: { location: `${away.url}/b` } });
    away.on('POST /b', ({ body }) => ({ body: `took ${body}` }));

    const headers = { 'content-type': 'text/plain', authorization: 'Bearer secret', cookie: 'session=secret' };
    const response = await gotWire()(request('POST', `${home.url}/a`, { headers, body: Buffer.from('this') }));

    expect(textOf(response)).toBe('took this');
    expect(away.requests[0]!.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '4' });
    expect(JSON.stringify(away.requests[0]!.headers)).not.toContain('secret');
  },
);

test.each([301, 302, 303])('goes on with a GET without a body after a %i', async (status) => {
  await using api = await mockApi();
  api.on('POST /a', { status, headers: { location: '/b' } });
  api.on('GET /b', ({ body }) => ({ body: `took "${body}"` }));

  expect(textOf(await gotWire()(request('POST', `${api.url}/a`, { body: 'this' })))).toBe('took ""');
});

test('sends no body from https to http', async () => {
  const ca = await authority();
  await using away = await mockApi();
  await using home = await httpsServer(await ca.issue(), (_request, response) => {
    response.writeHead(307, { location: `${away.url}/b` }).end();
  });
  const send = gotWire({ tls: { ca: ca.cert } });

  const error = await thrownBy(send(request('POST', `${home.url}/a`, { body: 'this' })));

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ failureType: 'system_error' });
  expect(String(error)).toContain(`from https to ${away.url}, where it would not be encrypted`);
  expect(away.requests).toEqual([]);
});

test('ends a redirect loop and says so', async () => {
  await using api = await mockApi();
  api.on('GET /a', { status: 302, headers: { location: '/b' } });
  api.on('GET /b', { status: 302, headers: { location: '/a' } });

  const error = await thrownBy(gotWire()(request('GET', `${api.url}/a`)));

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ failureType: 'system_error' });
  expect(String(error)).toContain(`GET ${api.url}/a: the API redirects in a circle.`);
  expect(api.requests).toHaveLength(11);
});

test.each([
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', zlib.brotliCompressSync],
] as const)('asks for and reads %s', async (encoding, compress) => {
  await using api = await mockApi();
  api.on('GET /a', { body: compress('plain again'), headers: { 'content-encoding': encoding } });

  expect(textOf(await gotWire()(request('GET', `${api.url}/a`)))).toBe('plain again');
  expect(api.requests[0]!.headers['accept-encoding']).toContain(encoding);
});

(zstdCompressSync ? test : test.skip)('asks for and reads zstd', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: zstdCompressSync?.('plain again'), headers: { 'content-encoding': 'zstd' } });
  api.on('GET /bomb', { body: zstdCompressSync?.('x'.repeat(100_000)), headers: { 'content-encoding': 'zstd' } });
  const send = gotWire({ maxBodyBytes: 1000 });

  expect(textOf(await send(request('GET', `${api.url}/a`)))).toBe('plain again');
  await expect(send(request('GET', `${api.url}/bomb`))).rejects.toThrow(/larger than 1000 bytes/);
  expect(api.requests[0]!.headers['accept-encoding']).toContain('zstd');
});

(zstdCompressSync ? test.skip : test)('does not ask for zstd where Node cannot read it', async () => {
  await using api = await mockApi();
  api.on('GET /a', { body: [] });

  await gotWire()(request('GET', `${api.url}/a`));

  expect(api.requests[0]!.headers['accept-encoding']).toBe('gzip, deflate, br');
});
