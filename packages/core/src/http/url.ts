import { ConnectorError } from '../errors.ts';

/** A query value: an array repeats its key, null and undefined are left out. */
export type QueryValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly (string | number | bigint | boolean | null | undefined)[];

export type QueryParams = Readonly<Record<string, QueryValue>>;

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Base and path with exactly one slash between them. Nothing of the base is lost, whether or not it ends in a slash; an
 * absolute path is taken as it is. Queries of both are kept.
 *
 * @throws ConnectorError when the result is not an http or https URL
 */
export const joinUrl = (base: string, path: string): URL => {
  if (ABSOLUTE.test(path)) return parseUrl(path, 'path');
  const url = parseUrl(base, 'urlBase');
  const [pathname = '', query = ''] = splitOnce(path, '?');
  if (pathname !== '') {
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${pathname.replace(/^\/+/, '')}`;
  }
  for (const [key, value] of new URLSearchParams(query)) url.searchParams.append(key, value);
  return url;
};

/** Sets query parameters; a key given here replaces the same key already in the URL. */
export const withQuery = (url: string, params: QueryParams): string => {
  const entries = Object.entries(params);
  if (entries.length === 0) return url;
  const [address = '', search = ''] = splitOnce(url, '?');
  const query = new URLSearchParams(search);
  for (const [key, value] of entries) {
    query.delete(key);
    for (const item of Array.isArray(value) ? (value as readonly QueryValue[]) : [value]) {
      if (item !== null && item !== undefined) query.append(key, textOf(key, item));
    }
  }
  return query.size > 0 ? `${address}?${query.toString()}` : address;
};

const textOf = (key: string, value: unknown): string => {
  if (typeof value === 'object' && value !== null) {
    throw new ConnectorError(
      `requestParams: the value of "${key}" is an object. Use a string, a number, a boolean, or an array of them.`,
    );
  }
  return String(value);
};

const parseUrl = (text: string, field: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    // A fragment is never sent, and a query set later would end up in it.
    url.hash = '';
    return url;
  }
  throw new ConnectorError(
    `${field}: "${text}" is not an absolute http or https URL such as https://api.example.com/v1.`,
  );
};

const splitOnce = (text: string, separator: string): string[] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};
