import { ConnectorError } from '../errors.ts';
import { excerpt } from '../output/redact.ts';
import { isJsonObject } from '../protocol/json.ts';
import { pageValue } from './page-value.ts';
import type { Paginator } from './paginator.ts';
import { stopCheck, type StopRules } from './stop-rules.ts';

export interface NextUrlOptions extends StopRules {
  /**
   * Where a page has the URL of the next one: a path into the body, such as `$.links.next`, or the name of a header. A
   * text, or an object with the text in its `href`; absolute, or relative to the page's own URL.
   */
  readonly from: string;
}

/**
 * Follows the URL of the next page that a page has in its body, until there is none. `path` and `requestParams` make the
 * first page only.
 *
 * @example nextUrl({ from: "$['@odata.nextLink']" })
 * @throws ConnectorError for a path that cannot be read
 */
export const nextUrl = (options: NextUrlOptions): Paginator => {
  const stop = stopCheck('nextUrl', options);
  const read = pageValue('nextUrl.from', options.from);
  return followUrl('nextUrl', (page) => {
    if (stop(page) === 'end') return undefined;
    const value = read(page);
    const url = isJsonObject(value) ? value['href'] : value;
    if (url === undefined || url === null || url === '' || url === false) return undefined;
    if (typeof url === 'string') return url;
    throw new ConnectorError(
      `nextUrl: at ${options.from} of ${page.url} stands a value of type ${typeof url}. A next URL is a text.`,
    );
  });
};

/** The paginator whose tokens are URLs. */
export const followUrl = (
  owner: string,
  find: (page: Parameters<Paginator['next']>[0]) => string | undefined,
): Paginator => ({
  request: (token) => (token === undefined ? {} : { url: String(token) }),
  next(page) {
    const url = find(page);
    if (url === undefined) return undefined;
    if (URL.canParse(url, page.url)) return new URL(url, page.url).href;
    throw new ConnectorError(
      `${owner}: the next page after ${page.url} is at ${JSON.stringify(excerpt(url, 200))}, which is no URL. ` +
        `If the API means something else by it, find the next page in nextPageToken.`,
    );
  },
});
