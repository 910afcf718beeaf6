/** Loaded only when a proxy is in use. */
import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { ConnectFailure, proxyRefusal } from './network-error.ts';
import { serverOf, type TlsSettings } from './tls.ts';

type Tunnel = Parameters<HttpsProxyAgent<string>['connect']>;
type Forward = Parameters<HttpProxyAgent<string>['connect']>;
type ProxyOptions = ConstructorParameters<typeof HttpsProxyAgent<string>>[1];

/** For https: asks the proxy for a tunnel to the server (CONNECT). A refused tunnel is an error, not an answer. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #settings: TlsSettings;
  readonly #connectLimit: number;

  constructor(proxy: URL, options: ProxyOptions & TlsSettings, connectLimit: number) {
    super(proxy, options);
    const { secureContext, rejectUnauthorized } = options;
    // Said again for each connection, as the parent forgets what concerns the server.
    this.#settings = {
      ...(secureContext && { secureContext }),
      ...(rejectUnauthorized === false && { rejectUnauthorized }),
    };
    // Else found out anew for each request, from a stack trace.
    this.protocol = 'https:';
    this.#connectLimit = connectLimit;
  }

  override async connect(request: Tunnel[0], options: Tunnel[1]) {
    let status = 0;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => (status = answer.statusCode));
    const socket = await withinLimit(this, this.#connectLimit, () =>
      super.connect(request, { ...options, ...this.#settings }),
    );
    if (status === 200) return socket;
    socket.destroy();
    throw proxyRefusal(this.proxy, status);
  }

  /** A tunnel that no request of this agent uses: TLS with the server behind the proxy has begun in it. */
  async openTunnel(url: URL, ALPNProtocols: string[]): Promise<TLSSocket> {
    // In place of a request the parent only needs somebody to tell what the proxy said.
    const listener = new EventEmitter() as ClientRequest;
    const socket = await this.connect(listener, { ...serverOf(url), secureEndpoint: true, ALPNProtocols });
    return socket as TLSSocket;
  }
}

/** For http: sends the request itself to the proxy, which then answers like the server, or with a status of its own. */
export class ForwardAgent extends HttpProxyAgent<string> {
  readonly #connectLimit: number;

  constructor(proxy: URL, options: ProxyOptions, connectLimit: number) {
    super(proxy, options);
    this.protocol = 'http:';
    this.#connectLimit = connectLimit;
  }

  override connect(request: Forward[0], options: Forward[1]) {
    return withinLimit(this, this.#connectLimit, () => super.connect(request, options));
  }
}

/** Ends a connection that the proxy leaves hanging: nobody else has its socket yet, and it would keep the process alive. */
const withinLimit = async (
  agent: TunnelAgent | ForwardAgent,
  milliseconds: number,
  connect: () => Promise<Socket>,
): Promise<Socket> => {
  const limit = new AbortController();
  const timer = milliseconds > 0 ? setTimeout(() => limit.abort(), milliseconds) : undefined;
  // Read when `connect` begins, before it first waits.
  agent.connectOpts = { ...agent.connectOpts, signal: limit.signal };
  try {
    return await connect();
  } catch (cause) {
    throw ConnectFailure.ofProxy(agent.proxy, cause, limit.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
};
