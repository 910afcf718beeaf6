import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { EgressError, NetworkError, TimeoutError, type HttpRequest } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { openEgressGuard } from '../../src/http/egress.ts';
import { connectTls } from '../../src/http/tls.ts';
import { gotWire } from '../../src/http/wire.ts';
import { selfSigned } from './certificates.ts';
import { ca, echo, h2Server } from './h2-server.ts';
import { testProxy } from './test-proxy.ts';
import { thrownBy } from './thrown-by.ts';
import { httpsServer, started } from './tls-server.ts';

const get = (url: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({ method: 'GET', url, headers });
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

test('speaks HTTP/1.1 with a server that offers nothing else', async () => {
  await using plain = await mockApi();
  plain.on('GET /a', { body: 'http' });
  await using secure = await httpsServer(await ca.issue());
  const send = gotWire({ http2: true, tls: { ca: ca.cert }, proxy: false });

  for (let i = 0; i < 3; i++) expect(textOf(await send(get(secure.url)))).toBe('hello');
  expect(textOf(await send(get(`${plain.url}/a`)))).toBe('http');

  // One to find out, and one that is kept.
  expect(secure.connections()).toBe(2);
});

test('takes the certificate of the server no easier than with HTTP/1.1', async () => {
  await using strange = await h2Server(undefined, await selfSigned());
  await using other = await h2Server(undefined, await ca.issue({ name: 'other.example.com' }));

  for (const [api, words] of [
    [strange, 'is self-signed'],
    [other, 'is for another host name'],
  ] as const) {
    const error = await thrownBy(gotWire(api.options)(get(api.url)));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ failureType: 'config_error', message: expect.stringContaining(words) });
    expect(String(error)).toContain(`GET ${api.url}: the server's certificate`);
  }
  expect([...strange.heard, ...other.heard]).toEqual([]);
});

test('takes any certificate with rejectUnauthorized off', async () => {
  await using api = await h2Server(undefined, await selfSigned());

  await gotWire({ ...api.options, tls: { rejectUnauthorized: false } })(get(api.url));

  expect(api.heard).toEqual(['2.0 GET /']);
});

test('shows its certificate to a server that asks for one', async () => {
  const mine = await ca.issue({ name: 'connector' });
  await using api = await h2Server(
    (request, response) => {
      const { subject } = (request.stream.session!.socket as TLSSocket).getPeerCertificate();
      response.end(String(subject.CN));
    },
    { ca: ca.cert, requestCert: true, rejectUnauthorized: true },
  );

  expect(textOf(await gotWire({ ...api.options, tls: { ca: ca.cert, ...mine } })(get(api.url)))).toBe('connector');
  // A wire without it gets a session of its own, and is turned down.
  await expect(gotWire(api.options)(get(api.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining('Give the client certificate it asks for'),
  });
  expect(api.heard).toHaveLength(1);
});

test('connects to no forbidden address, whatever session another wire has open', async () => {
  await using api = await h2Server();
  await gotWire(api.options)(get(api.url));

  const error = await thrownBy(gotWire({ ...api.options, egress: 'public' })(get(api.url)));

  expect(error).toBeInstanceOf(EgressError);
  expect(api.connections()).toBe(1);
});

test('connects only to an address that the guard has checked', async () => {
  await using api = await h2Server();
  const { lookup } = await openEgressGuard();

  const socket = connectTls(new URL(api.url), { lookup });

  expect(await thrownBy(once(socket, 'secureConnect'))).toBeInstanceOf(EgressError);
  expect(api.connections()).toBe(0);
});

test('goes through the tunnel of a proxy, and keeps it', async () => {
  await using api = await h2Server();
  await using proxy = await testProxy();
  const send = gotWire({ ...api.options, proxy: proxy.url });

  for (let i = 0; i < 3; i++) expect(textOf(await send(get(api.url)))).toBe('hello');

  expect(proxy.asked).toEqual([`CONNECT localhost:${api.port}`]);
  expect(api.heard).toEqual(['2.0 GET /', '2.0 GET /', '2.0 GET /']);
});

test('checks the certificate behind a proxy, and names the proxy that refuses', async () => {
  await using api = await h2Server(undefined, await selfSigned());
  await using proxy = await testProxy();
  await using rude = await testProxy({ refuseWith: 407 });

  await expect(gotWire({ ...api.options, proxy: proxy.url })(get(api.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining("the server's certificate is self-signed"),
  });
  await expect(gotWire({ ...api.options, proxy: rude.url })(get(api.url))).rejects.toMatchObject({
    failureType: 'config_error',
    message: expect.stringContaining(`the proxy ${rude.host} asks for other credentials (407)`),
  });
});

test('holds the limits for connecting, for the headers and between two pieces of the body', async () => {
  await using mute = await started(createServer());
  await using api = await h2Server((request, response) => {
    if (request.url === '/headers') return;
    response.write('some');
  });
  const limited = (limits: object) => gotWire({ ...api.options, timeouts: limits });

  for (const [limits, url, words] of [
    [{ connect: 100 }, `https://127.0.0.1:${mute.port}/`, 'no connection after 0.1 s'],
    [{ headers: 100 }, `${api.url}headers`, 'connected, but no answer after 0.1 s'],
    [{ idle: 100 }, api.url, 'the body stopped coming for 0.1 s'],
    [{ total: 100 }, api.url, 'not finished after 0.1 s'],
  ] as const) {
    const error = await thrownBy(limited(limits)(get(url)));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain(`GET ${url}: ${words}`);
  }
});

test('ends a request at once when its signal does', async () => {
  const control = new AbortController();
  await using api = await h2Server(() => control.abort(new Error('enough')));

  await expect(gotWire(api.options)({ ...get(api.url), signal: control.signal })).rejects.toThrow('enough');
});

test('does not send what is given up while the connection is being made', async () => {
  await using api = await h2Server(echo);
  const waiting: (() => void)[] = [];
  await using gate = await started(
    createServer((client) => {
      waiting.push(() => {
        const server = connect(api.port, '127.0.0.1');
        client.once('close', () => server.destroy());
        client.pipe(server).pipe(client);
      });
    }),
  );
  const url = `https://localhost:${gate.port}/`;
  const send = gotWire(api.options);
  const control = new AbortController();

  const first = send({ method: 'POST', url, headers: {}, body: 'first', signal: control.signal });
  while (waiting.length === 0) await new Promise(setImmediate);
  control.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  const second = send({ method: 'POST', url, headers: {}, body: 'second' });
  waiting[0]!();

  expect(textOf(await second)).toBe('POST second');
  expect(api.heard).toHaveLength(1);
});

test('opens another connection when the server takes no more requests on the first, up to the limit', async () => {
  let open = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  await using api = await h2Server(
    (_request, response) => {
      most = Math.max(most, ++open);
      waiting.push(() => void (open--, response.end('hello')));
      // Four at a time is all that two connections take.
      if (open === 4 || api.heard.length > 8) waiting.splice(0).forEach((answer) => answer());
    },
    { settings: { maxConcurrentStreams: 2 } },
  );
  const send = gotWire({ ...api.options, connections: 2 });

  await Promise.all(Array.from({ length: 12 }, () => send(get(api.url))));

  expect(most).toBe(4);
  expect(api.connections()).toBe(2);
});
