import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';

import { listenOnLoopback } from '../listen-on-loopback.ts';
import { originSwap, type OriginSwap } from './origin-swap.ts';

/** A status, the connection reset before an answer, or closed in the middle of one. */
export type FaultKind = '429' | '500' | '503' | 'reset' | 'truncate';

export interface FaultProxyOptions {
  /** Origin of the API, http or https; a path of it belongs to `url` too. */
  readonly api: string;
  /** What the request numbered `at`, from 1, meets once. */
  readonly fault?: { readonly kind: FaultKind; readonly at: number };
  /** Leaves the request numbered `at` without an answer, and says so. */
  readonly hold?: { readonly at: number; readonly onHold: () => void };
}

/** A server that answers with the API's answers, faults aside. */
export interface FaultProxy extends AsyncDisposable {
  /** What stands for the API, without a trailing slash. */
  readonly url: string;
  /** Requests received so far. */
  readonly requests: number;
  /** The address of the API in place of the proxy's, wherever it stands in a text. */
  readonly rewrite: (text: string) => string;
}

/** Headers that belong to one connection; lengths are set anew. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/** Starts a proxy in front of an API. Links of the API to itself keep leading through the proxy. */
export const faultProxy = async ({ api, fault, hold }: FaultProxyOptions): Promise<FaultProxy> => {
  const target = new URL(api);
  let count = 0;
  let swap: OriginSwap | undefined;
  const server = createServer(async (incoming, response) => {
    count += 1;
    const number = count;
    if (hold?.at === number) return hold.onHold();
    const kind = fault?.at === number ? fault.kind : undefined;
    try {
      await answer(incoming, response, { target, kind, swap: swap ?? originSwap(target.origin, target.origin) });
    } catch {
      // The API, or the connector, has gone: the other side learns of it as it would without a proxy.
      response.destroy();
    }
  });
  const { url: origin, close } = await listenOnLoopback(server);
  swap = originSwap(target.origin, origin);

  return {
    url: `${origin}${target.pathname.replace(/\/$/, '')}`,
    get requests() {
      return count;
    },
    rewrite: (text) => (swap === undefined ? text : swap.toApi(text)),
    [Symbol.asyncDispose]: close,
  };
};

interface Exchange {
  readonly target: URL;
  readonly kind: FaultKind | undefined;
  readonly swap: OriginSwap;
}

const answer = async (incoming: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> => {
  const { kind, swap } = exchange;
  const body = await buffer(incoming);
  if (kind === 'reset') return void incoming.socket.resetAndDestroy();
  if (kind !== undefined && kind !== 'truncate') {
    const headers = { 'content-type': 'application/json', ...(kind === '429' && { 'retry-after': '1' }) };
    response.writeHead(Number(kind), headers).end(JSON.stringify({ error: `injected ${kind}` }));
    return;
  }

  const upstream = await forward(incoming, body, exchange);
  const received = await buffer(upstream);
  const { bytes, decoded } = await swap.body(received, upstream.headers);
  response.statusCode = upstream.statusCode ?? 502;
  for (const [name, value] of Object.entries(upstream.headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || name === 'content-length') continue;
    if (name === 'content-encoding' && decoded) continue;
    response.setHeader(name, Array.isArray(value) ? value.map(swap.toProxy) : swap.toProxy(value));
  }
  const length = incoming.method === 'HEAD' ? upstream.headers['content-length'] : bytes.length;
  const mayHaveBody = response.statusCode >= 200 && response.statusCode !== 204 && response.statusCode !== 304;
  if (mayHaveBody && length !== undefined) response.setHeader('content-length', length);
  if (kind !== 'truncate') return void response.end(bytes);
  // Nothing to cut in two: then the answer is lost altogether.
  if (bytes.length < 2 || incoming.method === 'HEAD') return void incoming.socket.destroy();
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroySoon());
};

const forward = async (
  incoming: IncomingMessage,
  body: Buffer,
  { target, swap }: Exchange,
): Promise<IncomingMessage> => {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || name === 'host' || name === 'content-length') continue;
    headers[name] = Array.isArray(value) ? value.map(swap.toApi) : swap.toApi(value);
  }
  const sent =
    incoming.headers['content-encoding'] === undefined
      ? Buffer.from(swap.toApi(body.toString('latin1')), 'latin1')
      : body;
  if (sent.length > 0 || 'content-length' in incoming.headers) headers['content-length'] = String(sent.length);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(`${target.origin}${swap.toApi(incoming.url ?? '/')}`, {
    method: incoming.method ?? 'GET',
    headers,
    agent: false,
  });
  request.end(sent);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
};
