import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isEgressGuarded, openEgressGuard } from './egress.ts';
import { openProxies } from './proxy.ts';
import { openTls, type TlsOptions } from './tls.ts';

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
}

/** The connections of one wire. */
export interface Agents {
  /** For what goes directly. */
  readonly direct: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** The agent for a URL. Throws `EgressError` when its very host is forbidden. */
  agentFor(url: URL): HttpAgent;
  /** The proxy that a URL is reached by, if any. */
  proxyFor(url: URL): URL | undefined;
}

/**
 * Makes the agents, once a wire: the environment is read here and not again.
 *
 * @param connectLimit milliseconds a proxy may take for a connection; 0 for any time
 */
export const openAgents = async (
  { connections = 64, proxy, tls, egress }: AgentOptions,
  connectLimit: number,
): Promise<Agents> => {
  const guard = isEgressGuarded(egress) ? await openEgressGuard() : undefined;
  const proxies = await openProxies(proxy);
  const pool = { keepAlive: true, maxSockets: connections };
  const secure = { ...pool, ...(await openTls(tls)) };
  const guarded = guard && { lookup: guard.lookup };
  const direct = {
    http: new HttpAgent({ ...pool, ...guarded }),
    https: new HttpsAgent({ ...secure, ...guarded }),
  };
  const choose = (url: URL): HttpAgent => (url.protocol === 'https:' ? direct.https : direct.http);

  if (!proxies) {
    const agentFor = guard ? (url: URL) => (guard.check(url.hostname), choose(url)) : choose;
    return { direct, agentFor, proxyFor: () => undefined };
  }

  const { ForwardAgent, TunnelAgent } = await import('./proxy-agents.ts');
  // The operator's environment is trusted; an option may come from a user's config.
  const proxyGuard = proxy === undefined ? undefined : guard;
  const made = new Map<string, HttpAgent>();
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
    }
    return agent;
  };
  return { direct, agentFor, proxyFor: proxies };
};
