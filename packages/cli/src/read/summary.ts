import type { Failure, Progress, StreamStatus } from './progress.ts';
import type { Quota } from './quota.ts';
import type { Redact } from './redact.ts';

export interface Summary {
  readonly connector: string;
  /** Whether no stream failed. */
  readonly ok: boolean;
  readonly streams: readonly StreamSummary[];
  /** Failures of no stream. */
  readonly errors: readonly ErrorSummary[];
}

interface StreamSummary {
  readonly stream: string;
  readonly status: StreamStatus;
  readonly records: number;
  /** `null`, as are the waits, where the connector is not built on this kit. */
  readonly requests: number | null;
  readonly waits: number | null;
  readonly waitedSeconds: number | null;
  readonly seconds: number;
  readonly quota?: Quota;
  readonly errors: readonly ErrorSummary[];
}

interface ErrorSummary {
  readonly message: string;
  readonly type?: string;
}

/** What scripts get with `--json`. */
export const summaryOf = (connector: string, progress: Progress, redact: Redact): Summary => {
  const { streams, isProbed, now } = progress.snapshot();
  const errorOf = ({ message, type }: Failure): ErrorSummary => ({ message: redact(message), ...(type && { type }) });
  return {
    connector,
    ok: progress.failures.length === 0 && streams.every(({ status }) => status === 'done' || status === 'limit'),
    streams: streams.map(({ name, status, records, requests, waits, waited, began, ended, quota, failures }) => ({
      stream: name,
      status,
      records,
      requests: isProbed ? requests : null,
      waits: isProbed ? waits : null,
      waitedSeconds: isProbed ? waited / 1000 : null,
      seconds: began === undefined ? 0 : ((ended ?? now) - began) / 1000,
      ...(quota && { quota }),
      errors: failures.map(errorOf),
    })),
    errors: progress.failures.map(errorOf),
  };
};
