import type { Context, Span, SpanContext } from '@opentelemetry/api';
import type { TraceParent } from '../traceparent.ts';
import type { OpenTelemetry } from './open-telemetry.ts';

/** The key under which all copies of the API keep the active span. */
const ACTIVE_SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

const SAMPLED = 1;

/** The context a request's span begins in: the caller's, with the trace of the environment where no span is active. */
export const parentContext = ({ context }: OpenTelemetry, caller: TraceParent | undefined): Context => {
  const active = context?.active() ?? contextWith(new Map());
  if (caller?.parentId === undefined || active.getValue(ACTIVE_SPAN) !== undefined) return active;
  const { traceId, parentId: spanId, sampled } = caller;
  return withSpan(active, spanElsewhere({ traceId, spanId, traceFlags: sampled ? SAMPLED : 0, isRemote: true }));
};

export const withSpan = (context: Context, span: Span): Context => context.setValue(ACTIVE_SPAN, span);

/** The trace as a header names it; undefined for a span that belongs to none, as where tracing is suppressed. */
export const traceParentOf = ({ traceId, spanId, traceFlags }: SpanContext): Required<TraceParent> | undefined =>
  /^0+$/.test(traceId) ? undefined : { traceId, parentId: spanId, sampled: (traceFlags & SAMPLED) === SAMPLED };

/** Where no context manager is registered nobody keeps an empty context. */
const contextWith = (values: ReadonlyMap<symbol, unknown>): Context => ({
  getValue: (key) => values.get(key),
  setValue: (key, value) => contextWith(new Map(values).set(key, value)),
  deleteValue: (key) => contextWith(new Map([...values].filter(([other]) => other !== key))),
});

/** A span of another process: it can be a parent and nothing else. */
const spanElsewhere = (spanContext: SpanContext): Span => {
  const span: Span = {
    spanContext: () => spanContext,
    isRecording: () => false,
    setAttribute: () => span,
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus: () => span,
    updateName: () => span,
    recordException: () => {},
    end: () => {},
  };
  return span;
};
