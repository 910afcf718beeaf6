import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type SecureServerOptions,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { WireOptions } from '../../src/http/wire.ts';
import { authority } from './certificates.ts';
import { started, type TestServer } from './tls-server.ts';

export interface H2Server extends TestServer {
  readonly url: string;
  /** HTTP version, method and path of each request so far, e.g. `2.0 GET /`. */
  readonly heard: readonly string[];
  /** All sessions so far. */
  readonly sessions: readonly ServerHttp2Session[];
  /** Cuts all TCP connections without a word. */
  readonly cut: () => void;
  /** Of a client that trusts it, and that the environment sends through no proxy. */
  readonly options: WireOptions;
}

export type H2Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Answers with the method and the body of the request. */
export const echo: H2Listener = (request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => void pieces.push(piece));
  request.on('end', () => response.end(`${request.method} ${Buffer.concat(pieces).toString()}`));
};

/** One for all tests of a file: making one takes its time. */
export const ca = await authority();
const localhost = await ca.issue();

/** A real HTTP/2 server. With `allowHTTP1` it speaks both. */
export const h2Server = async (
  listener: H2Listener = (_request, response) => void response.end('hello'),
  options: SecureServerOptions = {},
): Promise<H2Server> => {
  const heard: string[] = [];
  const sessions: ServerHttp2Session[] = [];
  const server = createSecureServer({ ...localhost, ...options }, (request, response) => {
    heard.push(`${request.httpVersion} ${request.method} ${request.url}`);
    // Most of these tests end badly, which is nobody's business here.
    response.on('error', () => {});
    request.on('error', () => {});
    listener(request, response);
  });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => void sockets.push(socket));
  const listening = await started(server);
  return {
    ...listening,
    url: `https://localhost:${listening.port}/`,
    heard,
    sessions,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    options: { http2: true, tls: { ca: ca.cert }, proxy: false },
  };
};
