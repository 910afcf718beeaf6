/** Loaded only where `http2: true` is said. */
import * as http from 'node:http';
import { constants, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import * as https from 'node:https';
import http2wrapper from 'http2-wrapper';
import { streamError } from './http2-error.ts';
import { Http2Pool, type Http2PoolOptions } from './http2-pool.ts';
import type { Http2Session } from './http2-session.ts';

/** HTTP/2 where a server speaks it, HTTP/1.1 elsewhere. */
export interface Http2 {
  /**
   * Makes a request as `https.request` does, nothing sent yet.
   *
   * @throws Error when there is no connection to the server, or the signal has ended the wait for one
   */
  readonly request: (url: URL, options: http.RequestOptions) => Promise<http.ClientRequest>;
  /** See `Agents.close`. */
  close(): void;
  /** See `Agents.destroy`. */
  destroy(): void;
}

export const openHttp2 = (options: Http2PoolOptions): Http2 => {
  const pool = new Http2Pool(options);
  const request = async (url: URL, native: http.RequestOptions): Promise<http.ClientRequest> => {
    if (url.protocol !== 'https:') return http.request(url, native);
    const session = await pool.sessionFor(url);
    if (!session) return https.request(url, native);
    if (!native.signal?.aborted) return new Http2Request(url, native, session);
    session.release();
    throw native.signal.reason;
  };
  return { request, close: () => pool.close(), destroy: () => pool.destroy() };
};

/** Headers that concern a connection, which HTTP/2 says in other words or not at all. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

// Its types leave the options out.
const ClientRequest = http2wrapper.ClientRequest as unknown as new (
  url: URL,
  options: http.RequestOptions,
) => http.ClientRequest;

/** One stream of a session, to be used like a request of `node:https`. */
class Http2Request extends ClientRequest {
  readonly #session: Http2Session;
  readonly #hasBody: boolean;
  #stream: ClientHttp2Stream | undefined;

  constructor(url: URL, { method = 'GET', headers = {} }: http.RequestOptions, session: Http2Session) {
    const { host, 'content-length': length } = headers as http.OutgoingHttpHeaders;
    const kept = Object.entries(headers).filter(([name, value]) => !OF_THE_CONNECTION.has(name) && value !== undefined);
    const h2session = {
      destroyed: session.destroyed,
      socket: session.socket,
      request: (pseudo: OutgoingHttpHeaders) => this.#open(pseudo),
    };
    super(url, {
      method,
      headers: { ...Object.fromEntries(kept), ...(host !== undefined && { ':authority': host }) },
      h2session: h2session as unknown as ClientHttp2Session,
    } as http.RequestOptions);
    this.#session = session;
    this.#hasBody = (method !== 'GET' && method !== 'HEAD') || length !== undefined;
  }

  /** The parent asks this of the method alone, though a GET may have a body, and a DELETE. */
  protected get _mustNotHaveABody(): boolean {
    return !this.#hasBody;
  }

  /** With what the server said on the stream, which the parent's own words leave out. */
  override destroy(error?: Error): this {
    if (!this.#stream && !this.destroyed) this.#session.release();
    const vague = error && !('code' in error) && this.#stream;
    return super.destroy(vague ? streamError(vague.rstCode) : error);
  }

  #open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers, !this.#hasBody);
    this.#stream = stream;
    // Before the parent listens: to it the end of a stream is the end of the answer, however it came.
    stream.once('end', () => {
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) return;
      this.aborted = true;
      this.destroy(streamError(stream.rstCode));
    });
    keepFromReset(stream);
    return stream;
  }
}

/**
 * Lets a stream that is through on both sides end by itself. The parent destroys each at the end of its answer, which says
 * RST_STREAM once a request: servers take a thousand of those for an attack, and hang up.
 */
const keepFromReset = (stream: ClientHttp2Stream): void => {
  const destroy = stream.destroy.bind(stream);
  stream.destroy = (error) => {
    const through = !error && !stream.closed && stream.readableEnded && stream.writableFinished;
    return through ? stream : destroy(error);
  };
};
