import { ConnectorError, IncompleteError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { HttpResponse } from './http-response.ts';
import type { Page } from './page.ts';
import type { StreamTotal } from './stream-total.ts';

export interface Completeness {
  /** For messages: `stream "issues", slice {"repository":"a"}`. */
  readonly label: string;
  readonly shortfall: 'warn' | 'fail';
  readonly log: Logger;
  readonly total?: StreamTotal | undefined;
  /** Whether the first page of the slice was read by an earlier sync. */
  readonly isResumed: boolean;
}

/**
 * Passes the pages of one read of a slice on and compares, at the end, how many records they had with what the API last
 * said there are. Who stops before the end is not told anything: there may be more.
 *
 * @throws IncompleteError after the last page, if a shortfall is to fail
 */
export async function* counted<R extends JsonObject>(
  pages: AsyncIterable<Page<R>>,
  { label, shortfall, log, total, isResumed }: Completeness,
): AsyncIterable<Page<R>> {
  let records = 0;
  let expected: number | undefined;
  let isWhole = false;
  try {
    for await (const page of pages) {
      const { notes } = page;
      if (notes.total !== undefined) {
        total?.add(notes.total - (expected ?? 0));
        expected = notes.total;
      }
      records += page.count;
      yield page;
    }
    isWhole = true;
  } finally {
    // What was left in its middle is read again in parts, or not needed: what came of it is all that counts.
    if (!isWhole && expected !== undefined) total?.add(records - expected);
  }
  if (isResumed || expected === undefined || records >= expected) return;
  total?.short();
  const numbers = `${label}: the pages had ${records} records, and the API says that there are ${expected}.`;
  if (shortfall === 'fail') {
    throw new IncompleteError(
      `${numbers} Run the sync again. If it stays, correct the paginator, or what expectedTotal returns.`,
    );
  }
  log.warn(`${numbers} Records are missing if nothing was deleted meanwhile.`);
}

/** What the hook says about an answer; undefined for no hook, and for a number that is not there. */
export const totalIn = (
  stream: { readonly name: string; expectedTotal?(response: HttpResponse): number | null | undefined },
  response: HttpResponse,
): number | undefined => {
  const total: unknown = stream.expectedTotal?.(response);
  if (total === undefined || total === null || Number.isNaN(total)) return undefined;
  if (typeof total === 'number' && total >= 0 && total < Number.POSITIVE_INFINITY) return total;
  throw new ConnectorError(
    `expectedTotal of stream "${stream.name}" returned ${typeof total === 'number' ? total : `a value of type ${typeof total}`}. ` +
      `Return a number from 0 on, or undefined where the API tells none.`,
  );
};
