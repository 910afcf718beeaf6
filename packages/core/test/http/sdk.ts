import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace-base';

export interface Sdk extends AsyncDisposable {
  /** The spans that ended, in that order. */
  spans(): readonly ReadableSpan[];
  /** The value of each series of a counter, by its attributes as JSON; of a histogram how many values it took. */
  metric(name: string): Promise<Readonly<Record<string, number>>>;
  /** All that was recorded, as text. */
  everything(): Promise<string>;
}

export interface SdkParts {
  readonly traces?: boolean;
  readonly metrics?: boolean;
  readonly contexts?: boolean;
  readonly sampler?: Sampler;
}

/** Registers an OpenTelemetry SDK in this process until it is disposed of. */
export const registerSdk = (parts: SdkParts = {}): Sdk => {
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const tracers = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
    ...(parts.sampler && { sampler: parts.sampler }),
  });
  const meters = new MeterProvider({ readers: [reader] });
  if (parts.traces !== false) trace.setGlobalTracerProvider(tracers);
  if (parts.metrics !== false) metrics.setGlobalMeterProvider(meters);
  if (parts.contexts !== false) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

  const collected = async () => {
    metricExporter.reset();
    await reader.forceFlush();
    return metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  };

  return {
    spans: () => spanExporter.getFinishedSpans(),
    async metric(name) {
      const points = (await collected())
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }): readonly DataPoint<number | { readonly count: number }>[] => dataPoints);
      return Object.fromEntries(
        points.map(({ attributes, value }) => [
          JSON.stringify(attributes),
          typeof value === 'number' ? value : value.count,
        ]),
      );
    },
    async everything() {
      const spans = spanExporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
      return JSON.stringify([spans, await collected()]);
    },
    async [Symbol.asyncDispose]() {
      trace.disable();
      metrics.disable();
      context.disable();
      await tracers.shutdown();
      await meters.shutdown();
    },
  };
};
