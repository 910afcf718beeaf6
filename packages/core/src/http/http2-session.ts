import { constants, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';

/** How often a session in use is asked whether it still lives; no word until the next time means that it does not. */
const PING_EVERY_MS = 15_000;

/** What the peer says about its end of a stream. */
const { NGHTTP2_CANCEL, NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_NO_ERROR } = constants;

/** One HTTP/2 connection: how busy it is, and whether it may still be given requests. It keeps no process alive. */
export class Http2Session {
  /** The server said that it answers this only by HTTP/1.1. */
  wantsHttp1 = false;
  /** False ends it as soon as it is idle. */
  keep = true;
  readonly #session: ClientHttp2Session;
  readonly #pingEvery: number;
  #open = 0;
  #retired = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: ClientHttp2Session, pingEvery = PING_EVERY_MS) {
    this.#session = session;
    this.#pingEvery = pingEvery;
    session.unref();
    // Each stream hears of it too, and passes it on.
    session.on('error', () => {});
  }

  /** False as soon as it ends, or a GOAWAY says that it is going to. */
  get usable(): boolean {
    return !this.#retired && !this.#session.closed && !this.#session.destroyed;
  }

  /** Requests under way, or about to be. */
  get open(): number {
    return this.#open;
  }

  get hasRoom(): boolean {
    return this.#open < (this.#session.remoteSettings.maxConcurrentStreams ?? Infinity);
  }

  /** Whether the connection is encrypted is all a request asks of it; what it says of the peer is for diagnostics. */
  get socket(): ClientHttp2Session['socket'] {
    return this.#session.socket;
  }

  get destroyed(): boolean {
    return this.#session.destroyed;
  }

  /** Reserves room for a request, which `release` gives back. */
  take(): void {
    if (this.#open++ === 0) this.#attend();
  }

  release(): void {
    if (--this.#open === 0) this.#leave();
  }

  /** Sends a request for which `take` was called; the end of its stream releases it. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    const stream = this.#session.request(headers, { endStream });
    let answered = false;
    stream.once('response', () => (answered = true));
    stream.once('close', () => {
      if (stream.rstCode === NGHTTP2_HTTP_1_1_REQUIRED) this.wantsHttp1 = true;
      // Given up while it waited: the connection may be dead, and the next request had better not find out.
      const givenUp = stream.rstCode === NGHTTP2_NO_ERROR || stream.rstCode === NGHTTP2_CANCEL;
      if (!answered && givenUp) this.retire();
      this.release();
    });
    return stream;
  }

  /** Takes no more requests, and ends with the last of those it has. */
  retire(): void {
    this.#retired = true;
    if (!this.#session.destroyed) this.#session.close();
  }

  destroy(): void {
    this.#retired = true;
    this.#session.destroy();
  }

  #attend(): void {
    this.#session.ref();
    let alive = true;
    this.#timer = setInterval(() => {
      if (this.#session.destroyed) return;
      if (!alive) return this.#session.destroy(lost(), NGHTTP2_CANCEL);
      alive = false;
      this.#session.ping(() => (alive = true));
    }, this.#pingEvery).unref();
  }

  #leave(): void {
    clearInterval(this.#timer);
    if (!this.#session.destroyed) this.#session.unref();
    if (!this.keep) this.retire();
  }
}

const lost = (): Error => Object.assign(new Error('The HTTP/2 connection is dead.'), { code: 'HTTP2_PING_LOST' });
