import { ConnectorError } from '../errors.ts';
import { createClient, type HttpOptions } from '../http/client.ts';
import type { HttpHeaders, HttpRequest, Policy, Send, Sender, WireResponse } from '../http/types.ts';
import { joinUrl, withQuery, type QueryParams } from '../http/url.ts';
import { ruleFor } from '../http/verdict.ts';
import type { Paginator } from '../paginate/paginator.ts';
import type { RecordMatcher } from '../parse/record-matcher.ts';
import { compileRecordsPath } from '../parse/records-path.ts';
import type { JsonObject } from '../protocol/json.ts';
import { PageResponse, type HttpResponse } from './http-response.ts';
import { Page } from './page.ts';
import type { PageContext, PageToken } from './page-context.ts';
import { readPages, type PageRead, type NextPage } from './read-pages.ts';
import { encodeBody, type RequestBody } from './request-body.ts';
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

  /** Finds the next page by a convention of the API, e.g. `linkHeader()`; not asked when there is a `nextPageToken`. */
  readonly paginator?: Paginator;

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

  /** Adds the credential to every request, e.g. `bearerAuth(this.config.token)`. */
  readonly authenticator?: Policy;

  /**
   * Whether to send the request again.
   *
   * Called for every answer, also for a 2xx. False for a status other than 2xx fails the slice at once.
   *
   * @default true for 408, 429 and 5xx
   */
  shouldRetry({ status }: HttpResponse): boolean {
    const { verdict } = ruleFor(status);
    return verdict === 'retry' || verdict === 'rate-limited';
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
   * Keep answers in memory and never send the same GET twice: for a stream that is also read as the parent of others.
   *
   * @default false
   */
  readonly useCache: boolean = false;

  /** Attempts, waits, time limits. */
  readonly http?: HttpOptions;

  override read(context: SliceContext<C>): AsyncIterable<Page<R>> {
    const fetchPage = pageFetcher(this, (this.#send ??= clientOf(this, this.#options)), context);
    return readPages(fetchPage, `stream "${this.name}"`, context.signal);
  }
}

const clientOf = <R extends JsonObject, C extends JsonObject>(
  { http, authenticator, useCache }: HttpStream<R, C>,
  options: HttpOptions | undefined,
): Send => createClient({ ...http, ...options, authenticator, cache: useCache ? {} : undefined });

/** What fetches one page of a slice: the hooks in the order they are called. */
const pageFetcher = <R extends JsonObject, C extends JsonObject>(
  stream: HttpStream<R, C>,
  send: Send,
  { slice, state, config, report, matcher }: SliceContext<C>,
) => {
  const extract = extractorOf(stream, matcher);
  const join = joinOnce();
  const label = `stream "${stream.name}"${Object.keys(slice).length > 0 ? `, slice ${JSON.stringify(slice)}` : ''}`;

  return async (next: NextPage | undefined, ended: AbortSignal): Promise<PageRead<R>> => {
    const context: PageContext<C> = { slice, state, config, nextPageToken: next?.token };
    let answer: { readonly wire: WireResponse; readonly response: PageResponse<C> } | undefined;
    let page: Page<R> | undefined;
    // The hooks share one response an attempt, so that its body is decoded once.
    const responseOf = (wire: WireResponse): PageResponse<C> => {
      if (answer?.wire !== wire) answer = { wire, response: new PageResponse(wire, context) };
      return answer.response;
    };
    const sender: Sender = {
      label,
      log: report.log,
      shouldRetry: (wire) => stream.shouldRetry(responseOf(wire)),
      backoffTime: (wire, attempt) => stream.backoffTime(Object.assign(new PageResponse(wire, context), { attempt })),
      throttled: (until) => report.throttled(until),
      read: async (wire) => {
        page = await extract(responseOf(wire));
      },
    };
    const wire = await send(requestOf(stream, context, next?.url, join, { sender, signal: ended }));
    // `retry` has called `read` before it hands an answer on.
    return { page: page!, next: nextOf(stream, responseOf(wire)), url: wire.request.url };
  };
};

/** `joinUrl`, but for the pages of one path parsed only once. */
const joinOnce = () => {
  let last: { readonly base: string; readonly path: string; readonly url: string } | undefined;
  return (base: string, path: string): string => {
    if (last?.base !== base || last.path !== path) last = { base, path, url: joinUrl(base, path).href };
    return last.url;
  };
};

const requestOf = <R extends JsonObject, C extends JsonObject>(
  stream: HttpStream<R, C>,
  context: PageContext<C>,
  url: string | undefined,
  join: (base: string, path: string) => string,
  rest: Pick<HttpRequest, 'sender' | 'signal'>,
): HttpRequest => {
  const body = stream.requestBody(context);
  const encoded = body === undefined ? undefined : encodeBody(body);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (encoded) headers['content-type'] = encoded.contentType;
  for (const [name, value] of Object.entries(stream.requestHeaders(context))) headers[name.toLowerCase()] = value;
  return {
    ...rest,
    method: stream.method.toUpperCase(),
    // A next URL from the API has its query already.
    url: url ?? withQuery(join(stream.urlBase, stream.path(context)), stream.requestParams(context)),
    headers,
    ...(encoded && { body: encoded.bytes }),
  };
};

type Extract<R extends JsonObject, C extends JsonObject> = (response: PageResponse<C>) => Page<R> | Promise<Page<R>>;

/** After so many pages in a row that do not match, the rest of a slice is not tried: trying costs time too. */
const MOST_MISSES = 3;

/** How a stream takes records out of a page. */
const extractorOf = <R extends JsonObject, C extends JsonObject>(
  stream: HttpStream<R, C>,
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
  const path = compileRecordsPath(stream.recordsPath);
  let misses = 0;
  return (response) => {
    const records = response.records(path, misses < MOST_MISSES ? matcher : undefined);
    misses = records.raw?.matched ? 0 : misses + 1;
    // The schema check that every record goes through before it is emitted is what makes an R of it.
    return new Page(records as { readonly values: readonly R[] });
  };
};

const nextOf = <R extends JsonObject, C extends JsonObject>(
  stream: HttpStream<R, C>,
  response: PageResponse<C>,
): NextPage | undefined => {
  if (stream.nextPageToken) {
    const token = stream.nextPageToken(response);
    return token === null || token === undefined ? undefined : { token };
  }
  const url = stream.paginator?.nextUrl(response);
  if (url === undefined) return undefined;
  const home = joinUrl(stream.urlBase, '').origin;
  if (new URL(url).origin !== home) {
    throw new ConnectorError(
      `The next page of stream "${stream.name}" is at ${url}, not at ${home}: the credential is not sent there. ` +
        `If the API really means it, write nextPageToken and return that URL from path.`,
    );
  }
  return { token: url, url };
};
