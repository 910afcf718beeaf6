import type { AirbyteMessage } from '@headwater/core';

import type { ProbeReport } from './probe-report.ts';
import type { Quota } from './quota.ts';

/**
 * Where a stream is: not begun, being read, read to its end, cut at the limit, failed, or left because the command ended.
 */
export type StreamStatus = 'waiting' | 'reading' | 'done' | 'limit' | 'failed' | 'stopped';

export interface Failure {
  readonly message: string;
  /** `config_error`, `transient_error` or `system_error`, when the connector says so. */
  readonly type?: string;
  readonly stack?: string;
}

export interface StreamProgress {
  readonly name: string;
  status: StreamStatus;
  records: number;
  requests: number;
  /** How many answers had which status; `0` is for requests without an answer. */
  readonly statuses: Record<string, number>;
  waits: number;
  /** Milliseconds of all waits. */
  waited: number;
  /** Until when it waits, in milliseconds since the epoch, and what for. */
  waitingUntil?: number;
  waitReason?: string;
  quota?: Quota;
  /** Records there will be, as the connector estimates. */
  estimate?: number;
  readonly failures: Failure[];
  /** Milliseconds since the epoch. */
  began?: number;
  ended?: number;
}

/** What can be seen of a command at one moment. */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly streams: readonly StreamProgress[];
  /** Whether requests and waits are known: the connector is built on this kit and run by this Node. */
  readonly isProbed: boolean;
  /** Requests of no stream here: logins, and parents that are not read themselves. */
  readonly otherRequests: number;
}

/** Follows what happens to the streams of a run, by what the connector and the probe in it say. */
export class Progress {
  /** Failures of no stream. */
  readonly failures: Failure[] = [];
  readonly #streams: ReadonlyMap<string, StreamProgress>;
  readonly #now: () => number;
  #isProbed = false;
  #otherRequests = 0;

  constructor(names: readonly string[], now: () => number = Date.now) {
    this.#streams = new Map(
      names.map((name) => [
        name,
        { name, status: 'waiting', records: 0, requests: 0, statuses: {}, waits: 0, waited: 0, failures: [] },
      ]),
    );
    this.#now = now;
  }

  get streams(): readonly StreamProgress[] {
    return [...this.#streams.values()];
  }

  of(name: string): StreamProgress | undefined {
    return this.#streams.get(name);
  }

  message({ record, trace }: AirbyteMessage): void {
    if (record) {
      const stream = this.#begun(record.stream);
      if (stream) stream.records++;
      return;
    }
    if (trace?.error) this.#failed(trace.error);
    const { estimate, stream_status: change } = trace ?? {};
    const estimated = this.of(estimate?.name ?? '');
    if (estimated && estimate?.row_estimate !== undefined) estimated.estimate = estimate.row_estimate;
    if (change?.status === undefined) return;
    const stream = this.#begun(change.stream_descriptor.name);
    if (!stream) return;
    if (change.status === 'COMPLETE') this.end(stream.name, stream.failures.length > 0 ? 'failed' : 'done');
    if (change.status === 'INCOMPLETE') this.end(stream.name, 'failed');
    for (const { rate_limited: limited } of change.reasons ?? []) {
      if (limited?.quota_reset === undefined) continue;
      stream.waitingUntil = limited.quota_reset;
      stream.waitReason = 'rate_limit';
    }
  }

  report({ streams }: ProbeReport): void {
    this.#isProbed = true;
    for (const [name, told] of Object.entries(streams)) {
      const stream = this.of(name);
      if (!stream) {
        this.#otherRequests += told.requests;
        continue;
      }
      stream.requests += told.requests;
      stream.waits += told.waits;
      stream.waited += told.waited;
      for (const [status, count] of Object.entries(told.statuses)) {
        stream.statuses[status] = (stream.statuses[status] ?? 0) + count;
      }
      if (told.quota) stream.quota = told.quota;
      if (told.waitingUntil === undefined || told.waitingUntil < (stream.waitingUntil ?? 0)) continue;
      stream.waitingUntil = told.waitingUntil;
      if (told.waitReason !== undefined) stream.waitReason = told.waitReason;
    }
  }

  /** The process that reads a stream is started; the stream's time begins with what is heard of it. */
  start(name: string): void {
    const stream = this.of(name);
    if (stream?.status === 'waiting') stream.status = 'reading';
  }

  /** Says how a stream ended; what it was before stands, if that was an end already. */
  end(name: string, status: StreamStatus): void {
    const stream = this.of(name);
    if (!stream || stream.ended !== undefined) return;
    stream.status = status;
    stream.ended = this.#now();
  }

  fail(name: string | undefined, failure: Failure): void {
    const stream = name === undefined ? undefined : this.of(name);
    (stream?.failures ?? this.failures).push(failure);
  }

  snapshot(): Snapshot {
    const streams = this.streams.map((stream) => ({ ...stream }));
    return { now: this.#now(), streams, isProbed: this.#isProbed, otherRequests: this.#otherRequests };
  }

  #begun(name: string): StreamProgress | undefined {
    const stream = this.of(name);
    if (stream) stream.began ??= this.#now();
    this.start(name);
    return stream;
  }

  #failed(error: NonNullable<NonNullable<AirbyteMessage['trace']>['error']>): void {
    const { message, failure_type: type, stack_trace: stack, stream_descriptor: stream } = error;
    // At its end a connector sums up what it has said of its streams.
    const known = this.streams.some(({ name, failures }) => failures.length > 0 && message.includes(name));
    if (stream === undefined && known) return;
    this.fail(stream?.name, { message, ...(type && { type }), ...(stack !== undefined && { stack }) });
  }
}
