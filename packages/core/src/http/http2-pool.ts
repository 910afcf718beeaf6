import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { Http2Session } from './http2-session.ts';

export interface Http2PoolOptions {
  /** Begins a TLS connection to the server of a URL, checked, that offers `protocols` (ALPN). */
  readonly connect: (url: URL, protocols: string[]) => Promise<TLSSocket>;
  /** The most sessions with one origin. */
  readonly connections: number;
  /** Milliseconds until a session has to be there; 0 for any time. */
  readonly connectLimit: number;
  /** Milliseconds between two questions whether a session in use still lives. */
  readonly pingEvery?: number | undefined;
}

/** What is known of one origin. */
interface Origin {
  sessions: Http2Session[];
  /** Ends when another session is there, or the origin turns out to speak no HTTP/2. */
  opening?: Promise<void> | undefined;
  http1: boolean;
}

/**
 * The window of a stream and of a session, in bytes: how much may come before the server hears that it was read. The
 * protocol's own 64 KiB would slow a distant server down.
 */
const STREAM_WINDOW = 4 * 1024 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;

/**
 * The HTTP/2 sessions of one wire: one for each origin, and another when a server takes no more requests on the first.
 *
 * A session serves its own origin only, whatever else its certificate covers, so that each origin goes through the checks
 * of its own connection.
 */
export class Http2Pool {
  readonly #options: Http2PoolOptions;
  readonly #origins = new Map<string, Origin>();
  #closed = false;

  constructor(options: Http2PoolOptions) {
    this.#options = options;
  }

  /**
   * A session with room taken for a request to the URL; undefined when its server speaks only HTTP/1.1.
   *
   * @throws Error when there is no connection to the server, as Node and the agents throw it
   */
  async sessionFor(url: URL): Promise<Http2Session | undefined> {
    const origin = this.#originOf(url);
    for (;;) {
      if (origin.sessions.some((session) => session.wantsHttp1)) origin.http1 = true;
      if (origin.http1) return undefined;
      origin.sessions = origin.sessions.filter((session) => session.usable || session.open > 0);
      const usable = origin.sessions.filter((session) => session.usable).toSorted((a, b) => a.open - b.open);
      const [best] = usable;
      // The server's limit reached everywhere, a request waits its turn within the session.
      if (best && (best.hasRoom || usable.length >= this.#options.connections)) {
        best.take();
        return best;
      }
      await (origin.opening ??= this.#open(url, origin).finally(() => (origin.opening = undefined)));
    }
  }

  /** Closes idle sessions now, and each of the others when its last request ends. None is kept from now on. */
  close(): void {
    this.#closed = true;
    for (const session of this.#sessions()) {
      if (session.open === 0) session.retire();
      session.keep = false;
    }
  }

  destroy(): void {
    this.#closed = true;
    for (const session of this.#sessions()) session.destroy();
  }

  #sessions(): readonly Http2Session[] {
    return [...this.#origins.values()].flatMap(({ sessions }) => sessions);
  }

  #originOf({ origin }: URL): Origin {
    let known = this.#origins.get(origin);
    if (!known) this.#origins.set(origin, (known = { sessions: [], http1: false }));
    return known;
  }

  async #open(url: URL, origin: Origin): Promise<void> {
    const { connect, connectLimit, pingEvery } = this.#options;
    const socket = await connect(url, ['h2', 'http/1.1']);
    // Later errors are the session's, which hears of them itself.
    socket.on('error', () => {});
    const session = await withinLimit(socket, connectLimit, () => shakeHands(url, socket));
    if (!session) {
      origin.http1 = true;
      return;
    }
    const opened = new Http2Session(session, pingEvery);
    opened.keep = !this.#closed;
    origin.sessions.push(opened);
  }
}

/** Undefined when the server chose HTTP/1.1: its connection is closed, as the agents make their own. */
const shakeHands = async (url: URL, socket: TLSSocket): Promise<http2.ClientHttp2Session | undefined> => {
  await once(socket, 'secureConnect');
  if (socket.alpnProtocol !== 'h2') {
    socket.destroy();
    return undefined;
  }
  const settings = { enablePush: false, initialWindowSize: STREAM_WINDOW };
  const session = http2.connect(url.origin, { createConnection: () => socket, settings });
  await settled(session, socket);
  session.setLocalWindowSize(SESSION_WINDOW);
  return session;
};

/** How many requests a server takes at a time is known from its first frame on. */
const settled = (session: http2.ClientHttp2Session, socket: TLSSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    session.once('remoteSettings', () => resolve());
    session.once('error', reject);
    session.once('close', () => reject(Object.assign(new Error('no HTTP/2 came'), { code: 'ECONNRESET' })));
    // A server that wants a certificate says so after the handshake, which the session keeps to itself.
    socket.once('error', reject);
  });

const withinLimit = async <T>(socket: TLSSocket, milliseconds: number, work: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
  // Later than the requests that wait for it, each of which has a limit of its own and says so better.
  if (milliseconds > 0) timer = setTimeout(() => socket.destroy(late), milliseconds * 1.5);
  try {
    return await work();
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
