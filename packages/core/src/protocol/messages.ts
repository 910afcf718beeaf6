import type { JsonObject } from './json.ts';
import type {
  AirbyteCatalog,
  AirbyteErrorTraceMessage,
  AirbyteLogMessage,
  AirbyteMessage,
  AirbyteStreamStatusTraceMessage,
  ConnectorSpecification,
  StreamDescriptor,
} from './types.ts';

export type { StreamDescriptor };
export type LogLevel = AirbyteLogMessage['level'];
export type StreamStatus = AirbyteStreamStatusTraceMessage['status'];

/** A field of a record that the kit had to change so that the record satisfies its schema. */
export interface RecordMetaChange {
  readonly field: string;
  readonly change: 'NULLED';
  readonly reason: 'SOURCE_SERIALIZATION_ERROR';
}

/** How many records of a stream went out, and how many were set aside, since its previous STATE. */
export interface StateStats {
  readonly recordCount: number;
  readonly rejectedRecordCount?: number;
}

export const specMessage = (spec: ConnectorSpecification): AirbyteMessage => ({ type: 'SPEC', spec });

export const catalogMessage = (catalog: AirbyteCatalog): AirbyteMessage => ({ type: 'CATALOG', catalog });

export const connectionStatusMessage = (failure?: string): AirbyteMessage => ({
  type: 'CONNECTION_STATUS',
  connectionStatus: failure === undefined ? { status: 'SUCCEEDED' } : { status: 'FAILED', message: failure },
});

export const logMessage = (level: LogLevel, message: string): AirbyteMessage => ({
  type: 'LOG',
  log: { level, message },
});

/**
 * Makes the text of a stream's RECORD lines before their data, from the time they are emitted in milliseconds. After the
 * data, which may be the very bytes the API sent, comes `recordSuffix`.
 */
export const recordPrefixes = ({ name, namespace }: StreamDescriptor): ((emittedAt: number) => string) => {
  const space = namespace === undefined ? '' : `"namespace":${JSON.stringify(namespace)},`;
  const head = `{"type":"RECORD","record":{${space}"stream":${JSON.stringify(name)},"emitted_at":`;
  return (emittedAt) => `${head}${emittedAt},"data":`;
};

/** The text of a RECORD line after its data, with the line feed. */
export const recordSuffix = (changes?: readonly RecordMetaChange[]): string =>
  changes === undefined || changes.length === 0 ? '}}\n' : `,"meta":${JSON.stringify({ changes })}}}\n`;

export const stateMessage = (stream: StreamDescriptor, state: JsonObject, stats: StateStats): AirbyteMessage => ({
  type: 'STATE',
  state: { type: 'STREAM', stream: { stream_descriptor: stream, stream_state: state }, sourceStats: stats },
});

export const errorTraceMessage = (error: AirbyteErrorTraceMessage): AirbyteMessage => ({
  type: 'TRACE',
  trace: { type: 'ERROR', emitted_at: Date.now(), error },
});

/** `until`: when the API's quota is full again; given while the stream waits for it. */
export const streamStatusMessage = (stream: StreamDescriptor, status: StreamStatus, until?: Date): AirbyteMessage => ({
  type: 'TRACE',
  trace: {
    type: 'STREAM_STATUS',
    emitted_at: Date.now(),
    stream_status: {
      stream_descriptor: stream,
      status,
      ...(until && { reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: until.getTime() } }] }),
    },
  },
});

/** How many rows a stream will have, as far as the API says. */
export const estimateMessage = ({ name, namespace }: StreamDescriptor, rows: number): AirbyteMessage => ({
  type: 'TRACE',
  trace: {
    type: 'ESTIMATE',
    emitted_at: Date.now(),
    estimate: { type: 'STREAM', name, ...(namespace !== undefined && { namespace }), row_estimate: rows },
  },
});

/** Tells the platform to save a changed config, such as a new refresh token. Carries it in clear. */
export const controlMessage = (config: JsonObject): AirbyteMessage => ({
  type: 'CONTROL',
  control: { type: 'CONNECTOR_CONFIG', emitted_at: Date.now(), connectorConfig: { config } },
});
