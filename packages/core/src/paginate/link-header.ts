import { followUrl } from './next-url.ts';
import type { Paginator } from './paginator.ts';
import { stopCheck, type StopRules } from './stop-rules.ts';

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAM = /;\s*([^\s=;,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;

/** Follows the `Link` header with `rel="next"` (RFC 8288), as GitHub, Shopify and many others send it. */
export const linkHeader = (rules: StopRules = {}): Paginator => {
  const stop = stopCheck('linkHeader', rules);
  return followUrl('linkHeader', (page) => (stop(page) === 'end' ? undefined : linkTo('next', page.headers['link'])));
};

/** The target of the first link of a relation in a `Link` header, as it stands there. */
export const linkTo = (relation: string, header = ''): string | undefined => {
  for (const [, target = '', params = ''] of header.matchAll(LINK)) {
    if (relationsOf(params).includes(relation)) return target;
  }
  return undefined;
};

const relationsOf = (params: string): readonly string[] => {
  for (const [, name = '', quoted, plain = ''] of params.matchAll(PARAM)) {
    if (name.toLowerCase() === 'rel') return (quoted ?? plain).toLowerCase().split(/\s+/);
  }
  return [];
};
