import type { ContextManager, MeterProvider, TracerProvider } from '@opentelemetry/api';

/** What an OpenTelemetry SDK has registered in this process; each part may be missing. */
export interface OpenTelemetry {
  readonly trace?: TracerProvider;
  readonly metrics?: MeterProvider;
  readonly context?: ContextManager;
}

/** The scope of all spans and metrics of the kit. */
export const SCOPE = '@headwater/core';

const API = Symbol.for('opentelemetry.js.api.1');
const ALL = globalThis as { readonly [API]?: OpenTelemetry };

/**
 * The SDK of this process; undefined when none is registered.
 *
 * It is looked up where all copies of the API, of any version 1.x, meet, and the package is not imported: an SDK brought
 * in with `--require` has a copy of its own which an import from here would not find, and may be the only one there is.
 * So a process without an SDK pays for one look-up of a property.
 */
export const openTelemetry = (): OpenTelemetry | undefined => ALL[API];

/** What `make` makes of a provider: once, until another provider is registered. */
export const oncePer = <P, T>(make: (provider: P) => T): ((provider: P) => T) => {
  let last: { readonly provider: P; readonly made: T } | undefined;
  return (provider) => {
    if (last?.provider !== provider) last = { provider, made: make(provider) };
    return last.made;
  };
};
