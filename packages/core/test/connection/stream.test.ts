import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BodyError, HttpStatusError, NetworkError, TimeoutError, type WireResponse } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import type { ConnectionConfig } from '../../src/connection/config.ts';
import { HttpConnections } from '../../src/connection/connections.ts';
import { quick } from '../http/quick.ts';

const connect = (baseUrl: string, config: Partial<ConnectionConfig> = {}) =>
  new HttpConnections({ crm: { baseUrl, retry: quick, ...config } }).get('crm');

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const listen = async (server: Server): Promise<{ readonly url: string } & AsyncDisposable> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
};

test('knows status and headers before the body is there', async () => {
  let finish = () => {};
  await using server = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'x-rows': '2' });
      response.write('one,');
      finish = () => response.end('two');
    }),
  );

  await using answer = await connect(server.url).stream('/export');

  expect(answer).toMatchObject({ status: 200, ok: true, url: `${server.url}/export` });
  expect(answer.headers['x-rows']).toBe('2');
  finish();
  expect(await textOf(answer.body)).toBe('one,two');
});

test('reads no faster than asked, and ends the request when the reader leaves', async () => {
  const piece = Buffer.alloc(64 * 1024);
  let sent = 0;
  const left = new AbortController();
  const { signal: gone } = left;
  await using server = await listen(
    createServer((_request, response) => {
      response.once('close', () => left.abort());
      const pump = () => {
        while (!gone.aborted && sent < 1024 && response.write(piece)) sent++;
        if (!gone.aborted && sent < 1024) response.once('drain', pump);
      };
      pump();
    }),
  );
  const answer = await connect(server.url).stream('/export');

  for await (const bytes of answer.body) {
    expect(bytes.length).toBeGreaterThan(0);
    break;
  }

  while (!gone.aborted) await new Promise((resolve) => setImmediate(resolve));
  // 64 MiB would have come: what is under way is what the two sockets hold.
  expect(sent).toBeLessThan(512);
});

test('ends a request whose body nobody reads', async () => {
  const left = new AbortController();
  const { signal: gone } = left;
  await using server = await listen(
    createServer((_request, response) => {
      response.once('close', () => left.abort());
      response.write('begun');
    }),
  );
  {
    await using answer = await connect(server.url).stream('/export');
    expect(answer.status).toBe(200);
  }

  while (!gone.aborted) await new Promise((resolve) => setImmediate(resolve));
});

test.each(['gzip', 'identity'])('decompresses while reading: %s', async (encoding) => {
  await using api = await mockApi();
  const text = 'a line\n'.repeat(50_000);
  const body = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text);
  api.on('POST /x', { body, headers: { 'content-encoding': encoding } });

  const answer = await connect(api.url).stream('/x', { method: 'POST', json: { all: true } });

  expect(await textOf(answer.body)).toBe(text);
  expect(api.requests[0]).toMatchObject({ method: 'POST', body: '{"all":true}' });
});

test('tries again until the headers of a success are there', async () => {
  await using api = await mockApi();
  api
    .reply(503)
    .reply({ fault: { kind: 'reset' } })
    .reply(200, 'rows');
  const crm = connect(api.url, { auth: { type: 'bearer', token: 'token-1' } });

  const answer = await crm.stream('/x');

  expect(await textOf(answer.body)).toBe('rows');
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer token-1'));
});

test('quotes the answer that is a failure', async () => {
  await using api = await mockApi();
  api.reply(404, { message: 'no such export' });

  const sent = connect(api.url).stream('/x');

  await expect(sent).rejects.toBeInstanceOf(HttpStatusError);
  await expect(sent).rejects.toThrow('no such export');
});

test('hands back a status that is no failure, with its body', async () => {
  await using api = await mockApi();
  api.reply(404, 'nothing here');

  const answer = await connect(api.url, { failureStatuses: [] }).stream('/x');

  expect(answer).toMatchObject({ status: 404, ok: false });
  expect(await textOf(answer.body)).toBe('nothing here');
});

test('follows a redirect, and leaves credentials behind at the border', async () => {
  await using home = await mockApi();
  await using away = await mockApi();
  home.on('POST /a', { status: 303, headers: { location: '/b' } });
  home.on('GET /b', { status: 307, headers: { location: `${away.url}/c` } });
  away.on('GET /c', { body: 'file' });
  const crm = connect(home.url, { auth: { type: 'apiKey', header: 'x-key', value: 'key-value-1' } });

  const answer = await crm.stream('/a', { method: 'POST', form: { a: 1 }, headers: { accept: 'text/csv' } });

  expect(await textOf(answer.body)).toBe('file');
  expect(answer.url).toBe(`${away.url}/c`);
  expect(home.requests[1]!.headers['x-key']).toBe('key-value-1');
  expect(home.requests[1]!.headers['content-type']).toBeUndefined();
  expect(away.requests[0]!.headers['accept']).toBe('text/csv');
  expect(JSON.stringify(away.requests[0]!.headers)).not.toContain('key-value-1');
});

test('does not run in circles', async () => {
  await using api = await mockApi();
  api.on('GET /x', { status: 302, headers: { location: '/x' } });

  await expect(connect(api.url).stream('/x')).rejects.toThrow(/redirects in a circle/);
  expect(api.requests).toHaveLength(11);
});

test.each([
  ['a body cut off', { kind: 'truncate' }, NetworkError],
  ['a reset in the body', { kind: 'reset', afterBytes: 3 }, NetworkError],
  ['broken gzip', { kind: 'malformed-gzip' }, BodyError],
] as const)('throws %s to the reader', async (_name, fault, type) => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'a body that is long enough to break', fault });

  const answer = await connect(api.url).stream('/x');
  const error = await textOf(answer.body).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(type);
  expect(error).toMatchObject({ failureType: 'transient_error' });
  expect(String(error)).toContain('(connection "crm")');
});

test('ends a body that stops coming', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'never whole', fault: { kind: 'stall', afterBytes: 3 } });

  const answer = await connect(api.url, { timeouts: { idle: 60 } }).stream('/x');
  const error = await textOf(answer.body).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(TimeoutError);
  expect(String(error)).toContain('the body stopped coming for 0.06 s');
});

test('ends the body under way when its signal aborts', async () => {
  await using api = await mockApi();
  api.on('GET /x', { body: 'never whole', fault: { kind: 'stall', afterBytes: 3 } });
  const stop = new AbortController();
  const answer = await connect(api.url).stream('/x', { signal: stop.signal });
  const reading = (async () => {
    for await (const bytes of answer.body) stop.abort(new Error(`enough after ${bytes.length} bytes`));
  })();

  await expect(reading).rejects.toThrow('enough after 3 bytes');
});

test('gives a replayed answer as a stream', async () => {
  const wire = async (request: WireResponse['request']): Promise<WireResponse> => ({
    request,
    status: 200,
    headers: {},
    url: request.url,
    bytes: Buffer.from('recorded'),
  });

  const answer = await connect('http://api.example.com', { http: { wire } }).stream('/x');

  expect(await textOf(answer.body)).toBe('recorded');
});
