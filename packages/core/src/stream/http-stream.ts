import type { Authenticator } from '../auth/authenticator.ts';
import type { Share } from '../concurrency/byte-budget.ts';
import { ConnectorError } from '../errors.ts';
import { createClient, type HttpOptions } from '../http/client.ts';
import type { HttpHeaders, Policy, Send, Sender, WireResponse } from '../http/types.ts';
import type { QueryParams } from '../http/url.ts';
import { isRetried } from '../http/verdict.ts';
import type { Paginator } from '../paginate/paginator.ts';
import type { JsonObject } from '../protocol/json.ts';
import { counted, totalIn } from './completeness.ts';
import { PageResponse, type HttpResponse } from './http-response.ts';
import { labelOf } from './label.ts';
import { Page } from './page.ts';
import type { PageContext, PageToken } from './page-context.ts';
import { extractorOf } from './page-extractor.ts';
import { pageRequester } from './page-request.ts';
import { readPages, type PagePlace, type PageRead } from './read-pages.ts';
import type { RequestBody } from './request-body.ts';
import { Stream, type SliceContext, type StreamOptions } from './stream.ts';

export interface HttpStreamOptions<C extends JsonObject = JsonObject> extends StreamOptions<C> {
  /** Wins, option by option, over the stream's own `http` field: a test gives short waits, or another wire. */
  readonly http?: HttpOptions;
}

/**
 * A stream out of an HTTP API, page by page.
 *
 * Say where the pages are (`urlBase`, `path`), where the records are in a page (`recordsPath` or `parseResponse`) and
 * what the next page is (`paginator` or `nextPageToken`). Every hook gets one context object.
 */
export abstract class HttpStream<R extends JsonObject = JsonObject, C extends JsonObject = JsonObject> extends Stream<
  R,
  C
