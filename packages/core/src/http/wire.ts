import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { Got, NormalizedOptions, Request as GotStream } from 'got';
import { Deadlines, type TimeLimits } from './deadlines.ts';
import { bodyTooLarge, decompress, supportedEncodings } from './decompress.ts';
import { describeRequest } from './describe.ts';
import { networkError } from './network-error.ts';
import type { HttpHeaders, HttpRequest, Send, WireResponse } from './types.ts';

export interface WireOptions {
  /** Milliseconds each part of a request may take; see `TimeLimits` for the defaults. */
  readonly timeouts?: TimeLimits;
  /**
   * The largest body accepted, in bytes after decompression.
   *
   * @default 268_435_456 (256 MiB)
   */
  readonly maxBodyBytes?: number;
}

const MAX_REDIRECTS = 10;

/** What may follow a redirect to another origin: nothing that could be a credential. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent']);

/** Sends requests with got and reads each answer whole. Its own retry, time-outs and decompression are off: see the policies. */
export const gotWire = ({ timeouts = {}, maxBodyBytes = 256 * 1024 * 1024 }: WireOptions = {}): Send => {
  const deadlines = new Deadlines(timeouts);
  let loading: Promise<Got> | undefined;

  return async (request) => {
    request.signal?.throwIfAborted();
    const got = await (loading ??= loadGot());
    const { status, headers, url, body } = await exchange(got, request, deadlines, maxBodyBytes);
    const bytes = await decompress(body, headers['content-encoding'], maxBodyBytes, describeRequest(request));
    return { request, status, headers, url, bytes };
  };
};

/** got takes over 100 ms to load, which `spec` and `--help` need not wait for. */
const loadGot = async (): Promise<Got> => {
  const { got } = await import('got');
  return got.extend({
    agent: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
    decompress: false,
    followRedirect: true,
    headers: { 'user-agent': 'headwater', 'accept-encoding': supportedEncodings },
    hooks: { beforeRequest: [leanOptions], beforeRedirect: [stripCredentials] },
    maxRedirects: MAX_REDIRECTS,
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
};

/**
 * Gives Node the three options it needs instead of got's forty, which leave 50 KB of garbage behind with each request:
 * see decision 12. What else concerns a connection is said in the agents.
 */
const leanOptions = (options: NormalizedOptions): void => {
  const { agent, headers, method, url } = options;
  const native = { agent: String(url).startsWith('https:') ? agent.https : agent.http, headers, method };
  Object.assign(options, { createNativeRequestOptions: () => native });
};

const stripCredentials = (
  updated: { url?: string | URL | undefined; headers: Record<string, unknown> },
  { url }: { url: string },
): void => {
  if (updated.url === undefined || new URL(updated.url).origin === new URL(url).origin) return;
  for (const name of Object.keys(updated.headers)) if (!HARMLESS_HEADERS.has(name)) delete updated.headers[name];
};

interface Exchange extends Pick<WireResponse, 'status' | 'headers' | 'url'> {
  /** As it came, maybe compressed. */
  readonly body: Uint8Array;
}

const exchange = (got: Got, request: HttpRequest, deadlines: Deadlines, maxBytes: number): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    const { method, url, headers, body, signal } = request;
    // `body` in the options makes got send it; a stream without one waits to be written to, but for GET and HEAD.
    const bodiless = method === 'GET' || method === 'HEAD';
    const stream: GotStream = got.stream(url, {
      ...(method !== 'GET' && { method: method as 'POST' }),
      headers,
      ...(!bodiless && { body: body ?? '' }),
      ...(bodiless && body !== undefined && { body, allowGetBody: true }),
    });
    const deadline = deadlines.start(describeRequest(request), fail);
    const abort = () => fail(signal?.reason);

    function settle(): void {
      deadline.stop();
      signal?.removeEventListener('abort', abort);
    }
    function fail(error: unknown): void {
      settle();
      stream.destroy();
      reject(error);
    }

    signal?.addEventListener('abort', abort, { once: true });
    stream.on('request', (sent) => deadline.watchConnection(sent));
    stream.once('response', (response) => {
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
          body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size),
        });
      });
    });
    stream.on('error', (error) => fail(networkError(request, error)));
  });

const readFrom = (response: Readable): Uint8Array | null => response.read() as Uint8Array | null;

/** As Node gives them: only `set-cookie` is a list. */
const joined = (headers: NodeJS.Dict<string | string[]>): HttpHeaders => {
  const { 'set-cookie': cookies } = headers;
  return (Array.isArray(cookies) ? { ...headers, 'set-cookie': cookies.join(', ') } : headers) as HttpHeaders;
};
