import { randomUUID } from 'node:crypto';
import { ConfigError, ConnectorError } from '../errors.ts';
import { realClock, type Clock } from './clock.ts';
import { newTraceParent, parseTraceparent, type TraceParent } from './traceparent.ts';

export interface TraceContextOptions {
  /**
   * The header that carries the correlation id.
   *
   * @default 'x-correlation-id'
   */
  readonly correlationHeader?: string;
  /**
   * The correlation id: the same for all requests, and in all log lines about them.
   *
   * @default the environment variable `HEADWATER_CORRELATION_ID`, else a random UUID, the same for the whole process
   */
  readonly correlationId?: string;
  /**
   * A header that says which program asks.
   *
   * @default none
   */
  readonly component?: { readonly header: string; readonly value: string };
  /**
   * The name of a header that says when the request was sent, in ISO 8601, UTC, with milliseconds.
   *
   * @default none
   */
  readonly timestampHeader?: string;
  /** @default real time */
  readonly clock?: Clock;
  /**
   * Where `TRACEPARENT`, `TRACESTATE` and `HEADWATER_CORRELATION_ID` are looked up.
   *
   * @default process.env
   */
  readonly env?: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The options with their defaults, checked; header names in lower case. */
export interface TraceSettings {
  readonly trace: TraceParent;
  readonly tracestate: string | undefined;
  readonly correlationHeader: string;
  readonly correlationId: string;
  readonly component: { readonly header: string; readonly value: string } | undefined;
  readonly timestampHeader: string | undefined;
  readonly clock: Clock;
}

/**
 * Whether requests are traced at all: some APIs refuse headers they do not know. They are when the options say so, and
 * when the environment gives a trace or a correlation id to carry on; `false` turns that off too.
 */
export const traceOptions = (
  given: TraceContextOptions | false | undefined,
  env: Environment = process.env,
): TraceContextOptions | undefined => {
  if (given === false) return undefined;
  return given ?? (env['TRACEPARENT'] || env['HEADWATER_CORRELATION_ID'] ? { env } : undefined);
};

/**
 * @throws ConnectorError when an option cannot stand in a header
 * @throws ConfigError when `HEADWATER_CORRELATION_ID` cannot
 */
export const traceSettings = ({
  correlationHeader = 'x-correlation-id',
  correlationId,
  component,
  timestampHeader,
  clock = realClock,
  env = process.env,
}: TraceContextOptions = {}): TraceSettings => {
  const caller = callerOf(env);
  return {
    trace: caller?.trace ?? processIds().trace,
    tracestate: caller?.tracestate,
    correlationHeader: checkName('correlationHeader', correlationHeader),
    correlationId:
      correlationId === undefined
        ? (correlationIdIn(env) ?? processIds().correlationId)
        : checkValue('correlationId', correlationId),
    component: component && {
      header: checkName('component.header', component.header),
      value: checkValue('component.value', component.value),
    },
    timestampHeader: timestampHeader === undefined ? undefined : checkName('timestampHeader', timestampHeader),
    clock,
  };
};

/** Who started this process, as `TRACEPARENT` and `TRACESTATE` tell it; undefined when nothing valid does. */
export const callerOf = (
  env: Environment,
): { readonly trace: TraceParent; readonly tracestate: string | undefined } | undefined => {
  const trace = parseTraceparent(env['TRACEPARENT'] ?? '');
  const state = env['TRACESTATE'] ?? '';
  // Without its traceparent, or malformed, a tracestate is to be dropped.
  return trace && { trace, tracestate: VALUE.test(state) ? state : undefined };
};

interface ProcessIds {
  readonly trace: TraceParent;
  readonly correlationId: string;
}

let made: ProcessIds | undefined;

/** All clients of a process belong to one trace. */
const processIds = (): ProcessIds => (made ??= { trace: newTraceParent(), correlationId: randomUUID() });

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Visible ASCII, with spaces inside. */
const VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

const checkName = (option: string, value: string): string => {
  const name = value.toLowerCase();
  if (NAME.test(name)) return name;
  throw new ConnectorError(
    `http.trace.${option}: ${JSON.stringify(value)} is not a name of a header. Use letters, digits and "-".`,
  );
};

const checkValue = (option: string, value: string): string => {
  if (VALUE.test(value)) return value;
  throw new ConnectorError(
    `http.trace.${option}: ${JSON.stringify(value)} cannot stand in a header. Use visible ASCII characters.`,
  );
};

const correlationIdIn = (env: Environment): string | undefined => {
  const value = env['HEADWATER_CORRELATION_ID'];
  if (value === undefined || value === '') return undefined;
  if (VALUE.test(value)) return value;
  const message =
    `the environment variable HEADWATER_CORRELATION_ID is ${JSON.stringify(value)}, which cannot stand in a header. ` +
    `Use visible ASCII characters`;
  throw new ConfigError([{ pointer: '', message }]);
};
