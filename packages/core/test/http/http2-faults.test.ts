import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { NetworkError, createClient, type HttpRequest } from '@headwater/core';
import { openHttp2 } from '../../src/http/http2.ts';
import { connectTls, openTls } from '../../src/http/tls.ts';
import { gotWire } from '../../src/http/wire.ts';
import { ca, h2Server } from './h2-server.ts';
import { keptLog } from './log.ts';
import { quick } from './quick.ts';
import { thrownBy } from './thrown-by.ts';
import { started } from './tls-server.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });
const textOf = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString();

test('sends again what a GOAWAY says was not begun, on a new connection, and loses nothing', async () => {
  let turnedAway = 0;
  await using api = await h2Server((request, response) => {
    const { id = 0, session } = request.stream;
    if (api.sessions[0] === session) {
      // The first request is the last that this connection answers.
      if (id === 1) session!.goaway(constants.NGHTTP2_NO_ERROR, 1);
      else turnedAway++;
      if (id !== 1) return;
      setImmediate(() => response.end(request.url));
    } else {
      response.end(request.url);
    }
  });
  const log = keptLog();
  const send = createClient({ ...api.options, retry: quick });
  const urls = Array.from({ length: 10 }, (_, i) => `${api.url}${i}`);

  const answers = await Promise.all(urls.map((url) => send({ ...get(url), sender: { log } })));

  expect(answers.map(textOf)).toEqual(Array.from({ length: 10 }, (_, i) => `/${i}`));
  expect(api.sessions).toHaveLength(2);
  expect(log.lines.filter((line) => line.includes('did not begin with this one'))).toHaveLength(9);
  expect(turnedAway).toBeLessThanOrEqual(9);
});

test('lets the requests end that a GOAWAY leaves alone, while new ones take a new connection', async () => {
  const held: (() => void)[] = [];
  await using api = await h2Server((request, response) => {
    if (request.url !== '/held') return void response.end('new');
    held.push(() => void response.end('held'));
    return request.stream.session!.goaway(constants.NGHTTP2_NO_ERROR, request.stream.id);
  });
  const send = createClient({ ...api.options, retry: quick });

  const first = send(get(`${api.url}held`));
  while (held.length === 0) await new Promise(setImmediate);
  // Until the client has heard of it.
  while (api.sessions.length < 2) await send(get(api.url));
  held[0]!();

  expect(textOf(await first)).toBe('held');
});

test.each([
  [constants.NGHTTP2_INTERNAL_ERROR, 'the server failed in the middle of its work'],
  [constants.NGHTTP2_CANCEL, 'the connection was closed before the answer was complete'],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, 'the server finds that too much is asked of it'],
  [constants.NGHTTP2_REFUSED_STREAM, 'did not begin with this one'],
  [constants.NGHTTP2_FLOW_CONTROL_ERROR, 'the HTTP/2 connection failed (FLOW_CONTROL_ERROR)'],
])('takes an answer broken off with code %i for none, in its headers and in its body', async (code, words) => {
  await using api = await h2Server((request) => {
    const { stream } = request;
    if (request.url === '/headers') return stream.close(code);
    // Else Node's server ends the answer in good order before it breaks it off.
    stream.respond({}, { waitForTrailers: true });
    return stream.write('{"half":', () => stream.close(code));
  });
  const send = gotWire(api.options);

  for (const url of [`${api.url}headers`, `${api.url}body`]) {
    const error = await thrownBy(send(get(url)));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ failureType: 'transient_error' });
    expect(String(error)).toContain(`GET ${url}: `);
    expect(String(error)).toContain(words);
  }
});

test.each(['/headers', '/body'])('takes an answer whose connection dies for none, at %s', async (path) => {
  await using api = await h2Server((_request, response) => {
    if (api.sessions.length > 1) return void response.end('whole');
    if (path === '/body') response.write('{"half":');
    return setImmediate(api.cut);
  });
  const log = keptLog();
  const send = createClient({ ...api.options, retry: quick });

  const answer = await send({ ...get(`${api.url}${path.slice(1)}`), sender: { log } });

  expect(textOf(answer)).toBe('whole');
  expect(log.lines.join()).toMatch(/warn: .*closed before the answer was complete/);
  expect(api.sessions).toHaveLength(2);
});

test('takes a body that is shorter than its content-length for none', async () => {
  await using api = await h2Server((_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.end('short');
  });

  await expect(gotWire(api.options)(get(api.url))).rejects.toMatchObject({
    failureType: 'transient_error',
    message: expect.stringContaining('PROTOCOL_ERROR'),
  });
});

test('sends by HTTP/1.1 what a server answers by HTTP/1.1 only', async () => {
  await using api = await h2Server(
    (request, response) => {
      if (request.httpVersion === '2.0') request.stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
      else response.end('hello');
    },
    { allowHTTP1: true },
  );

  expect(textOf(await createClient({ ...api.options, retry: quick })(get(api.url)))).toBe('hello');
  expect(api.heard).toEqual(['2.0 GET /', '1.1 GET /']);
});

test('leaves a connection on which a request was not answered in time', async () => {
  await using api = await h2Server((_request, response) => {
    if (api.sessions.length > 1) response.end('hello');
  });
  const send = createClient({ ...api.options, timeouts: { headers: 100 }, retry: quick });

  expect(textOf(await send(get(api.url)))).toBe('hello');
  expect(api.sessions).toHaveLength(2);
});

test('notices a connection that leads nowhere any more, and takes another', async () => {
  await using api = await h2Server((_request, response) => {
    if (api.sessions.length > 1) return void response.end('hello');
    return tunnels.forEach((socket) => socket.unpipe().resume());
  });
  const tunnels: Socket[] = [];
  await using relay = await started(
    createServer((client) => {
      const server = connect(api.port, '127.0.0.1');
      // Once dark, what either side sends is swallowed; nobody hangs up.
      if (tunnels.length === 0) tunnels.push(client, server);
      server.on('error', () => client.destroy());
      client.once('close', () => server.destroy());
      client.pipe(server).pipe(client);
    }),
  );
  const settings = await openTls({ ca: ca.cert });
  const http2 = openHttp2({
    connect: async (url, ALPNProtocols) => connectTls(url, { ...settings, ALPNProtocols }),
    connections: 64,
    connectLimit: 0,
    pingEvery: 100,
  });
  const url = new URL(`https://localhost:${relay.port}/`);

  const lost = await http2.request(url, { method: 'GET', headers: {} });
  expect(await thrownBy(once(lost.end(), 'response'))).toMatchObject({ code: 'HTTP2_PING_LOST' });
  const sent = await http2.request(url, { method: 'GET', headers: {} });
  const [answer] = await once(sent.end(), 'response');

  expect(answer.statusCode).toBe(200);
  expect(api.sessions).toHaveLength(2);
  http2.destroy();
});

test('closes idle connections when it is closed, and the others when their answer is there', async () => {
  const held: (() => void)[] = [];
  await using idle = await h2Server();
  await using busy = await h2Server((_request, response) => void held.push(() => response.end('hello')));
  const send = gotWire(idle.options);
  await send(get(idle.url));
  const underWay = send(get(busy.url));
  while (held.length === 0) await new Promise(setImmediate);

  const closed = once(idle.sessions[0]!, 'close');
  await send.close();
  await closed;
  expect(busy.sessions[0]!.closed).toBe(false);
  const ended = once(busy.sessions[0]!, 'close');
  held[0]!();

  expect(textOf(await underWay)).toBe('hello');
  await ended;
});
