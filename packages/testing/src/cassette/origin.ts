import type { CookieStore, HttpRequest, Send, WireResponse } from '@headwater/core';
import { CassetteError } from './cassette-error.ts';

/**
 * Sends a request to another origin, and has its answer look as if it came from where the request was for.
 *
 * @throws CassetteError when that origin redirects to another one, which is not asked
 */
export const withOrigin = async (origin: string, request: HttpRequest, send: Send): Promise<WireResponse> => {
  const { origin: asked, pathname, search } = new URL(request.url);
  const back = (text: string): string => text.replaceAll(origin, asked);
  const cookies = stayingAt(origin, request.cookies, back);
  const answer = await send({ ...request, url: `${origin}${pathname}${search}`, cookies });
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, back(value)]));
  const bytes = Buffer.from(answer.bytes);
  return {
    ...answer,
    headers,
    url: back(answer.url),
    bytes: bytes.includes(origin) ? Buffer.from(back(bytes.toString('latin1')), 'latin1') : answer.bytes,
  };
};

/** The wire asks for the cookies of every hop of a redirect before it is made: the only place where one can be stopped. */
const stayingAt = (origin: string, cookies: CookieStore | undefined, back: (url: string) => string): CookieStore => ({
  headerFor(url) {
    if (new URL(url).origin === origin) return cookies?.headerFor(back(url));
    throw new CassetteError(
      `HEADWATER_CASSETTE_ORIGIN: ${origin} redirects to ${new URL(url).origin}, and no other origin is asked while it ` +
        `is set. Let it redirect to itself or by a path, or answer at once.`,
    );
  },
  keep: (url, setCookies) => cookies?.keep(back(url), setCookies),
});
