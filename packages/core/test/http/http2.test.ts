import { expect, test } from '@jest/globals';
import { PerformanceObserver } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from '@headwater/core';
import { gotWire } from '../../src/http/wire.ts';
import { echo, h2Server } from './h2-server.ts';

const get = (url: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({ method: 'GET', url, headers });
interface SessionDetail {
  readonly type: 'server' | 'client';
  readonly framesReceived: number;
  readonly streamCount: number;
}
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

test('speaks HTTP/2, all requests on one connection', async () => {
  await using api = await h2Server();
  const send = gotWire(api.options);

  const answers = await Promise.all(Array.from({ length: 20 }, () => send(get(api.url))));

  expect(new Set(answers.map(textOf))).toEqual(new Set(['hello']));
  expect(answers[0]).toMatchObject({ status: 200, url: api.url });
  expect(Object.keys(answers[0]!.headers).filter((name) => name.startsWith(':'))).toEqual([]);
  expect(api.connections()).toBe(1);
  expect(api.heard).toEqual(Array.from({ length: 20 }, () => '2.0 GET /'));
});

test('speaks HTTP/1.1 unless HTTP/2 is wanted', async () => {
  await using api = await h2Server(undefined, { allowHTTP1: true });

  await gotWire({ ...api.options, http2: false })(get(api.url));

  expect(api.heard).toEqual(['1.1 GET /']);
});

test.each(['POST', 'PUT', 'DELETE', 'GET'])('sends the body of a %s', async (method) => {
  await using api = await h2Server(echo);
  const send = gotWire(api.options);

  expect(textOf(await send({ method, url: api.url, headers: {}, body: 'this' }))).toBe(`${method} this`);
});

test.each(['POST', 'DELETE', 'HEAD'])('sends a %s without a body', async (method) => {
  await using api = await h2Server(echo);
  const send = gotWire(api.options);

  const { status, bytes } = await send({ method, url: api.url, headers: {} });

  expect(status).toBe(200);
  expect(Buffer.from(bytes).toString()).toBe(method === 'HEAD' ? '' : `${method} `);
});

test.each([
  ['GET', 50],
  ['POST', 51],
  ['HEAD', 52],
] as const)('ends each %s in good order, without a reset', async (method, count) => {
  await using api = await h2Server(echo);
  const send = gotWire(api.options);
  const frames = new Promise<number>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const ended = list.getEntries().filter(({ name }) => name === 'Http2Session');
      for (const { detail } of ended as unknown as readonly { readonly detail: SessionDetail }[]) {
        // The count tells it from the sessions of other tests.
        if (detail.type !== 'server' || detail.streamCount !== count) continue;
        observer.disconnect();
        resolve(detail.framesReceived);
      }
    });
    observer.observe({ entryTypes: ['http2'] });
  });

  for (let i = 0; i < count; i++) await send({ method, url: api.url, headers: {} });
  await send.close();

  // HEADERS and, for a POST, DATA with each request; a few for the session. Each reset would be one more.
  expect(await frames).toBeLessThan(count * (method === 'POST' ? 2 : 1) + 20);
});

test('sends and reads bodies larger than any window', async () => {
  await using api = await h2Server(echo);
  const body = 'x'.repeat(20_000_000);

  const answer = await gotWire(api.options)({ method: 'POST', url: api.url, headers: {}, body });

  expect(answer.bytes).toHaveLength(body.length + 'POST '.length);
});

test('leaves out headers of the connection, and says the host in the words of HTTP/2', async () => {
  await using api = await h2Server((request, response) => response.end(JSON.stringify(request.headers)));
  const headers = { connection: 'close', 'keep-alive': '1', host: 'api.example.com', 'x-own': 'kept' };

  const said = JSON.parse(textOf(await gotWire(api.options)(get(api.url, headers))));

  expect(said).toMatchObject({ ':authority': 'api.example.com', 'x-own': 'kept', 'user-agent': 'headwater' });
  expect(Object.keys(said)).not.toContain('connection');
  expect(Object.keys(said)).not.toContain('host');
});

test('joins the cookies of an answer', async () => {
  await using api = await h2Server((_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end();
  });

  expect((await gotWire(api.options)(get(api.url))).headers['set-cookie']).toBe('a=1, b=2');
});

test('decompresses, and takes no body larger than allowed', async () => {
  await using api = await h2Server((request, response) => {
    if (request.url === '/plain') return response.end('x'.repeat(50_000));
    response.setHeader('content-encoding', 'gzip');
    return response.end(gzipSync('x'.repeat(request.url === '/bomb' ? 50_000 : 500)));
  });
  const send = gotWire({ ...api.options, maxBodyBytes: 1000 });

  expect(textOf(await send(get(`${api.url}small`)))).toBe('x'.repeat(500));
  for (const path of ['plain', 'bomb']) {
    await expect(send(get(`${api.url}${path}`))).rejects.toThrow('1000 bytes');
  }
});

test('follows redirects, and takes no credential to another origin', async () => {
  await using there = await h2Server((request, response) => response.end(JSON.stringify(request.headers)));
  await using here = await h2Server((request, response) => {
    const location = request.url === '/there' ? there.url : '/there';
    response.writeHead(302, { location }).end();
  });
  const headers = { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' };

  const answer = await gotWire(here.options)({ method: 'POST', url: here.url, headers, body: '{}' });

  expect(answer.url).toBe(there.url);
  expect(here.heard).toEqual(['2.0 POST /', '2.0 GET /there']);
  expect(there.heard).toEqual(['2.0 GET /']);
  expect(textOf(answer)).not.toContain('s3cret');
});