> {
  readonly #options: HttpOptions | undefined;
  #keepsAnswers = false;
  #send: Send | undefined;

  constructor({ http, ...options }: HttpStreamOptions<C> = {}) {
    super(options);
    this.#options = http;
  }

  // You must say these.

  /** The part of the URL that all pages share, e.g. `https://api.example.com/v3`; with or without a slash at its end. */
  abstract readonly urlBase: string;

  /**
   * The rest of the URL, with or without a slash at its beginning, or an absolute URL.
   *
   * Called once a page. Encode values that may hold `/` or `?` with `encodeURIComponent`.
   */
  abstract path(context: PageContext<C>): string;

  // You must say one of these.

  /**
   * Where the records are in a JSON page: `$.data[*]`, `$[*]`, `$.result.items[*]`. The fastest way: a record that
   * nothing changes goes out in the very bytes the API sent.
   */
  readonly recordsPath?: string;

  /**
   * Takes the records out of a page.
   *
   * Called once a page, again after a malformed body was fetched anew. A throw fails the slice.
   */
  parseResponse?(response: HttpResponse): Iterable<R> | AsyncIterable<R> | Promise<Iterable<R>>;

  // You may change these.

  /**
   * The convention by which the API gives page after page, e.g. `offset({ limit: 100 })` or `linkHeader()`: it finds the
   * next page and adds to the request what leads there. Not asked when there is a `nextPageToken`.
   */
  readonly paginator?: Paginator;

  /**
   * How many pages are asked for at once after the first one, where the paginator can count ahead. Records come out in
   * the order of the pages; so many pages are held in memory. A few requests beyond the end may be sent, unless the
   * paginator knows the total.
   *
   * @default 1: the next page is under way while the current one is being written
   */
  readonly parallelPages: number = 1;

  /**
   * Finds the next page in the page just read.
   *
   * Called once a page. Return what the hooks of the next page need to ask for it; null or undefined after the last
   * page. A token that comes twice within a slice fails the slice: it would never end.
   *
   * @default what `paginator` finds; one page without one
   */
  nextPageToken?(response: HttpResponse): PageToken | null | undefined;

  /** @default 'GET' */
  readonly method: string = 'GET';

  /** The query. An array repeats its key; null and undefined are left out. */
  requestParams(_context: PageContext<C>): QueryParams {
    return {};
  }

  requestHeaders(_context: PageContext<C>): HttpHeaders {
    return {};
  }

  /** An object is sent as JSON, `URLSearchParams` as a form, text as it is. */
  requestBody(_context: PageContext<C>): RequestBody | undefined {
    return undefined;
  }

  /** Adds the credential to every request, e.g. `new TokenAuthenticator(this.config.token)`. */
  readonly authenticator?: Policy | Authenticator;

  /**
   * Whether to send the request again.
   *
   * Called for every answer, also for a 2xx. False for a status other than 2xx fails the slice at once.
   *
   * @default true for 408, 429, 5xx, and a 403 whose headers say that no request is left
   */
  shouldRetry({ status, headers }: HttpResponse): boolean {
    return isRetried(status, headers);
  }

  /**
   * Milliseconds to wait before sending again; `attempt` is the number of the attempt that failed, from 1.
   *
   * Called when `shouldRetry` said true.
   *
   * @default undefined: what `Retry-After` says, else exponential with jitter
   */
  backoffTime(_response: HttpResponse & { readonly attempt: number }): number | undefined {
    return undefined;
  }

  /**
   * Keep answers and never send the same GET twice: for a stream that is also read as the parent of others. `http.cache`
   * says how; `HEADWATER_CACHE_DIR` names a directory that keeps them from run to run.
   *
   * @default false
   */
  readonly useCache: boolean = false;

  /**
   * Whether a full refresh that was cut short may go on at the page it had come to. Set it to false where page tokens
   * live shorter than the time to the next attempt, or pages move while they are read.
   *
   * @default true
   */
  readonly isResumable: boolean = true;

  /**
   * How many records the API says the slice has, or the window of it that was asked for.
   *
   * Called once a page, after the records have been taken out of it; the last number counts. Undefined, null and NaN
   * stand for none. It is compared with how many records the pages had, before `transform` and any filter, and the
   * numbers of all slices together go out as ESTIMATE messages. A slice that was left before its end, or was begun by
   * an earlier sync, is not compared.
   *
   * @default none: nothing is compared
   * @example
   * override expectedTotal({ headers }: HttpResponse) { return Number(headers['x-total-count']); }
   */
  expectedTotal?(response: HttpResponse): number | null | undefined;

  /**
   * What to do about a slice with fewer records than `expectedTotal` says: warn, or fail it with an `IncompleteError`.
   * More records than that are no matter: some may have been added meanwhile.
   *
   * @default 'warn'
   */
  readonly shortfall: 'warn' | 'fail' = 'warn';

  /** Attempts, waits, time limits. */
  readonly http?: HttpOptions;

  /** From the next read on as with `useCache`: called for the parents of other streams. */
  keepAnswers(): void {
    if (this.#keepsAnswers || this.useCache) return;
    this.#keepsAnswers = true;
    this.#send = undefined;
  }

  override read(context: SliceContext<C>): AsyncIterable<Page<R>> {
    const useCache = this.useCache || this.#keepsAnswers;
    const label = labelOf(this, context);
    const fetchPage = pageFetcher(this, (this.#send ??= clientOf(this, useCache, this.#options)), context, label);
    const { signal, resumption: from, report, total } = context;
    const { isResumable, shortfall } = this;
    const pages = readPages({ fetchPage, label, parallel: parallelOf(this), signal, from, isResumable });
    if (!this.expectedTotal) return pages;
    return counted(pages, { label, shortfall, log: report.log, total, isResumed: from !== undefined });
  }
}

const clientOf = <R extends JsonObject, C extends JsonObject>(
  { http, authenticator }: HttpStream<R, C>,
  useCache: boolean,
  options: HttpOptions | undefined,
): Send => {
  const all = { ...http, ...options };
  return createClient({ ...all, authenticator, cache: useCache ? { ...all.cache } : undefined });
};

/** What fetches one page of a slice: the hooks in the order they are called. */
const pageFetcher = <R extends JsonObject, C extends JsonObject>(
  stream: HttpStream<R, C>,
  send: Send,
  { slice, parent, state, window, config, report, matcher, memory }: SliceContext<C>,
  label: string,
) => {
  const extract = extractorOf(stream, matcher);
  const requestOf = pageRequester(stream);
  const paginator = stream.nextPageToken ? undefined : stream.paginator;

  const fetchPage = async ({ token, index }: PagePlace, signal: AbortSignal, share?: Share): Promise<PageRead<R>> => {
    const context: PageContext<C> = { slice, parent, state, window, config, nextPageToken: token };
    let answer: { readonly wire: WireResponse; readonly response: PageResponse<C> } | undefined;
    let page: Page<R> | undefined;
    // The hooks share one response an attempt, so that its body is decoded once.
    const responseOf = (wire: WireResponse): PageResponse<C> => {
      if (answer?.wire !== wire) answer = { wire, response: new PageResponse(wire, context, index) };
      return answer.response;
    };
    const sender: Sender = {
      label,
      stream: stream.name,
      slice,
      log: report.log,
      shouldRetry: (wire) => stream.shouldRetry(responseOf(wire)),
      backoffTime: (wire, attempt) =>
        stream.backoffTime(Object.assign(new PageResponse(wire, context, index), { attempt })),
      throttled: (until) => report.throttled(until),
      read: async (wire) => {
        page = await extract(responseOf(wire));
      },
    };
    const wire = await send({ ...requestOf(context, paginator?.request(token) ?? {}), sender, signal });
    share?.settle(wire.bytes.length);
    const free = (): void => share?.free();
    const { url } = wire.request;
    // An answer that is to be ignored is handed on without being read: it has no records and leads nowhere.
    if (page === undefined) return { page: new Page<R>([]), url, free, next: () => undefined };

    const response = responseOf(wire).read(page);
    const position = stream.cursor?.positionIn?.(response);
    const total = totalIn(stream, response);
    if (position !== undefined || total !== undefined) page = page.with({ position, total });
    const next = () => (paginator ? paginator.next(response) : stream.nextPageToken?.(response));
    if (!paginator?.predict) return { page, url, free, next };
    return {
      page,
      url,
      free,
      next,
      ...(page.count > 0 && { body: wire.bytes }),
      predict: (place) => paginator.predict?.({ token: place.token, pageIndex: place.index + 1, read: response }),
    };
  };

  return async (place: PagePlace, signal: AbortSignal): Promise<PageRead<R>> => {
    const share = await memory?.take(signal);
    try {
      return await fetchPage(place, signal, share);
    } catch (error) {
      share?.free();
      throw error;
    }
  };
};

const parallelOf = <R extends JsonObject, C extends JsonObject>(stream: HttpStream<R, C>): number => {
  const { name, parallelPages, paginator } = stream;
  if (!Number.isSafeInteger(parallelPages) || parallelPages < 1) {
    throw new ConnectorError(`parallelPages of stream "${name}" is ${parallelPages}. Give a whole number from 1 on.`);
  }
  if (parallelPages > 1 && (stream.nextPageToken || !paginator?.predict)) {
    throw new ConnectorError(
      `parallelPages of stream "${name}" is ${parallelPages}, but only the page itself tells what the next one is. ` +
        `Name a paginator that counts, such as pageNumber() or offset(), and no nextPageToken; or leave parallelPages out.`,
    );
  }
  return parallelPages;
};
