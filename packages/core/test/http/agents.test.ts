import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { NetworkError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { gotWire, type WireOptions } from '../../src/http/wire.ts';
import { redact } from '../../src/output/redact.ts';
import { authority } from './certificates.ts';
import { testProxy } from './test-proxy.ts';
import { thrownBy, withEnvironment } from './thrown-by.ts';
import { httpsServer, started } from './tls-server.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

const CLEAN = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    [name, undefined],
    [name.toLowerCase(), undefined],
  ]),
);

/** A server for https, and the options of a client that trusts it. */
const trusted = async () => {
  const ca = await authority();
  const server = await httpsServer(await ca.issue());
  const options: WireOptions = { tls: { ca: ca.cert } };
  return { server, options, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
};

test('keeps a connection for the next request', async () => {
  await using api = await trusted();
  const send = gotWire(api.options);

  for (let i = 0; i < 3; i++) await send(get(api.server.url));

  expect(api.server.connections()).toBe(1);
});

test('opens no more connections than allowed', async () => {
  await using api = await trusted();
  const send = gotWire({ ...api.options, connections: 2 });

  await Promise.all(Array.from({ length: 8 }, () => send(get(api.server.url))));

  expect(api.server.connections()).toBe(2);
});

test('reaches https through a tunnel that it keeps', async () => {
  await using api = await trusted();
  await using proxy = await testProxy();
  const send = gotWire({ ...api.options, proxy: proxy.url });

  for (let i = 0; i < 3; i++) expect(textOf(await send(get(api.server.url)))).toBe('hello');

  expect(proxy.asked).toEqual([`CONNECT localhost:${api.server.port}`]);
});

test('checks the certificate of the server behind a proxy', async () => {
  await using api = await trusted();
  await using proxy = await testProxy();

  await expect(gotWire({ proxy: proxy.url })(get(api.server.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining("the server's certificate"),
  });
});

test('reaches http through a proxy, with and without a body', async () => {
  await using api = await mockApi();
  await using proxy = await testProxy({ target: Number(new URL(api.url).port) });
  api.on('GET /a', { body: 'read' });
  api.on('POST /a', ({ body }) => ({ body: `took ${body}` }));
  const send = gotWire({ proxy: proxy.url });

  expect(textOf(await send(get('http://api.example.com/a?b=c')))).toBe('read');
  const posted = await send({ method: 'POST', url: 'http://api.example.com/a', headers: {}, body: 'this' });

  expect(textOf(posted)).toBe('took this');
  expect(proxy.asked).toEqual(['GET http://api.example.com/a?b=c', 'POST http://api.example.com/a']);
  expect(api.requests[0]!.headers.host).toBe('api.example.com');
});

test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])('takes the proxy from %s', async (name) => {
  await using api = await mockApi();
  await using proxy = await testProxy({ target: Number(new URL(api.url).port) });
  api.on('GET /a', { body: 'read' });

  await withEnvironment({ ...CLEAN, [name]: proxy.host }, () => gotWire()(get('http://api.example.com/a')));

  expect(proxy.asked).toHaveLength(1);
});

test.each(['HTTPS_PROXY', 'https_proxy'])(
  'takes the proxy for https from %s, with or without a scheme',
  async (name) => {
    await using api = await trusted();
    await using proxy = await testProxy();

    for (const value of [proxy.host, proxy.url]) {
      await withEnvironment({ ...CLEAN, [name]: value }, () => gotWire(api.options)(get(api.server.url)));
    }

    expect(proxy.asked).toHaveLength(2);
  },
);

test.each(['NO_PROXY', 'no_proxy'])('goes directly to what %s names', async (name) => {
  await using api = await mockApi();
  await using proxy = await testProxy();
  api.on('GET /a', { body: 'read' });

  await withEnvironment({ ...CLEAN, ALL_PROXY: proxy.url, [name]: '127.0.0.1' }, () => gotWire()(get(`${api.url}/a`)));

  expect(proxy.asked).toEqual([]);
  expect(api.requests).toHaveLength(1);
});

