import { createHash } from 'node:crypto';
import { ConnectorError, PageLoopError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { PageToken } from './page-context.ts';
import type { Page } from './page.ts';

/** Where the next page is: a token for the stream's hooks, and the URL itself where the API gave one. */
export interface NextPage {
  readonly token: PageToken;
  readonly url?: string;
}

/** A page, and what leads on from it. */
export interface PageRead<R extends JsonObject> {
  readonly page: Page<R>;
  readonly next: NextPage | undefined;
  /** The URL the page was asked for with. */
  readonly url: string;
}

type FetchPage<R extends JsonObject> = (next: NextPage | undefined, signal: AbortSignal) => Promise<PageRead<R>>;

/** The page loop: while a page is being written, the next one is under way. */
export async function* readPages<R extends JsonObject>(
  fetchPage: FetchPage<R>,
  label: string,
  signal: AbortSignal,
): AsyncIterable<Page<R>> {
  const left = new AbortController();
  const ended = AbortSignal.any([signal, left.signal]);
  const seen = new Set<string>();
  let pending: Promise<PageRead<R>> | undefined = fetchPage(undefined, ended);
  try {
    while (pending) {
      const { page, next, url }: PageRead<R> = await pending;
      if (seen.size === 0) seen.add(fingerprint(url));
      pending = next && startNext(next, seen, label, () => fetchPage(next, ended));
      // Its failure is thrown when its turn comes, after this page.
      pending?.catch(() => {});
      yield page;
    }
  } finally {
    left.abort(new Error('The reader has left.'));
  }
}

const startNext = async <R extends JsonObject>(
  { token }: NextPage,
  seen: Set<string>,
  label: string,
  start: () => Promise<PageRead<R>>,
): Promise<PageRead<R>> => {
  if (typeof token !== 'string' && typeof token !== 'number') {
    throw new ConnectorError(
      `nextPageToken of ${label} returned ${Array.isArray(token) ? 'an array' : `a value of type ${typeof token}`}. ` +
        `Return a string or a number, or null after the last page.`,
    );
  }
  const mark = fingerprint(token);
  if (seen.has(mark)) {
    throw new PageLoopError(
      `The page token ${JSON.stringify(token)} of ${label} came a second time: the API, or nextPageToken, goes in a circle.`,
    );
  }
  seen.add(mark);
  return start();
};

/** A short stand-in for a token: a slice may have a million of them. */
const fingerprint = (token: PageToken): string =>
  typeof token === 'number' || token.length <= 32
    ? `${typeof token}:${token}`
    : createHash('sha256').update(token).digest('base64');
