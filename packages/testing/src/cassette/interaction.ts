import type { HttpHeaders, HttpRequest, WireResponse } from '@headwater/core';
import { contentOf } from './content.ts';
import type { Content, Interaction, RecordedRequest, RecordedResponse } from './format.ts';
import { isKeptRequestHeader, isNoise } from './names.ts';
import type { Redactor } from './redactor.ts';

/** A request as it is written down, and as a replayed one is compared. */
export const recordedRequest = (request: HttpRequest, redactor: Redactor): RecordedRequest => ({
  method: request.method,
  url: redactor.url(request.url),
  ...unlessEmpty(redactor.headers(request.headers, isKeptRequestHeader)),
  ...contentOf(request.body, mediaTypeIn(request.headers), redactor),
});

/** An answer as it is written down. */
export const recordedResponse = (
  { request, status, url, headers, bytes }: WireResponse,
  cookies: readonly string[],
  redactor: Redactor,
): RecordedResponse => ({
  status,
  ...(url !== request.url && { url: redactor.url(url) }),
  ...unlessEmpty(redactor.headers(headers, (name) => !isNoise(name))),
  ...(cookies.length > 0 && { cookies: cookies.map((cookie) => replacedCookie(cookie, redactor)) }),
  ...contentOf(bytes, mediaTypeIn(headers), redactor),
});

/** With what became known for a secret only after it was taken down. */
export const redactAgain = ({ request, response }: Interaction, redactor: Redactor): Interaction => {
  const again = <T extends RecordedRequest | RecordedResponse>(part: T): T => {
    const { json, text, bytes, headers, url, ...rest } = part;
    return {
      ...rest,
      ...(url !== undefined && { url: redactor.url(url) }),
      ...(headers && { headers: redactor.headers(headers, () => true) }),
      ...contentAgain({ json, text: text ?? '', bytes: bytes ?? '' }, mediaTypeIn(headers ?? {}), redactor),
    } as unknown as T;
  };
  return { request: again(request), response: again(response) };
};

const contentAgain = ({ json, text, bytes }: Content, mediaType: string, redactor: Redactor): Content => {
  if (json !== undefined) return { json: redactor.json(json) };
  if (text) return contentOf(text, mediaType, redactor);
  return bytes ? contentOf(Buffer.from(bytes, 'base64'), mediaType, redactor) : {};
};

const unlessEmpty = (headers: HttpHeaders): { readonly headers?: HttpHeaders } =>
  Object.keys(headers).length > 0 ? { headers } : {};

const mediaTypeIn = (headers: HttpHeaders): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const replacedCookie = (cookie: string, redactor: Redactor): string => {
  const [pair = '', ...attributes] = cookie.split(';');
  const at = pair.indexOf('=');
  const value = at < 0 ? '' : redactor.replaced('session', pair.slice(at + 1).trim());
  const kept = attributes.filter((attribute) => !/^\s*(?:expires|max-age)=/i.test(attribute));
  return [`${pair.slice(0, Math.max(at, 0)).trim()}=${value}`, ...kept].join(';');
};
