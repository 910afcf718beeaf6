import { isUtf8 } from 'node:buffer';
import { hasSecrets, redact, redactData } from '../../output/redact.ts';
import type { HttpHeaders, HttpRequest, WireResponse } from '../types.ts';

/** An answer as it is kept. */
export interface CacheEntry {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Where a redirect led to; absent where the answer came from the URL asked for. */
  readonly url?: string;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly bytes: Uint8Array;
  /** It carries a secret that it cannot do without, in its body or a header such as `Link`: it never goes to the disk. */
  readonly memoryOnly?: true;
}

const COOKIES = new Set(['set-cookie', 'set-cookie2']);

/**
 * What is kept of an answer. Cookies and headers that are a registered secret are left out, for memory and disk alike,
 * so that a replay does not depend on where it comes from.
 */
export const entryOf = (response: WireResponse, storedAt: number): CacheEntry => {
  const { request, status, bytes } = response;
  const headers = Object.entries(response.headers).filter(([name, value]) => !COOKIES.has(name) && !isSecret(value));
  const url = sameUrl(response.url, request.url) ? undefined : withoutSecretQuery(response.url);
  const tells =
    headers.some(([, value]) => holdsSecret(value)) || (url !== undefined && holdsSecret(url)) || bodyTells(bytes);
  return {
    status,
    headers: Object.fromEntries(headers),
    ...(url !== undefined && { url }),
    storedAt,
    bytes,
    ...(tells && { memoryOnly: true }),
  };
};

/** The answer to another request with the same key. */
export const answerFrom = ({ status, headers, url, bytes }: CacheEntry, request: HttpRequest): WireResponse => ({
  request,
  status,
  headers,
  url: url ?? request.url,
  bytes,
});

const holdsSecret = (text: string): boolean => redact(text) !== text;

/** Half of a character in UTF-16 is no more than a gap to what is looked for. */
const bodyTells = (bytes: Uint8Array): boolean => {
  if (!hasSecrets()) return false;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = isUtf8(body) ? body.toString('utf8') : body.toString('latin1');
  const known = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return redactData(known) !== known;
};

/** A shorter value that happens to be a secret may still say something: it is kept, in memory only. */
const isSecret = (value: string): boolean => value.length >= 8 && holdsSecret(value) && redact(value) === '****';

const withoutSecretQuery = (url: string): string => {
  if (!holdsSecret(url) || !URL.canParse(url)) return url;
  const bare = new URL(url);
  bare.search = '';
  return bare.href;
};

const sameUrl = (a: string, b: string): boolean => a === b || (URL.canParse(a) && new URL(a).href === new URL(b).href);
