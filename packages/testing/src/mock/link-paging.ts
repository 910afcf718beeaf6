import { countOf, PAGE_SIZE, type Convention, type Cut } from './convention.ts';
import type { PagingOf } from './paging.ts';

/** The URL of the next page in the body, or in a header that has nothing else. */
export const byNextUrl = (paging: PagingOf<'nextUrl'>): Convention => ({
  ...linked(paging),
  says: (cut) => [
    [paging.from, hasMore(cut) ? linkTo(pageOf(cut) + 1, cut, paging) : null],
    [paging.hasMore, hasMore(cut)],
  ],
});

/** The header `Link` (RFC 8288), with `first`, `prev`, `next` and `last`. */
export const byLinkHeader = (paging: PagingOf<'linkHeader'>): Convention => ({
  ...linked(paging),
  says(cut) {
    const page = pageOf(cut);
    const links: [relation: string, page: number][] = [['first', 1]];
    if (page > 1) links.push(['prev', page - 1]);
    if (hasMore(cut)) links.push(['next', page + 1]);
    links.push(['last', Math.max(1, Math.ceil(cut.items.length / cut.size))]);
    const header = links.map(([relation, number]) => `<${linkTo(number, cut, paging)}>; rel="${relation}"`);
    return [
      ['link', header.join(', ')],
      [paging.hasMore, hasMore(cut)],
    ];
  },
});

type Linked = PagingOf<'nextUrl'> | PagingOf<'linkHeader'>;

const linked = ({ param = 'page', pageSize = PAGE_SIZE, sizeParam, maxPageSize }: Linked) => ({
  sizeParam,
  size: pageSize,
  maxSize: maxPageSize,
  start: ({ request, size }: Pick<Cut, 'request' | 'size'>): number =>
    (countOf(request, param, { least: 1, otherwise: 1 }) - 1) * size,
});

const hasMore = ({ end, items }: Cut): boolean => end < items.length;

const pageOf = ({ start, size }: Cut): number => Math.floor(start / size) + 1;

/** The same request for another page. */
const linkTo = (page: number, { request }: Cut, { param = 'page', origin }: Linked): string => {
  const query = new URLSearchParams(request.query);
  query.set(param, String(page));
  return `${origin ?? `http://${request.headers.host}`}${request.path}?${query.toString()}`;
};
