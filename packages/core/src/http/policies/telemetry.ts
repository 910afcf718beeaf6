import { requestMetrics } from '../telemetry/metrics.ts';
import { openTelemetry } from '../telemetry/open-telemetry.ts';
import { requestSpans } from '../telemetry/spans.ts';
import type { TraceContextOptions } from '../trace-settings.ts';
import type { Policy } from '../types.ts';

/**
 * A span and metrics for each attempt, when an OpenTelemetry SDK is registered by the time it is sent; without one the
 * policy is not there.
 *
 * The span's parent is the active span, else what `TRACEPARENT` names, else none. The API is told of it by
 * `traceparent`, which `traceContext`, the next policy, leaves as it is; with `http.trace: false` it is told nothing.
 *
 * It sits below the waits, so that a duration is the API's alone.
 */
export const telemetry = (trace?: TraceContextOptions | false): Policy => {
  const spans = requestSpans({ tellApi: trace !== false, env: (trace && trace.env) || process.env });
  return (next) => {
    const observed = requestMetrics(spans(next));
    return (request) => (openTelemetry() ? observed(request) : next(request));
  };
};