test('goes directly when the option says so', async () => {
  await using api = await mockApi();
  await using proxy = await testProxy();
  api.on('GET /a', { body: 'read' });

  await withEnvironment({ ...CLEAN, ALL_PROXY: proxy.url }, () => gotWire({ proxy: false })(get(`${api.url}/a`)));

  expect(proxy.asked).toEqual([]);
});

test('shows its credentials to the proxy and to nobody else', async () => {
  await using api = await mockApi();
  await using proxy = await testProxy({ target: Number(new URL(api.url).port) });
  await using secure = await trusted();
  await using tunnels = await testProxy();
  api.on('GET /a', { body: 'read' });

  const credentials = 'connector:s3cr%40t-word';
  await gotWire({ proxy: `http://${credentials}@${proxy.host}` })(get('http://api.example.com/a'));
  await gotWire({ ...secure.options, proxy: `http://${credentials}@${tunnels.host}` })(get(secure.server.url));

  const basic = `Basic ${Buffer.from('connector:s3cr@t-word').toString('base64')}`;
  expect([...proxy.authorizations, ...tunnels.authorizations]).toEqual([basic, basic]);
  expect(api.requests[0]!.headers).not.toHaveProperty('proxy-authorization');
  expect(redact('s3cr@t-word')).toBe('****');
  expect(redact(basic)).not.toContain('czNjc');
});

test.each([
  [407, 'config_error', /asks for other credentials \(407\)/],
  [403, 'transient_error', /refuses to connect to the server \(403\)/],
  [502, 'transient_error', /refuses to connect to the server \(502\)/],
] as const)('names the proxy that refuses a tunnel with %i', async (status, failureType, words) => {
  await using proxy = await testProxy({ refuseWith: status });
  const url = `http://user:pass-word-1@${proxy.host}`;

  const error = await thrownBy(gotWire({ proxy: url })(get('https://api.example.com/a')));

  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ failureType, message: expect.stringMatching(words) });
  expect(String(error)).toContain(`GET https://api.example.com/a: the proxy ${proxy.host}`);
  expect(String(error)).not.toContain('pass-word-1');
});

test('names the proxy that asks for credentials in answer to a plain request', async () => {
  await using proxy = await testProxy({ refuseWith: 407 });

  await expect(gotWire({ proxy: proxy.url })(get('http://api.example.com/a'))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining(`the proxy ${proxy.host} asks for other credentials`),
  });
});

test.each(['http', 'https'])('names the proxy that cannot be reached, for %s', async (scheme) => {
  const server = await started(createServer());
  await server[Symbol.asyncDispose]();
  const proxy = `127.0.0.1:${server.port}`;

  await expect(gotWire({ proxy })(get(`${scheme}://api.example.com/a`))).rejects.toMatchObject({
    failureType: 'transient_error',
    message: `GET ${scheme}://api.example.com/a: the proxy ${proxy} cannot be used: it refuses the connection.`,
  });
});

test('lets go of a proxy that does not answer', async () => {
  await using proxy = await testProxy({ silent: true });
  const send = gotWire({ proxy: proxy.url, timeouts: { connect: 50 } });

  await expect(send(get('https://api.example.com/a'))).rejects.toMatchObject({ failureType: 'transient_error' });
  expect(proxy.asked).toEqual(['CONNECT api.example.com:443']);
});

test.each(['socks5://user:pass-word-2@proxy.example.com', 'http://'])('refuses %s as a proxy', async (proxy) => {
  const error = await thrownBy(gotWire({ proxy })(get('http://api.example.com')));

  expect(error).toMatchObject({ failureType: 'config_error' });
  expect(String(error)).toContain('http.proxy: not the URL of a proxy. Write http://host:port');
  expect(String(error)).not.toContain('pass-word-2');
});
