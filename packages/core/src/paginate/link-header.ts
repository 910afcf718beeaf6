import type { Paginator } from './paginator.ts';

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;

/** Follows the `Link` header with `rel="next"` (RFC 8288), as GitHub, Shopify and many others send it. */
export const linkHeader = (): Paginator => ({
  nextUrl({ headers, url }) {
    for (const [, target = '', params = ''] of (headers['link'] ?? '').matchAll(LINK)) {
      const rel = REL.exec(params);
      const relations = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
      if (relations.includes('next')) return new URL(target, url).href;
    }
    return undefined;
  },
});
