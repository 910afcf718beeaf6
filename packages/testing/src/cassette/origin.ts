import type { HttpRequest, Send, WireResponse } from '@headwater/core';

/** Sends a request to another origin, and has its answer look as if it came from where the request was for. */
export const withOrigin = async (origin: string, request: HttpRequest, send: Send): Promise<WireResponse> => {
  const { origin: asked, pathname, search } = new URL(request.url);
  const answer = await send({ ...request, url: `${origin}${pathname}${search}` });
  const back = (text: string): string => text.replaceAll(origin, asked);
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, back(value)]));
  const bytes = Buffer.from(answer.bytes);
  return {
    ...answer,
    headers,
    url: back(answer.url),
    bytes: bytes.includes(origin) ? Buffer.from(back(bytes.toString('latin1')), 'latin1') : answer.bytes,
  };
};
