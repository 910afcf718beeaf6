import { Page, type JsonObject } from '@headwater/core';

/**
 * Reads to the end what a stream's `read` yields, records one by one and whole pages alike, into one list of records.
 *
 * @example
 * expect(await collect(issues.read(context))).toEqual([{ id: 1 }]);
 */
export const collect = async <R extends JsonObject>(yielded: AsyncIterable<R | Page<R>>): Promise<R[]> => {
  const records: R[] = [];
  for await (const item of yielded) {
    if (!(item instanceof Page)) records.push(item);
    // Not push(...values): a page may hold more records than a call may have arguments.
    else for (const record of item.values) records.push(record);
  }
  return records;
};
