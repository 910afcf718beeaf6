import { Page, sliceContext, type JsonObject, type SliceContext, type Stream } from '@headwater/core';

/**
 * All records of one slice of a stream, as the stream yields them: before `transform`, validation and state.
 *
 * @param context what the stream is to be read with
 * @default an empty slice and no state
 * @example
 * const issues = new Issues({ config: { base_url: api.url } });
 * expect(await collect(issues, { slice: { repository: 'a' } })).toHaveLength(2);
 */
export const collect = async <R extends JsonObject, C extends JsonObject>(
  stream: Stream<R, C>,
  context: Partial<SliceContext<C>> = {},
): Promise<R[]> => {
  const records: R[] = [];
  for await (const item of stream.read(sliceContext(stream, context))) {
    if (!(item instanceof Page)) records.push(item);
    // Not push(...values): a page may hold more records than a call may have arguments.
    else for (const record of item.values) records.push(record);
  }
  return records;
};
