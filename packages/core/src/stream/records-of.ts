import type { JsonObject } from '../protocol/json.ts';
import { Page } from './page.ts';
import { sliceContext, type SliceContext, type Stream } from './stream.ts';

/**
 * All records of a stream, slice after slice, without state: the parent records that make the slices of another stream.
 *
 * Throws what reading the stream throws, at the first failure.
 *
 * @param context the context `slices` was given, so that the parent's requests end with the sync
 * @example
 * override async *slices(context: StreamContext) {
 *   for await (const { name } of recordsOf(this.repositories, context)) yield { repository: name };
 * }
 */
export async function* recordsOf<R extends JsonObject, C extends JsonObject>(
  stream: Stream<R, C>,
  context: Pick<Partial<SliceContext>, 'signal' | 'report'> = {},
): AsyncIterable<R> {
  const { signal, report } = context;
  const base = sliceContext(stream, { ...(signal && { signal }), ...(report && { report }) });
  for await (const slice of stream.slices(base)) {
    const current = { ...base, slice };
    for await (const item of stream.read(current)) {
      for (const record of item instanceof Page ? item.values : [item]) {
        const changed = stream.transform ? stream.transform(record, current) : record;
        if (changed !== null) yield changed as R;
      }
    }
  }
}

/**
 * The first record of a stream, or undefined when it has none: enough for `check` to know that the API answers and the
 * credential is good. An empty stream is no failure.
 */
export const firstRecordOf = async <R extends JsonObject, C extends JsonObject>(
  stream: Stream<R, C>,
): Promise<R | undefined> => {
  for await (const record of recordsOf(stream)) return record;
  return undefined;
};
