import type { Exception, SpanContext, SpanKind, SpanStatusCode, TracerProvider } from '@opentelemetry/api';
import { publicText } from '../public-url.ts';
import { callerOf, type Environment } from '../trace-settings.ts';
import { formatTraceparent } from '../traceparent.ts';
import type { HttpRequest, Policy } from '../types.ts';
import { methodOf, outcomeAttributes, requestAttributes } from './attributes.ts';
import { SCOPE, oncePer, openTelemetry } from './open-telemetry.ts';
import { parentContext, traceParentOf, withSpan } from './span-context.ts';

export interface SpanOptions {
  /** Whether the API is told of the span, by a `traceparent` header. */
  readonly tellApi: boolean;
  /** Where `TRACEPARENT` and `TRACESTATE` are looked up. */
  readonly env: Environment;
}

// Numbers that the API promises for all of its versions 1.x.
const CLIENT: SpanKind.CLIENT = 2;
const ERROR: SpanStatusCode.ERROR = 2;

const tracerOf = oncePer((provider: TracerProvider) => provider.getTracer(SCOPE));

/** A client span for each attempt, by the HTTP conventions of OpenTelemetry; active while the request is under way. */
export const requestSpans = ({ tellApi, env }: SpanOptions): Policy => {
  const caller = callerOf(env);

  return (next) => async (request) => {
    const api = openTelemetry();
    if (!api?.trace) return next(request);
    const method = methodOf(request);
    const context = parentContext(api, caller?.trace);
    const span = tracerOf(api.trace).startSpan(
      method === '_OTHER' ? 'HTTP' : method,
      { kind: CLIENT, attributes: requestAttributes(request) },
      context,
    );
    const sent = tellApi ? withTraceparent(request, span.spanContext(), caller) : request;
    try {
      const send = () => next(sent);
      const response = await (api.context ? api.context.with(withSpan(context, span), send) : send());
      span.setAttributes(outcomeAttributes({ response }));
      if (response.status >= 400) span.setStatus({ code: ERROR });
      return response;
    } catch (error) {
      span.setAttributes(outcomeAttributes({ error }));
      // Pages asked for ahead of their turn are given up when they are not needed: that is no failure.
      if (!request.signal?.aborted) {
        const exception = exceptionOf(error);
        span.recordException(exception);
        span.setStatus({ code: ERROR, message: exception.message });
      }
      throw error;
    } finally {
      span.end();
    }
  };
};

/** A header of the author's stays, and a tracestate is never mixed with the traceparent of another. */
const withTraceparent = (
  request: HttpRequest,
  spanContext: SpanContext,
  caller: ReturnType<typeof callerOf>,
): HttpRequest => {
  const parent = traceParentOf(spanContext);
  if (parent === undefined || request.headers['traceparent'] !== undefined) return request;
  const inherited = parent.traceId === caller?.trace.traceId ? caller.tracestate : undefined;
  const tracestate = spanContext.traceState?.serialize() || inherited;
  const headers = { ...request.headers, traceparent: formatTraceparent(parent) };
  return { ...request, headers: tracestate === undefined ? headers : { ...headers, tracestate } };
};

/** What was thrown, without secrets. */
const exceptionOf = (error: unknown): Exception & { readonly message: string } => {
  if (!(error instanceof Error)) return { message: publicText(String(error)) };
  const { name, message, stack } = error;
  return { name, message: publicText(message), ...(stack !== undefined && { stack: publicText(stack) }) };
};
