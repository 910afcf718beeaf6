import { createHmac } from 'node:crypto';
import type { HttpRequest } from '../types.ts';

/**
 * What changes from request to request, or names who asks, and never what is answered. All other headers are part of
 * the key, the credential's above all.
 */
export const NOISE_HEADERS: ReadonlySet<string> = new Set([
  'baggage',
  'connection',
  'content-length',
  'date',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-amzn-trace-id',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-spanid',
  'x-b3-traceid',
  'x-correlation-id',
  'x-request-id',
  'x-zato-cid',
  'x-zato-component',
  'x-zato-msg-ts',
]);

/**
 * Equal for requests that have the same answer: method, URL with sorted query, body, and headers without the noise.
 * Where a request says who sends it, that stands for what its authenticator made of it; cookies come in behind that.
 *
 * It is keyed with the secret of the cache directory, so that a file name tells nothing about a credential to whom has
 * not that secret.
 */
export const cacheKey = (
  request: HttpRequest,
  secret: Uint8Array,
  ignored: ReadonlySet<string> = new Set(),
): string => {
  const { credential } = request;
  const { method, url, headers, body = '' } = credential ? withCookieOf(credential.bare, request) : request;
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOISE_HEADERS.has(name) && !ignored.has(name))
    .toSorted(byName);
  const hash = createHmac('sha256', secret);
  // JSON has no line break of its own: what stands behind it is the body.
  hash.update(`${JSON.stringify([method.toUpperCase(), sortQuery(url), kept, credential?.identity])}\n`);
  return hash.update(body).digest('hex');
};

const withCookieOf = (bare: HttpRequest, { headers: { cookie } }: HttpRequest): HttpRequest =>
  cookie === undefined ? bare : { ...bare, headers: { ...bare.headers, cookie } };

/** Sorted as it is written: `+` and `%20` stay apart, and so does the order of values of one name. */
const sortQuery = (url: string): string => {
  const { href, search, hash } = new URL(url);
  const address = href.slice(0, href.length - search.length - hash.length);
  const pairs = search.slice(1).split('&');
  return `${address}?${pairs
    .map((pair) => [pair.split('=', 1)[0] ?? '', pair] as const)
    .toSorted(byName)
    .map(([, pair]) => pair)
    .join('&')}`;
};

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);
