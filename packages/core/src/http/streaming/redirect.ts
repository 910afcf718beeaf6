import type { IncomingMessage } from 'node:http';
import { secretRedirect, unsafeRedirect } from '../network-error.ts';
import { HARMLESS_HEADERS } from '../redirects.ts';
import type { HttpHeaders, HttpRequest } from '../types.ts';

/** The request that an answer redirects to (RFC 9110, section 15.4); undefined when it does not. */
export const redirected = (request: HttpRequest, answer: IncomingMessage): HttpRequest | undefined => {
  const {
    statusCode = 0,
    headers: { location },
  } = answer;
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined;
  if (!URL.canParse(location, request.url)) return undefined;

  const [here, there] = [new URL(request.url), new URL(location, request.url)];
  const { method, headers, body, cookies, ...rest } = request;
  const becomesGet = statusCode === 303 ? method !== 'HEAD' : statusCode < 303 && method === 'POST';
  if (!becomesGet && body !== undefined && request.secretBody && here.origin !== there.origin)
    throw secretRedirect(there);
  if (!becomesGet && body !== undefined && here.protocol === 'https:' && there.protocol === 'http:') {
    throw unsafeRedirect(there);
  }

  const kept = Object.entries(headers).filter(
    ([name]) =>
      name !== 'cookie' &&
      (here.origin === there.origin || HARMLESS_HEADERS.has(name)) &&
      !(becomesGet && name.startsWith('content-')),
  );
  const cookie = cookies ? cookies.headerFor(there.href) : here.origin === there.origin ? headers['cookie'] : undefined;
  const next: HttpHeaders = { ...Object.fromEntries(kept), ...(cookie !== undefined && { cookie }) };
  return {
    ...rest,
    method: becomesGet ? 'GET' : method,
    url: there.href,
    headers: next,
    ...(!becomesGet && body !== undefined && { body }),
    ...(cookies && { cookies }),
  };
};
