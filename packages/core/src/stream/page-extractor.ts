import { ConnectorError } from '../errors.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import { compileRecordsPath, isPlainPath } from '../parse/records-path.ts';
import { loadRecordsPath } from '../parse/records-query.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { HttpResponse, PageResponse } from './http-response.ts';
import { Page } from './page.ts';

/** The hooks of an `HttpStream` that say where the records are in a page. */
export interface RecordHooks<R extends JsonObject> {
  readonly name: string;
  readonly recordsPath?: string;
  parseResponse?(response: HttpResponse): Iterable<R> | AsyncIterable<R> | Promise<Iterable<R>>;
}

type Extract<R extends JsonObject, C extends JsonObject> = (response: PageResponse<C>) => Page<R> | Promise<Page<R>>;

/** After so many pages in a row that do not match, the rest of a slice is not tried: trying costs time too. */
const MOST_MISSES = 3;

/** How a stream takes records out of a page. */
export const extractorOf = <R extends JsonObject, C extends JsonObject>(
  stream: RecordHooks<R>,
  matcher: RecordMatcher | undefined,
): Extract<R, C> => {
  if (stream.parseResponse) {
    return async (response) => {
      const records = await stream.parseResponse?.(response);
      if (Array.isArray(records)) return new Page<R>(records);
      if (records === undefined || records === null) {
        throw new ConnectorError(
          `parseResponse of stream "${stream.name}" returned nothing. Return the page's records, or an empty array.`,
        );
      }
      const all: R[] = [];
      for await (const record of records) all.push(record);
      return new Page(all);
    };
  }
  if (stream.recordsPath === undefined) {
    throw new ConnectorError(`Stream "${stream.name}" has neither recordsPath nor parseResponse. Add one of them.`);
  }
  if (!isPlainPath(stream.recordsPath)) {
    const loading = loadRecordsPath(stream.recordsPath);
    // Thrown with the first page; until then nobody waits for it.
    loading.catch(() => {});
    return async (response) => new Page(response.records(await loading) as { readonly values: readonly R[] });
  }
  const path = compileRecordsPath(stream.recordsPath);
  let misses = 0;
  return (response) => {
    const records = response.records(path, misses < MOST_MISSES ? matcher : undefined);
    misses = records.raw?.matched ? 0 : misses + 1;
    // The schema check that every record goes through before it is emitted is what makes an R of it.
    return new Page(records as { readonly values: readonly R[] });
  };
};
