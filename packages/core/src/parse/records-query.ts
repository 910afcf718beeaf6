import { compileRecordsPath, isPlainPath, type RecordsPath } from './records-path.ts';
import { loadSelect } from './select.ts';

/** Where the records stand in a page, as an expression with more than names and wildcards: filters, slices, `..`. */
export interface RecordsQuery {
  /** The records in a parsed document; none is not an error, as a filter may well find none. */
  readonly select: (document: unknown) => unknown[];
}

/**
 * Compiles any JSONPath (RFC 9535). A path of names and wildcards stays one, for it is read much faster; for the others
 * the JSONPath library is loaded.
 *
 * @throws ConnectorError that names the column when the path is malformed
 */
export const loadRecordsPath = async (path: string): Promise<RecordsPath | RecordsQuery> => {
  if (isPlainPath(path)) return compileRecordsPath(path);
  const select = await loadSelect();
  // A malformed expression is to be found before the first request is sent.
  select(null, path);
  return { select: (document) => select(document, path) };
};
