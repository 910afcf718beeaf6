import type { MeterProvider } from '@opentelemetry/api';
import type { HttpRequest, Policy, WireResponse } from '../types.ts';
import { outcomeAttributes, serverAttributes, streamAttributes, type Attributes } from './attributes.ts';
import { SCOPE, oncePer, openTelemetry } from './open-telemetry.ts';

/** Seconds, as the conventions advise for this histogram. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const instrumentsOf = oncePer((provider: MeterProvider) => {
  const meter = provider.getMeter(SCOPE);
  const counter = (name: string, unit: string, description: string) =>
    meter.createCounter(`headwater.http.${name}`, { unit, description });
  return {
    duration: meter.createHistogram('http.client.request.duration', {
      unit: 's',
      description: 'Duration of HTTP client requests.',
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    }),
    requests: counter('requests', '{request}', 'Requests sent, each attempt counted.'),
    retries: counter('retries', '{retry}', 'Requests sent again, by what became of the attempt before.'),
    waits: counter('waits', '{wait}', 'Waits before a request was sent.'),
    waitTime: counter('wait.time', 's', 'Time waited before requests were sent.'),
    bytes: counter('bytes', 'By', 'Bytes of bodies received, decompressed.'),
    cacheHits: counter('cache_hits', '{hit}', 'Requests answered without being sent.'),
  };
});

const instruments = () => {
  const provider = openTelemetry()?.metrics;
  return provider && instrumentsOf(provider);
};

/** Counts and times each attempt. */
export const requestMetrics: Policy = (next) => async (request) => {
  const started = performance.now();
  const count = (outcome: Attributes, bytes: number): void => {
    const to = instruments();
    if (!to) return;
    const attributes = { ...streamAttributes(request), ...outcome };
    to.requests.add(1, attributes);
    if (bytes > 0) to.bytes.add(bytes, attributes);
    to.duration.record((performance.now() - started) / 1000, { ...serverAttributes(request), ...attributes });
  };
  try {
    const response = await next(request);
    count(outcomeAttributes({ response }), response.bytes.length);
    return response;
  } catch (error) {
    count(outcomeAttributes({ error }), 0);
    throw error;
  }
};

/** Counts a request that is sent again, by the answer or the error it is sent again for. */
export const countRetry = (request: HttpRequest, failed: WireResponse | Error): void =>
  instruments()?.retries.add(1, {
    ...streamAttributes(request),
    ...outcomeAttributes(failed instanceof Error ? { error: failed } : { response: failed }),
  });

/**
 * Why a request waited: `retry` before another attempt, `rate_limit` because the API asked for it, `rate_budget` for
 * its turn in the budget.
 */
export type WaitReason = 'retry' | 'rate_limit' | 'rate_budget';

/** Counts a wait of so many milliseconds that is over. */
export const countWait = (request: HttpRequest, milliseconds: number, reason: WaitReason): void => {
  const to = instruments();
  if (!to || milliseconds <= 0) return;
  const attributes = { ...streamAttributes(request), 'headwater.wait.reason': reason };
  to.waits.add(1, attributes);
  to.waitTime.add(milliseconds / 1000, attributes);
};

/** Counts a request answered without being sent, by where the answer was. */
export const countCacheHit = (request: HttpRequest, source: string, status: number): void =>
  instruments()?.cacheHits.add(1, {
    ...streamAttributes(request),
    'http.response.status_code': status,
    'headwater.cache.source': source,
  });
