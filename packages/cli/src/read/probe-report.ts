import type { Quota } from './quota.ts';

/** What happened to the requests of one stream since the report before. */
export interface StreamReport {
  requests: number;
  /** How many answers had which status; `0` is for requests without an answer. */
  statuses: Record<string, number>;
  waits: number;
  /** Milliseconds of all those waits. */
  waited: number;
  /** The end of the wait that ends last, in milliseconds since the epoch. */
  waitingUntil?: number;
  waitReason?: string;
  quota?: Quota;
}

/** What the probe in a connector's process tells: numbers and names of streams, never what was sent or answered. */
export interface ProbeReport {
  readonly headwater: 'probe';
  /** By name of the stream; requests of no stream, e.g. a login, under the empty name. */
  readonly streams: Readonly<Record<string, StreamReport>>;
}

/** Whether a message over the channel is the probe's: the connector may use the channel for itself. */
export const isProbeReport = (message: unknown): message is ProbeReport =>
  typeof message === 'object' && message !== null && 'headwater' in message && message.headwater === 'probe';
