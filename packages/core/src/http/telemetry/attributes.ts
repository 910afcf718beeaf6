import { redact } from '../../output/redact.ts';
import { publicUrl } from '../public-url.ts';
import type { HttpRequest, WireResponse } from '../types.ts';

export type Attributes = Record<string, string | number>;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY']);

/** The method as the conventions name it: what they do not know is `_OTHER`, so that the number of names stays small. */
export const methodOf = ({ method }: HttpRequest): string => {
  const name = method.toUpperCase();
  return METHODS.has(name) ? name : '_OTHER';
};

/** What a metric may be grouped by: few values each, and no URL. */
export const streamAttributes = ({ sender }: HttpRequest): Attributes =>
  sender?.stream === undefined ? {} : { 'headwater.stream': sender.stream };

/** Which server is asked, and how. */
export const serverAttributes = (request: HttpRequest): Attributes => {
  const url = urlOf(request);
  return {
    'http.request.method': methodOf(request),
    ...(url && { 'server.address': redact(url.hostname.replace(/^\[(.*)\]$/, '$1')), 'server.port': portOf(url) }),
  };
};

/** All that is known of a request before it is sent, without secrets. */
export const requestAttributes = (request: HttpRequest): Attributes => {
  const { sender, resends, method } = request;
  const url = urlOf(request);
  const server = serverAttributes(request);
  return {
    ...server,
    ...(server['http.request.method'] !== method && { 'http.request.method_original': method }),
    ...(url && { 'url.full': publicUrl(url) }),
    ...(resends !== undefined && { 'http.request.resend_count': resends }),
    ...streamAttributes(request),
    ...(Object.keys(sender?.slice ?? {}).length > 0 && { 'headwater.slice': redact(JSON.stringify(sender?.slice)) }),
  };
};

/** What became of a request: its answer, or what was thrown. */
export const outcomeAttributes = (
  outcome: { readonly response: WireResponse } | { readonly error: unknown },
): Attributes => {
  if ('error' in outcome) return { 'error.type': nameOf(outcome.error) };
  const { status } = outcome.response;
  return { 'http.response.status_code': status, ...(status >= 400 && { 'error.type': String(status) }) };
};

/** A `DOMException`, as an abort brings it, has a name too. */
const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string'
    ? error.name
    : '_OTHER';

/** Undefined for what is no URL: the wire says so. */
const urlOf = ({ url }: HttpRequest): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));
