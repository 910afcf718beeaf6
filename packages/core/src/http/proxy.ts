import { NetworkError } from '../errors.ts';
import { registerSecret } from '../output/redact.ts';

/** The proxy for a URL; undefined when it is to be reached directly. */
export type ProxyFor = (url: URL) => URL | undefined;

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Which proxy to use: `option` for all URLs, none when it is `false`, else what the environment says.
 *
 * @returns undefined when no URL has one: the question need not be asked for each request
 */
export const openProxies = async (option: string | false | undefined): Promise<ProxyFor | undefined> => {
  if (option === false) return undefined;
  if (option !== undefined) {
    const proxy = parseProxy(option, 'http.proxy');
    return () => proxy;
  }
  if (VARIABLES.every((name) => !process.env[name])) return undefined;
  const { getProxyForUrl } = await import('proxy-from-env');
  const parsed = new Map<string, URL>();
  return (url) => {
    const named = getProxyForUrl(url);
    if (named === '') return undefined;
    let proxy = parsed.get(named);
    if (!proxy) parsed.set(named, (proxy = parseProxy(asWritten(named), 'HTTP_PROXY, HTTPS_PROXY or ALL_PROXY')));
    return proxy;
  };
};

/** `host:port` without a scheme gets that of the URL from the package, but a proxy is spoken to in plain HTTP. */
const asWritten = (named: string): string =>
  VARIABLES.some((name) => process.env[name] === named) ? named : named.replace(/^\w+:\/\//, '');

/** The message never quotes the value: it may hold a password. */
const parseProxy = (text: string, place: string): URL => {
  const url = parseUrl(text.includes('://') ? text : `http://${text}`);
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new NetworkError(
      `${place}: not the URL of a proxy. Write http://host:port or https://host:port.`,
      'config_error',
    );
  }
  hideCredentials(url);
  return url;
};

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

const hideCredentials = ({ username, password }: URL): void => {
  const [user, pass] = [username, password].map(decodeURIComponent) as [string, string];
  // A user name alone is a token; next to a password it may be a word as common as "admin".
  registerSecret(pass === '' ? user : pass);
  if (pass !== '') registerSecret(`${user}:${pass}`);
};
