import { secretRedirect, unsafeRedirect } from './network-error.ts';
import type { CookieStore } from './types.ts';

/** What may follow a redirect to another origin: nothing that could be a credential. */
export const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-length',
  'content-type',
  'range',
  'user-agent',
]);

/** The answer that redirects. */
interface Answer {
  readonly url: string;
  readonly statusCode: number;
  readonly headers: NodeJS.Dict<string | string[]> & { readonly 'set-cookie'?: string[] | undefined };
}

/** The options of the next request, which a hook changes in place. */
interface Hop {
  readonly url?: string | URL | undefined;
  method: string;
  body?: unknown;
  readonly headers: Record<string, unknown>;
  readonly context: Record<string, unknown>;
}

/** What everybody does with a POST, such as a login, though only a 303 says so. got leaves it a POST. */
const turnToGet = (hop: Hop, { statusCode }: Answer): void => {
  if (hop.method !== 'POST' || (statusCode !== 301 && statusCode !== 302)) return;
  hop.method = 'GET';
  hop.body = undefined;
  for (const name of Object.keys(hop.headers)) if (name.startsWith('content-')) delete hop.headers[name];
};

const stripCredentials = ({ url, headers, body, context }: Hop, from: Answer): void => {
  if (url === undefined) return;
  const [here, there] = [new URL(from.url), new URL(url)];
  if (here.origin === there.origin) return;
  if (body && context['secretBody'] === true) throw secretRedirect(there);
  if (body && here.protocol === 'https:' && there.protocol === 'http:') throw unsafeRedirect(there);
  for (const name of Object.keys(headers)) if (!HARMLESS_HEADERS.has(name)) delete headers[name];
};

const passCookies = ({ url, headers, context }: Hop, from: Answer): void => {
  const { cookies } = context as { readonly cookies?: CookieStore };
  if (!cookies || url === undefined) return;
  cookies.keep(from.url, from.headers['set-cookie'] ?? []);
  headers['cookie'] = cookies.headerFor(String(url));
};

/** What happens to a request between two hops of a redirect, in this order; for got's `beforeRedirect`. */
export const redirectHooks = [turnToGet, stripCredentials, passCookies] as const;
