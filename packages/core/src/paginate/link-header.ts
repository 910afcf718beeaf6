import type { Paginator } from './paginator.ts';

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAM = /;\s*([^\s=;,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;

/** Follows the `Link` header with `rel="next"` (RFC 8288), as GitHub, Shopify and many others send it. */
export const linkHeader = (): Paginator => ({
  nextUrl({ headers, url }) {
    for (const [, target = '', params = ''] of (headers['link'] ?? '').matchAll(LINK)) {
      if (relationsOf(params).includes('next')) return new URL(target, url).href;
    }
    return undefined;
  },
});

const relationsOf = (params: string): readonly string[] => {
  for (const [, name = '', quoted, plain = ''] of params.matchAll(PARAM)) {
    if (name.toLowerCase() === 'rel') return (quoted ?? plain).toLowerCase().split(/\s+/);
  }
  return [];
};
