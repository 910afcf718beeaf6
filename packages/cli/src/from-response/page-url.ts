import { isJsonObject } from '../types/read-document.ts';

/**
 * The URL an answer came from, by what it says of itself and its neighbours: a `Link` header, or a link to the page
 * itself, the first or the next one in the body. What leads to another page is taken off.
 */
export const pageUrlIn = (body: unknown, headers: Readonly<Record<string, string>>): URL | undefined => {
  const link = /<(https?:\/\/[^>]+)>\s*;[^,]*\brel="?(self|first|next|last|prev)\b/i.exec(headers['link'] ?? '')?.[1];
  const address = link ?? linkIn(body, 0);
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  for (const name of new Set(url.searchParams.keys())) if (PAGE_PARAM.test(name)) url.searchParams.delete(name);
  return url;
};

/** Parameters that lead to a page. */
export const PAGE_PARAM =
  /^(page|p|pg|page[-_]?(no|num|number|index|token|id|info)|page\[(number|after|before|cursor|offset)\]|current[-_]?page|offset|skip|\$skip|start|start[-_]?(at|index)|from|cursor|next|next[-_]?(cursor|token|page)|after|before|starting[-_]?after|ending[-_]?before|continuation([-_]?token)?|marker|scroll[-_]?id|\$?skiptoken)$/i;

const NAMES = ['self', 'first', 'next', 'next_page', 'nextPage', 'next_url', '@odata.nextLink', 'prev', 'previous'];

const linkIn = (node: unknown, depth: number): string | undefined => {
  if (!isJsonObject(node) || depth > 2) return undefined;
  for (const name of NAMES) {
    const value = isJsonObject(node[name]) ? node[name]['href'] : node[name];
    if (typeof value === 'string' && /^https?:\/\//i.test(value)) return value;
  }
  for (const name of ['links', '_links', 'paging', 'pagination', 'meta']) {
    const found = linkIn(node[name], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
};
