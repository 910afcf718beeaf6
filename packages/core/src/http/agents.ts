import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { isEgressGuarded, openEgressGuard } from './egress.ts';
import type { Http2 } from './http2.ts';
import { openProxies } from './proxy.ts';
import { connectTls, openTls, type TlsOptions } from './tls.ts';

/** How connections are made. */
export interface AgentOptions {
  /**
   * The most connections open to one origin at a time; further requests wait for one. They are kept and used again.
   *
   * @default 64
   */
  readonly connections?: number;
  /**
   * The URL of a proxy for all requests, e.g. `http://user:password@proxy.example.com:8080`; false for none.
   *
   * @default what HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say, in capitals or not
   */
  readonly proxy?: string | false;
  /**
   * Own certificate authorities, and the certificate of this client.
   *
   * @default the authorities Node trusts, and no client certificate
   */
  readonly tls?: TlsOptions;
  /**
   * `public` refuses every address that is not on the public internet, also after a redirect, with `EgressError`.
   *
   * What a proxy connects to is the proxy's to refuse: only addresses written in the URL are checked then. A proxy that
   * the environment names may have a private address; one given as `proxy` may not.
   *
   * @default what HEADWATER_EGRESS says: `public`, or `any`
   */
  readonly egress?: 'public';
  /**
   * True speaks HTTP/2 with each https server that offers it (ALPN), and HTTP/1.1 with all others.
   *
   * @default false
   */
  readonly http2?: boolean;
}

/** The connections of one wire. */
export interface Agents {
  /** For what goes directly. */
  readonly direct: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** The agent for a URL. Throws `EgressError` when its very host is forbidden. */
  agentFor(url: URL): HttpAgent;
  /** The proxy that a URL is reached by, if any. */
  proxyFor(url: URL): URL | undefined;
  /** What makes requests in place of Node when HTTP/2 is wanted; undefined when it is not. */
  readonly http2?: Http2 | undefined;
  /** Closes idle connections now, and each of the others when its request ends. None is kept from now on. */
  close(): void;
  /** Closes all connections, with the requests on them. */
  destroy(): void;
}

/**
 * Makes the agents, once a wire: the environment is read here and not again.
 *
 * @param connectLimit milliseconds a proxy, or an HTTP/2 session, may take for a connection; 0 for any time
 */
export const openAgents = async (options: AgentOptions, connectLimit: number): Promise<Agents> => {
  const { connections = 64, http2: wanted = false } = options;
  const { connect, ...agents } = await openHttp1({ ...options, connections }, connectLimit);
  if (!wanted) return agents;
  const { openHttp2 } = await import('./http2.ts');
  const http2 = openHttp2({ connect, connections, connectLimit });
  return {
    ...agents,
    http2,
    close: () => (agents.close(), http2.close()),
    destroy: () => (agents.destroy(), http2.destroy()),
  };
};

interface Http1Agents extends Agents {
  /**
   * Begins a TLS connection of its own to the server of an https URL, on the way and under the checks of `agentFor`, that
   * offers `protocols` (ALPN).
   */
  readonly connect: (url: URL, protocols: string[]) => Promise<TLSSocket>;
}

const openHttp1 = async (
  { connections, proxy, tls, egress }: AgentOptions & { readonly connections: number },
  connectLimit: number,
): Promise<Http1Agents> => {
  const guard = isEgressGuarded(egress) ? await openEgressGuard() : undefined;
  const proxies = await openProxies(proxy);
  const pool = { keepAlive: true, maxSockets: connections };
  const settings = await openTls(tls);
  const secure = { ...pool, ...settings };
  const guarded = guard && { lookup: guard.lookup };
  const direct = {
    http: new HttpAgent({ ...pool, ...guarded }),
    https: new HttpsAgent({ ...secure, ...guarded }),
  };
  const made = new Map<string, HttpAgent>();
  const all = () => [direct.http, direct.https, ...made.values()];
  const destroy = () => all().forEach((agent) => agent.destroy());
  let closed = false;
  const close = () => {
    closed = true;
    all().forEach(keepNothing);
  };

  const choose = (url: URL): HttpAgent => (url.protocol === 'https:' ? direct.https : direct.http);
  const connectDirectly = (url: URL, ALPNProtocols: string[]): TLSSocket =>
    connectTls(url, { ...settings, ...guarded, ALPNProtocols });

  if (!proxies) {
    const agentFor = guard ? (url: URL) => (guard.check(url.hostname), choose(url)) : choose;
    const connect = async (url: URL, protocols: string[]) => (agentFor(url), connectDirectly(url, protocols));
    return { direct, agentFor, proxyFor: () => undefined, connect, close, destroy };
  }

  const { ForwardAgent, TunnelAgent } = await import('./proxy-agents.ts');
  // The operator's environment is trusted; an option may come from a user's config.
  const proxyGuard = proxy === undefined ? undefined : guard;
  const agentFor = (url: URL): HttpAgent => {
    guard?.check(url.hostname);
    const by = proxies(url);
    if (!by) return choose(url);
    const key = `${url.protocol} ${by.href}`;
    let agent = made.get(key);
    if (!agent) {
      proxyGuard?.check(by.hostname);
      const options = { ...secure, ...(proxyGuard && { lookup: proxyGuard.lookup }) };
      agent = new (url.protocol === 'https:' ? TunnelAgent : ForwardAgent)(by, options, connectLimit);
      made.set(key, agent);
      if (closed) keepNothing(agent);
    }
    return agent;
  };
  const connect = async (url: URL, protocols: string[]): Promise<TLSSocket> => {
    const agent = agentFor(url);
    return agent instanceof TunnelAgent ? agent.openTunnel(url, protocols) : connectDirectly(url, protocols);
  };
  return { direct, agentFor, proxyFor: proxies, connect, close, destroy };
};

const keepNothing = (agent: HttpAgent): void => {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
};
