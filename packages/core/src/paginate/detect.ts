import { detectCount } from './detect-count.ts';
import { detectNext } from './detect-next.ts';
import type { Clue, DetectedPaginator, FirstResponse } from './detected.ts';
import { linkTo } from './link-header.ts';

/**
 * Proposes a paginator from the first page of an API: by its `Link` header, by members of its body such as
 * `next_cursor`, `links.next`, `has_more` or `total_pages`, by headers such as `X-Next-Page` or `X-Total-Count`, or by
 * the parameters it was asked for with. Undefined when nothing tells.
 *
 * It is a proposal for a person to read: nothing in the kit applies it.
 */
export const detectPaginator = (response: FirstResponse): DetectedPaginator | undefined => {
  const clue = detectLink(response) ?? detectNext(response) ?? detectCount(response);
  return clue && { ...clue, code: codeOf(clue) };
};

const detectLink = ({ headers }: FirstResponse): Clue | undefined => {
  const target = linkTo('next', headers['link']);
  if (target === undefined) return undefined;
  return { kind: 'linkHeader', options: {}, because: `The Link header has rel="next": ${target}.` };
};

const codeOf = ({ kind, options }: Clue): string => {
  const members = Object.entries(options).map(([name, value]) => `${name}: ${literal(value)}`);
  return members.length === 0 ? `${kind}()` : `${kind}({ ${members.join(', ')} })`;
};

const literal = (value: unknown): string => {
  if (typeof value !== 'string') return String(value);
  const escaped = JSON.stringify(value);
  return value.includes("'") ? escaped : `'${escaped.slice(1, -1).replaceAll('\\"', '"')}'`;
};
