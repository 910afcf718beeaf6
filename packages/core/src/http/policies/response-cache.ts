import { ConnectorError } from '../../errors.ts';
import { answerFrom, entryOf } from '../cache/entry.ts';
import { cacheKey } from '../cache/key.ts';
import { openStore, type CacheStore, type Delivery, type Freshness } from '../cache/store.ts';
import { realClock, type Clock } from '../clock.ts';
import { countCacheHit } from '../telemetry/metrics.ts';
import type { HttpHeaders, HttpRequest, Policy, Send, Sender, WireResponse } from '../types.ts';

/** A request that was answered without being sent. */
export interface CacheHit {
  readonly request: HttpRequest;
  /** `shared`: an identical request was under way, and its answer serves this one too. */
  readonly from: 'memory' | 'disk' | 'shared';
}

export interface ResponseCacheOptions {
  /**
   * Where answers are kept between runs, for all processes that name the same directory. It is made if missing.
   *
   * @default the environment's HEADWATER_CACHE_DIR, else a private temporary directory, removed when the process exits
   */
  readonly directory?: string;
  /**
   * Bytes of answers kept in memory; the least recently used go first.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly memoryBytes?: number;
  /**
   * Bytes of files kept in the directory; the least recently used go first.
   *
   * @default 1_073_741_824 (1 GiB)
   */
  readonly diskBytes?: number;
  /**
   * Milliseconds an answer is used for, from when it came.
   *
   * @default 86_400_000 (24 hours)
   */
  readonly maxAge?: number;
  /**
   * Methods that ask and change nothing, beside GET and HEAD: `['POST']` for an API that searches by POST.
   *
   * @default none
   */
  readonly methods?: readonly string[];
  /**
   * Names of request headers that change with each request and not with the answer, beside those the kit knows:
   * `traceparent`, `x-correlation-id`, `x-request-id`, `x-zato-cid`, `user-agent`, `date` and their like.
   *
   * @default none
   */
  readonly ignoreHeaders?: readonly string[];
  /**
   * Whether `Cache-Control: no-store`, in a request or an answer, keeps an answer out of the cache.
   *
   * @default false: many APIs send it with everything
   */
  readonly obeyNoStore?: boolean;
  /**
   * Called for each request answered without being sent.
   *
   * @default nothing is called
   */
  readonly onHit?: (hit: CacheHit) => void;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * Answers what was answered before without sending it; identical requests under way share one.
 *
 * It sits inside authentication: the credential is part of the key, so two never share an answer. An authenticator that
 * renews tokens or signs each request says whose they are, and answers are found again under the next one.
 * Only answers with a 2xx status are kept: in memory, and on disk where a directory is named or memory is full. Cookies
 * are not kept. Trouble with the disk is never an error, only a miss.
 *
 * When the same sender asks again for what it was given, its retry did not like the answer: that request is sent.
 *
 * @throws ConnectorError for an option out of range
 */
export const responseCache = (options: ResponseCacheOptions = {}): Policy => {
  const { maxAge = 24 * 3_600_000, methods = [], obeyNoStore = false, onHit, clock = realClock } = options;
  const limits = storeOptions(options);
  requireAmounts({ memoryBytes: limits.memoryBytes, diskBytes: limits.diskBytes, maxAge });
  const cacheable = new Set(['GET', 'HEAD', ...methods.map((method) => method.toUpperCase())]);
  const ignored = new Set(options.ignoreHeaders?.map((name) => name.toLowerCase()));
  const refused = (headers: HttpHeaders): boolean => obeyNoStore && forbidsStorage(headers);
  /** What a sender, one for all attempts at one request, has been given. */
  const given = new WeakMap<Sender, string>();
  let opening: Promise<CacheStore> | undefined;

  const tellHit = (hit: CacheHit, { status }: WireResponse): void => {
    countCacheHit(hit.request, hit.from, status);
    onHit?.(hit);
  };

  /** The whole of a miss in memory: the disk, the API, and keeping what it said. */
  const fetchOnce = async (
    next: Send,
    request: HttpRequest,
    { store, key, again }: { readonly store: CacheStore; readonly key: string; readonly again: boolean },
  ): Promise<Delivery> => {
    const freshness = (): Freshness => ({ maxAge, now: clock.now() });
    const warn = warnerOf(request);
    const known = again ? undefined : await store.load(key, freshness(), warn);
    if (known) return { from: 'disk', response: answerFrom(known, request) };
    const response = await next(request);
    if (isSuccess(response) && !refused(response.headers)) {
      await store.keep(key, entryOf({ ...response, request }, clock.now()), freshness(), warn);
    }
    return { from: 'api', response: { ...response, request } };
  };

  return (next) => async (request) => {
    if (!cacheable.has(request.method.toUpperCase()) || refused(request.headers)) return next(request);
    request.signal?.throwIfAborted();
    const store = await (opening ??= openStore(limits, warnerOf(request)));
    const key = cacheKey(request, store.secret, ignored);
    const { sender } = request;
    const again = sender !== undefined && given.get(sender) === key;
    const known = again ? undefined : store.recall(key, { maxAge, now: clock.now() });
    if (known) {
      if (sender) given.set(sender, key);
      const answer = answerFrom(known, request);
      tellHit({ request, from: 'memory' }, answer);
      return answer;
    }
    const work = () => fetchOnce(next, request, { store, key, again });
    const flight = `${key} ${maxAge} ${again}`;
    const shared = await store.flights.share(flight, request.signal, work);
    const notOurs = isRefusalOfAnother(shared[0].response, request);
    const [{ from, response }, own] = notOurs ? [await work(), true] : shared;
    if (sender && isSuccess(response)) given.set(sender, key);
    if (!own || from === 'disk') tellHit({ request, from: own ? 'disk' : 'shared' }, response);
    return { ...response, request };
  };
};

/** Whether the one who asked showed a credential that is not the one of this request, such as the token before it. */
const isRefusalOfAnother = ({ status, request: asked }: WireResponse, { url, headers }: HttpRequest): boolean =>
  status === 401 && JSON.stringify([asked.url, asked.headers]) !== JSON.stringify([url, headers]);

const storeOptions = ({
  directory,
  memoryBytes = 64 * 1024 * 1024,
  diskBytes = 1024 * 1024 * 1024,
}: ResponseCacheOptions) => ({
  directory: directory ?? (process.env['HEADWATER_CACHE_DIR'] || undefined),
  memoryBytes,
  diskBytes,
});

const requireAmounts = (amounts: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(amounts)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new ConnectorError(`responseCache.${name}: ${value} is not an amount. Give a whole number from 0.`);
  }
};

const warnerOf =
  ({ sender }: HttpRequest) =>
  (message: string): void =>
    sender?.log?.warn(message);

const isSuccess = ({ status }: WireResponse): boolean => status >= 200 && status < 300;

const forbidsStorage = (headers: HttpHeaders): boolean =>
  (headers['cache-control'] ?? '').split(',').some((directive) => directive.trim().toLowerCase() === 'no-store');
