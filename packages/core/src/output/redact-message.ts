import { isLosslessNumber } from 'lossless-json';
import { isJsonObject } from '../protocol/json.ts';
import type { AirbyteMessage } from '../protocol/types.ts';
import { hasSecrets, redact, redactData } from './redact.ts';
import { MASK } from './secret-matcher.ts';

/**
 * A message as it may be printed. RECORD carries the user's data, CONTROL the config itself and SPEC nothing of a config:
 * they stay as they are. So do the words of the protocol, and what names a stream or a field, for RECORD has it too.
 */
export const redactMessage = (message: AirbyteMessage): AirbyteMessage => {
  if (!hasSecrets()) return message;
  const { type, log, connectionStatus, trace, state, catalog } = message;
  switch (type) {
    case 'RECORD':
    case 'CONTROL':
    case 'SPEC':
      return message;
    case 'LOG':
      return { ...message, ...(log && { log: { ...redactStrings(log), level: log.level } }) };
    case 'CONNECTION_STATUS':
      return {
        ...message,
        ...(connectionStatus && {
          connectionStatus: { ...redactStrings(connectionStatus), status: connectionStatus.status },
        }),
      };
    case 'TRACE':
      return { ...message, ...(trace && { trace: traceOf(trace) }) };
    case 'STATE':
      return { ...message, ...(state && { state: mapStates(state) as typeof state }) };
    case 'CATALOG':
      return { ...message, ...(catalog && { catalog: catalogOf(catalog) }) };
    default:
      return { ...(mapData(message) as AirbyteMessage), type };
  }
};

/** A value of plain data with every registered secret in its texts, but not in its keys, replaced. */
export const redactStrings = <T>(value: T): T => (hasSecrets() ? (mapStrings(value) as T) : value);

const mapStrings = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  return mapInside(value, (item) => mapStrings(item));
};

const traceOf = (trace: NonNullable<AirbyteMessage['trace']>): typeof trace => {
  const { error, analytics } = trace;
  const { failure_type, stream_descriptor } = error ?? {};
  return {
    ...trace,
    ...(error && {
      error: {
        ...redactStrings(error),
        ...(failure_type && { failure_type }),
        ...(stream_descriptor && { stream_descriptor }),
      },
    }),
    ...(analytics && { analytics: redactStrings(analytics) }),
  };
};

/** What a stream may fill freely. All else in a STATE is the kit's. */
const FREE_IN_STATE = new Set(['stream_state', 'shared_state', 'data']);

const mapStates = (value: unknown): unknown =>
  mapInside(value, (item, key) => (key !== undefined && FREE_IN_STATE.has(key) ? mapData(item) : mapStates(item)));

const mapData = (value: unknown): unknown => {
  if (typeof value === 'string') return redactData(value);
  if (isNumber(value)) return redactData(String(value)) === MASK ? MASK : value;
  return mapInside(value, (item) => mapData(item), redactData);
};

const catalogOf = (catalog: NonNullable<AirbyteMessage['catalog']>): typeof catalog => ({
  ...catalog,
  streams: catalog.streams.map((stream) => ({
    ...stream,
    json_schema: mapSchema(stream.json_schema) as typeof stream.json_schema,
  })),
});

/** Words of JSON Schema, and names of fields. */
const WORDS_OF_SCHEMA = new Set(['$schema', '$ref', 'type', 'airbyte_type', 'format', 'required']);

const mapSchema = (value: unknown, key?: string): unknown => {
  if (typeof value === 'string') return key !== undefined && WORDS_OF_SCHEMA.has(key) ? value : redactData(value);
  return mapInside(value, (item, name) => mapSchema(item, name ?? key));
};

/** Maps what an array or object holds, as it would be written: what can tell its own JSON form does. */
const mapInside = (
  value: unknown,
  map: (item: unknown, key?: string) => unknown,
  mapKey: (key: string) => string = (key) => key,
): unknown => {
  if (Array.isArray(value)) return value.map((item) => map(item));
  if (!isJsonObject(value) || isNumber(value)) return value;
  if (typeof value['toJSON'] === 'function') return map((value as unknown as Date).toJSON());
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mapKey(key), map(item, key)]));
};

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || isLosslessNumber(value);
