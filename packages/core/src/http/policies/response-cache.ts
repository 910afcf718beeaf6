import { createHash, randomBytes } from 'node:crypto';
import type { LRUCache } from 'lru-cache';
import type { HttpRequest, Policy, WireResponse } from '../types.ts';

export interface ResponseCacheOptions {
  /**
   * Bytes of response bodies kept in memory; the least recently used go first.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number;
}

const CACHEABLE = new Set(['GET', 'HEAD']);

/** Part of every key, so that no key tells anything about the credential outside this process. */
const salt = randomBytes(16);

/**
 * Answers a GET or HEAD that was answered before without sending it; identical requests under way share one.
 *
 * It sits inside authentication: the credential's headers are part of the key, so two credentials never share an answer.
 * Only answers with a 2xx status are kept, in memory, for as long as the process lives.
 */
export const responseCache = ({ maxBytes = 64 * 1024 * 1024 }: ResponseCacheOptions = {}): Policy => {
  let store: LRUCache<string, WireResponse> | undefined;
  const underWay = new Map<string, Promise<WireResponse>>();

  return (next) => async (request) => {
    if (!CACHEABLE.has(request.method)) return next(request);
    store ??= await createStore(maxBytes);
    const key = keyOf(request);
    const kept = store.get(key);
    if (kept) return { ...kept, request };

    const sent = underWay.get(key) ?? next(request).finally(() => underWay.delete(key));
    underWay.set(key, sent);
    const response = await sent;
    if (response.status >= 200 && response.status < 300) store.set(key, response);
    return { ...response, request };
  };
};

const createStore = async (maxSize: number): Promise<LRUCache<string, WireResponse>> => {
  const { LRUCache } = await import('lru-cache');
  return new LRUCache({ maxSize, sizeCalculation: ({ bytes }) => bytes.length + 1024 });
};

const keyOf = ({ method, url, headers, body = '' }: HttpRequest): string => {
  const sorted = new URL(url);
  sorted.searchParams.sort();
  const hash = createHash('sha256').update(salt);
  hash.update(JSON.stringify([method, sorted.href, Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1))]));
  return hash.update(body).digest('base64');
};
