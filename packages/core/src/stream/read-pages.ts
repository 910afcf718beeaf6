import { hash } from 'node:crypto';
import { ConnectorError, PageLoopError } from '../errors.ts';
import { redact } from '../output/redact.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { PageToken } from './page-context.ts';
import type { Page, Resumption } from './page.ts';
import { sameRecordsCounter } from './same-records.ts';

/** Which page of a slice to fetch: the token is undefined for the first one, whose index is 0. */
export interface PagePlace {
  readonly token: PageToken | undefined;
  readonly index: number;
}

/** A page, and what leads on from it. */
export interface PageRead<R extends JsonObject> {
  readonly page: Page<R>;
  /** The URL the page was asked for with. */
  readonly url: string;
  /** Gives back the memory it takes; called when the page has been written or is not wanted. */
  free(): void;
  /** The token of the next page; null or undefined after the last one. */
  next(): PageToken | null | undefined;
  /** The token of the page after the one at `place`, though that is still under way; undefined when unknown. */
  predict?(place: PagePlace): PageToken | undefined;
  /** The body, where a page that repeats the one before it can only be a mistake. */
  readonly body?: Uint8Array | undefined;
}

export interface PageReading<R extends JsonObject> {
  readonly fetchPage: (place: PagePlace, signal: AbortSignal) => Promise<PageRead<R>>;
  /** For messages. */
  readonly label: string;
  /** How many pages may be under way at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** The page to begin with; the first one if there is none. */
  readonly from?: Resumption | undefined;
  /** Whether a later sync may begin at any of the pages. */
  readonly isResumable: boolean;
}

/** So many pages in a row with the same records, and still more to come: a list that stands still. */
const MOST_ALIKE = 3;

interface UnderWay<R extends JsonObject> extends PagePlace {
  readonly read: Promise<PageRead<R>>;
}

/**
 * The page loop: while a page is being written, the next one is under way, or as many as can be predicted. Only what the
 * page before says is the next page comes out: a prediction that proves wrong is dropped, whatever became of it.
 */
export async function* readPages<R extends JsonObject>({
  fetchPage,
  label,
  parallel,
  signal,
  from,
  isResumable,
}: PageReading<R>): AsyncIterable<Page<R>> {
  const seen = new Set<string>();
  const countSame = sameRecordsCounter();
  let left: AbortController | undefined;
  let ended = signal;
  let queue: UnderWay<R>[] = [];

  const begin = (place: PagePlace): void => {
    const read = fetchPage(place, ended);
    // Its failure is thrown when its turn comes, if it comes.
    read.catch(() => {});
    queue.push({ ...place, read });
  };
  /** Ahead of its turn: perhaps nobody will want it. */
  const beginAhead = (place: PagePlace): void => {
    if (left === undefined) {
      left = new AbortController();
      ended = AbortSignal.any([signal, left.signal]);
    }
    begin(place);
  };
  const drop = (): void => {
    if (queue.length === 0) return;
    left?.abort(new Error('The reader has left.'));
    left = undefined;
    for (const { read } of queue) read.then((ahead) => ahead.free()).catch(() => {});
    queue = [];
  };

  try {
    let previous: Uint8Array | undefined;
    const first: PagePlace = from ?? { token: undefined, index: 0 };
    if (from) seen.add(fingerprint(from.token));
    begin(first);
    for (let current = queue.shift(); current; current = queue.shift()) {
      const read = await current.read;
      try {
        if (current.index === first.index) seen.add(fingerprint(read.url));
        if (previous && read.body && same(previous, read.body)) throw repeated(label, current.index, read.url);
        previous = read.body;

        const times = countSame(read.page);
        const following = outcomeOf(() => {
          const token = nextToken(read, label, seen);
          if (token !== undefined && times >= MOST_ALIKE) throw standsStill(label, current.index, read.url);
          return token;
        });
        if ('token' in following) {
          if (queue[0]?.token !== following.token) {
            drop();
            beginAhead({ token: following.token, index: current.index + 1 });
          }
          while (read.predict && queue.length < parallel) {
            const last: UnderWay<R> = queue.at(-1)!;
            const token = read.predict(last);
            if (token === undefined) break;
            beginAhead({ token, index: last.index + 1 });
          }
        } else {
          drop();
        }
        const isFollowed = isResumable && 'token' in following && isPublic(following.token);
        const resumption = isFollowed ? { token: following.token, index: current.index + 1 } : undefined;
        yield resumption ? read.page.with({ resumption }) : read.page;
        if ('failure' in following) throw following.failure;
      } finally {
        read.free();
      }
    }
  } finally {
    drop();
  }
}

/** A token that quotes a secret cannot be kept: no secret stands in a state. */
const isPublic = (token: PageToken): boolean => typeof token === 'number' || redact(token) === token;

type Outcome = { readonly token: PageToken } | { readonly failure: unknown } | { readonly ended: true };

/** What leads on, or why nothing does: that is thrown after the page, which is good. */
const outcomeOf = (next: () => PageToken | undefined): Outcome => {
  try {
    const token = next();
    return token === undefined ? { ended: true } : { token };
  } catch (failure) {
    return { failure };
  }
};

const nextToken = <R extends JsonObject>(
  read: PageRead<R>,
  label: string,
  seen: Set<string>,
): PageToken | undefined => {
  const token = read.next();
  if (token === null || token === undefined) return undefined;
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
  return token;
};

/** A short stand-in for a token: a slice may have a million of them. */
const fingerprint = (token: PageToken): string =>
  typeof token === 'number' || token.length <= 32 ? `${typeof token}:${token}` : hash('sha256', token, 'base64');

const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && Buffer.compare(one, other) === 0;

const repeated = (label: string, index: number, url: string): PageLoopError =>
  new PageLoopError(
    `Page ${index + 1} of ${label}, ${url}, is the page before it over again, byte for byte: the API does not seem to ` +
      `know the parameter that counts its pages. Correct the paginator's param, or write nextPageToken.`,
  );

const standsStill = (label: string, index: number, url: string): PageLoopError =>
  new PageLoopError(
    `Page ${index + 1} of ${label}, ${url}, has the same records as the ${MOST_ALIKE - 1} pages before it, though each had a ` +
      `token of its own, and there are more: the API does not seem to know where its token goes. Correct what sends the ` +
      `token. If the records are meant to be alike, add to each in parseResponse what tells them apart.`,
  );
