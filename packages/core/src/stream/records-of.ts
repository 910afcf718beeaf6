import type { JsonObject } from '../protocol/json.ts';
import { parentRecords } from './parent-records.ts';
import type { Stream, StreamContext } from './stream.ts';

/**
 * All records of a stream, slice after slice, without state: the parent records that make the slices of another stream.
 * For slices with one key of the parent each there is `byParent`.
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
  context: Pick<Partial<StreamContext>, 'signal' | 'report'> = {},
): AsyncIterable<R> {
  for await (const { record } of parentRecords(stream, context)) yield record;
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
