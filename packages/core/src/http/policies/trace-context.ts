import { correlationOf } from '../correlation.ts';
import { traceSettings, type TraceContextOptions } from '../trace-settings.ts';
import { childTraceparent } from '../traceparent.ts';
import type { Policy } from '../types.ts';

/**
 * Sends where a request belongs: W3C `traceparent` (and `tracestate`), the correlation id, and, if asked for, the
 * component and the time of sending.
 *
 * The trace is that of the environment variable `TRACEPARENT`, or a new one for the process; each attempt has a parent
 * id of its own. Headers that the author set himself stay as they are.
 *
 * It sits inside `retry`, and below the response cache, whose keys would otherwise differ from request to request.
 */
export const traceContext = (options: TraceContextOptions = {}): Policy => {
  const { trace, tracestate, correlationHeader, correlationId, component, timestampHeader, clock } =
    traceSettings(options);
  const fixed = component && { [component.header]: component.value };

  return (next) => (request) => {
    const headers: Record<string, string> = { [correlationHeader]: correlationOf(request) ?? correlationId, ...fixed };
    if (timestampHeader !== undefined) headers[timestampHeader] = new Date(clock.now()).toISOString();
    // A tracestate belongs to its traceparent: neither is mixed with one of the author's.
    if (request.headers['traceparent'] === undefined) {
      headers['traceparent'] = childTraceparent(trace);
      if (tracestate !== undefined) headers['tracestate'] = tracestate;
    }
    return next({ ...request, headers: { ...headers, ...request.headers } });
  };
};
