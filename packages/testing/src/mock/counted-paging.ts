import { BadRequest, countOf, PAGE_SIZE, type Asked, type Convention, type Cut, type Said } from './convention.ts';
import type { PagingOf } from './paging.ts';

/** `?page=2&per_page=50` */
export const byPageNumber = (paging: PagingOf<'pageNumber'>): Convention => {
  const { param = 'page', start: first = 1, pageSize = PAGE_SIZE, sizeParam, in: part, maxPageSize } = paging;
  return {
    sizeParam,
    size: pageSize,
    maxSize: maxPageSize,
    part,
    start(asked) {
      const page = countOf(asked.request, param, { least: first, otherwise: first, part });
      return withinDepth((page - first) * asked.size, asked, paging.maxDepth);
    },
    says: (cut) => [...counts(cut, paging), [paging.totalPages, Math.ceil(cut.items.length / cut.size)]],
  };
};

/** `?offset=100&limit=50` */
export const byOffset = (paging: PagingOf<'offset'>): Convention => {
  const { param = 'offset', start: first = 0, limit, limitParam = 'limit', in: part, maxPageSize } = paging;
  return {
    sizeParam: limitParam,
    size: limit,
    maxSize: maxPageSize,
    part,
    start(asked) {
      const offset = countOf(asked.request, param, { least: first, otherwise: first, part });
      return withinDepth(offset - first, asked, paging.maxDepth);
    },
    says: (cut) => counts(cut, paging),
  };
};

const counts = (cut: Cut, places: { readonly total?: string; readonly hasMore?: string }): readonly Said[] => [
  [places.total, totalFor(places.total, cut)],
  [places.hasMore, cut.end < cut.items.length],
];

const totalFor = (place: string | undefined, { items, start, end }: Cut): number | string => {
  if (place?.toLowerCase() !== 'content-range') return items.length;
  return `items ${end > start ? `${start}-${end - 1}` : '*'}/${items.length}`;
};

const withinDepth = (start: number, { size }: Asked, maxDepth = Infinity): number => {
  if (start + size <= maxDepth) return start;
  throw new BadRequest(`The page reaches ${start + size} records deep. At most ${maxDepth} can be read.`);
};
