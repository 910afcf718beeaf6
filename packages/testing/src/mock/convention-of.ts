import type { Convention } from './convention.ts';
import { byOffset, byPageNumber } from './counted-paging.ts';
import { byCursor } from './cursor-paging.ts';
import { byLinkHeader, byNextUrl } from './link-paging.ts';
import type { Paging } from './paging.ts';

/** @throws TypeError for a kind that there is not */
export const conventionOf = (paging: Paging): Convention => {
  switch (paging.kind) {
    case 'none':
      return { sizeParam: undefined, size: Infinity, start: () => 0, says: () => [] };
    case 'pageNumber':
      return byPageNumber(paging);
    case 'offset':
      return byOffset(paging);
    case 'cursor':
      return byCursor(paging);
    case 'nextUrl':
      return byNextUrl(paging);
    case 'linkHeader':
      return byLinkHeader(paging);
    default:
      throw new TypeError(
        `paging: unknown kind ${JSON.stringify((paging satisfies never as Paging).kind)}. ` +
          `Known: none, pageNumber, offset, cursor, nextUrl, linkHeader.`,
      );
  }
};
