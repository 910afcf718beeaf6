import type { HttpRequest } from '../types.ts';

/** Which requests a rule is for: those that satisfy everything given here. Nothing given is every request. */
export interface RequestMatch {
  /** One method or several, in any case. */
  readonly method?: string | readonly string[];
  /**
   * What the address begins with, or what tests it as a whole, query included: a `RegExp`, a `URLPattern`. A text that
   * begins with `/` is compared with the path and the query alone, whatever the host.
   *
   * @example '/v3/search'
   * @example /\/projects\/\d+\/issues\b/
   */
  readonly url?: string | UrlTest;
  /** Each header has this value, or one that fits the expression. Names in any case. */
  readonly headers?: Readonly<Record<string, string | RegExp>>;
}

/** What a `URLPattern` of the runtime or of a library offers. */
export interface UrlTest {
  test(url: string): boolean;
}

/** Whether the request is one of those meant. */
export const matches = ({ method, url, headers = {} }: RequestMatch, request: HttpRequest): boolean =>
  methodFits(method, request.method) &&
  urlFits(url, request.url) &&
  Object.entries(headers).every(([name, wanted]) => textFits(wanted, request.headers[name.toLowerCase()]));

const methodFits = (wanted: RequestMatch['method'], method: string): boolean =>
  wanted === undefined || [wanted].flat().some((one) => one.toUpperCase() === method.toUpperCase());

const urlFits = (wanted: RequestMatch['url'], url: string): boolean => {
  if (wanted === undefined) return true;
  if (wanted instanceof RegExp) return textFits(wanted, url);
  if (typeof wanted !== 'string') return wanted.test(url);
  if (!wanted.startsWith('/')) return url.startsWith(wanted);
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`.startsWith(wanted);
};

/** `search`, unlike `test`, keeps no place between calls in an expression with the flag g or y. */
const textFits = (wanted: string | RegExp, text: string | undefined): boolean =>
  text !== undefined && (typeof wanted === 'string' ? text === wanted : text.search(wanted) >= 0);
