import { createHash } from 'node:crypto';

import { toJson } from '../to-json.ts';
import { namesIn, valueAt } from './body-path.ts';
import { BadRequest, PAGE_SIZE, paramOf, type Asked, type Convention } from './convention.ts';
import type { PagingOf } from './paging.ts';

/** `?cursor=…`, the cursor being one that a page gave out, or a field of its last record. */
export const byCursor = (paging: PagingOf<'cursor'>): Convention => {
  const {
    param = 'cursor',
    pageSize = PAGE_SIZE,
    sizeParam,
    in: part,
    maxPageSize,
    hasMore,
    from,
    lastRecord,
  } = paging;
  const find = lastRecord === undefined ? startOf : afterRecord(namesIn('paging.lastRecord', lastRecord));
  return {
    sizeParam,
    size: pageSize,
    maxSize: maxPageSize,
    part,
    start(asked) {
      const cursor = paramOf(asked.request, param, part);
      const start = cursor === undefined ? 0 : find(cursor, asked);
      if (start !== undefined) return start;
      throw new BadRequest(`${param}: ${JSON.stringify(cursor)} is not a cursor that this API gave out.`);
    },
    says({ items, end }) {
      const more = end < items.length;
      return [
        [from, more ? cursorAfter(items, end) : null],
        [hasMore, more],
      ];
    },
  };
};

const afterRecord =
  (names: readonly string[]) =>
  (cursor: string, { items }: Asked): number | undefined => {
    const index = items.findIndex((item) => String(valueAt(item, names)) === cursor);
    return index === -1 ? undefined : index + 1;
  };

const digestOf = (item: object | undefined): string =>
  createHash('sha1').update(toJson(item)).digest('base64url').slice(0, 12);

/** It names the last record too, so that it still leads to the right place after the list has changed. */
const cursorAfter = (items: readonly object[], end: number): string =>
  Buffer.from(`${end}:${digestOf(items[end - 1])}`).toString('base64url');

const startOf = (cursor: string, { items }: Asked): number | undefined => {
  const [, digits, digest] = /^(\d{1,15}):([\w-]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (digits === undefined) return undefined;
  const end = Number(digits);
  if (digestOf(items[end - 1]) === digest) return end;
  const index = items.findIndex((item) => digestOf(item) === digest);
  // The record itself is gone: what came after it has moved up into its place.
  return index === -1 ? Math.max(0, end - 1) : index + 1;
};
