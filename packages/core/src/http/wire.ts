import type { Readable } from 'node:stream';
import type { Got, NormalizedOptions, Request as GotStream } from 'got';
import { openAgents, type AgentOptions, type Agents } from './agents.ts';
import { bodyJoiner } from './body-memory.ts';
import { Deadlines, type TimeLimits } from './deadlines.ts';
import { bodyTooLarge, decompress, supportedEncodings } from './decompress.ts';
import { describeRequest } from './describe.ts';
import { watchExchange } from './exchange-watch.ts';
import { networkError, proxyRefusal } from './network-error.ts';
import { redirectHooks } from './redirects.ts';
import type { HttpHeaders, HttpRequest, Wire, WireResponse } from './types.ts';

export interface WireOptions extends AgentOptions {
  /**
   * Milliseconds each part of a request may take.
   *
   * @default every limit its own default
   */
  readonly timeouts?: TimeLimits;
  /**
   * The largest body accepted, in bytes after decompression.
   *
   * @default 268_435_456 (256 MiB)
   */
  readonly maxBodyBytes?: number;
}

const MAX_REDIRECTS = 10;

/** Sends requests with got and reads each answer whole. Its own retry, time-outs and decompression are off: see the policies. */
export const gotWire = ({ timeouts = {}, maxBodyBytes = 256 * 1024 * 1024, ...connection }: WireOptions = {}): Wire => {
  const deadlines = new Deadlines(timeouts);
  let loading: Promise<OpenWire> | undefined;
  let warned = connection.tls?.rejectUnauthorized !== false;

  const send = async (request: HttpRequest): Promise<WireResponse> => {
    request.signal?.throwIfAborted();
    if (!warned) {
      warned = true;
      request.sender?.log?.warn(
        'http.tls.rejectUnauthorized is false: anybody may pose as the server. Use http.tls.ca.',
      );
    }
    const opened = await (loading ??= openWire(connection, timeouts));
    const { status, headers, url, body } = await exchange(opened, request, deadlines, maxBodyBytes);
    const bytes = await decompress(body, headers['content-encoding'], maxBodyBytes, describeRequest(request));
    return { request, status, headers, url, bytes };
  };
  const close = async (): Promise<void> => {
    const opened = await loading?.catch(() => undefined);
    opened?.agents.close();
  };
  return Object.assign(send, { close });
};

interface OpenWire {
  readonly got: Got;
  readonly agents: Agents;
  readonly join: ReturnType<typeof bodyJoiner>;
}

/** got takes over 100 ms to load, which `spec` and `--help` need not wait for. */
const openWire = async (connection: AgentOptions, { connect = 30_000 }: TimeLimits): Promise<OpenWire> => {
  const agents = await openAgents(connection, connect);
  const { got } = await import('got');
  const extended = got.extend({
    agent: agents.direct,
    decompress: false,
    followRedirect: true,
    headers: { 'user-agent': 'headwater', 'accept-encoding': supportedEncodings },
    hooks: { beforeRequest: [leanOptions(agents)], beforeRedirect: [...redirectHooks] },
    maxRedirects: MAX_REDIRECTS,
    ...(agents.http2 && { request: agents.http2.request }),
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  return { got: extended, agents, join: bodyJoiner() };
};

/**
 * Gives Node the three options it needs instead of got's forty, which leave 50 KB of garbage behind with each request:
 * see decision 12. What else concerns a connection is said in the agents. Runs before each hop of a redirect, too.
 */
const leanOptions =
  (agents: Agents) =>
  (options: NormalizedOptions): void => {
    const { headers, method, url, context } = options;
    const native = {
      agent: agents.agentFor(url as URL),
      headers,
      method,
      ...(agents.http2 && { signal: context['ended'] }),
    };
    Object.assign(options, { createNativeRequestOptions: () => native });
  };

interface Exchange extends Pick<WireResponse, 'status' | 'headers' | 'url'> {
  /** As it came, maybe compressed. */
  readonly body: Uint8Array;
}

const exchange = (
  { got, agents, join }: OpenWire,
  request: HttpRequest,
  deadlines: Deadlines,
  maxBytes: number,
): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    const { method, url, headers, body, cookies, secretBody } = request;
    // `body` in the options makes got send it; a stream without one waits to be written to, but for GET and HEAD.
    const bodiless = method === 'GET' || method === 'HEAD';
    // got would send what was given up while it waited for an HTTP/2 session.
    const ended = agents.http2 && new AbortController();
    const stream: GotStream = got.stream(url, {
      ...(method !== 'GET' && { method: method as 'POST' }),
      headers,
      ...(!bodiless && { body: body ?? '' }),
      ...(bodiless && body !== undefined && { body, allowGetBody: true }),
      ...((cookies || ended || secretBody) && { context: { cookies, ended: ended?.signal, secretBody } }),
    });
    const { deadline, settle, fail } = watchExchange(request, deadlines, (reason) => {
      ended?.abort();
      stream.destroy();
      reject(reason);
    });

    stream.on('request', (sent) => {
      // A stream of an HTTP/2 session has its connection from the start.
      if (sent.socket) deadline.enter('headers');
      else deadline.watchConnection(sent);
    });
    stream.once('response', (response) => {
      // Over https a proxy refuses the tunnel; over http its word comes as an answer.
      const proxy = response.statusCode === 407 ? agents.proxyFor(new URL(response.url)) : undefined;
      if (proxy) return fail(networkError(request, proxyRefusal(proxy, 407)));
      cookies?.keep(response.url, response.headers['set-cookie'] ?? []);
      const chunks: Uint8Array[] = [];
      let size = 0;
      deadline.enter('body');
      // Read from the answer itself: by way of got's own stream each piece costs as much again.
      response.on('readable', () => {
        deadline.enter('body');
        for (let chunk = readFrom(response); chunk !== null; chunk = readFrom(response)) {
          chunks.push(chunk);
          size += chunk.length;
        }
        if (size > maxBytes) fail(bodyTooLarge(describeRequest(request), maxBytes));
      });
      response.once('end', () => {
        settle();
        resolve({
          status: response.statusCode,
          headers: joined(response.headers),
          url: response.url,
          body: join(chunks, size),
        });
      });
    });
    stream.on('error', (error) => fail(networkError(request, error)));
  });

const readFrom = (response: Readable): Uint8Array | null => response.read() as Uint8Array | null;

/** As Node gives them: only `set-cookie` is a list. */
const joined = (headers: NodeJS.Dict<string | string[]>): HttpHeaders => {
  if (':status' in headers) return joined(withoutPseudo(headers));
  const { 'set-cookie': cookies } = headers;
  return (Array.isArray(cookies) ? { ...headers, 'set-cookie': cookies.join(', ') } : headers) as HttpHeaders;
};

/** HTTP/2 has the status among the headers. */
const withoutPseudo = ({ ':status': _status, ...headers }: NodeJS.Dict<string | string[]>) =>
  Object.fromEntries(Object.entries(headers));
