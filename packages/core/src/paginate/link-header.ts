import { excerpt } from '../output/redact.ts';
import { followUrl } from './next-url.ts';
import type { AnsweredPage, Paginator } from './paginator.ts';
import { stopCheck, type StopRules } from './stop-rules.ts';

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAM = /;\s*([^\s=;,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/g;

/** Of a header in a message. */
const MOST_CHARS = 200;

/**
 * Follows the `Link` header with `rel="next"` (RFC 8288), as GitHub, Shopify and many others send it.
 *
 * A header that is not well-formed and has no such link ends the list, with a warning in the log.
 */
export const linkHeader = (rules: StopRules = {}): Paginator => {
  const stop = stopCheck('linkHeader', rules);
  return followUrl('linkHeader', (page) => {
    if (stop(page) === 'end') return undefined;
    const target = linkTo('next', page.headers['link']);
    if (target === undefined) warnIfMalformed(page);
    return target;
  });
};

const warnIfMalformed = ({ headers: { link = '' }, warn }: AnsweredPage): void => {
  const known = [...link.matchAll(LINK)].every(([, , params = '']) => relationsOf(params).length > 0);
  if (known && !/[^\s,]/.test(link.replace(LINK, ''))) return;
  const shown = excerpt(link, MOST_CHARS);
  warn?.(
    `the Link header is malformed, so the list ends with this page, be there more or not: ${JSON.stringify(shown)}. ` +
      `If there are more, find the next page in nextPageToken.`,
  );
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
