/**
 * Loaded into a connector's process before the connector: tells the desk how many requests are sent and what they wait for.
 *
 * It knows the channels by their names, since the connector may have another release of the kit than the desk.
 */
import { subscribe } from 'node:diagnostics_channel';

import type { ProbeReport, StreamReport } from './probe-report.ts';
import { quotaIn } from './quota.ts';

/** Milliseconds between two reports, however many requests there are. */
const EVERY = 100;

/** What is read of the messages of `headwater:exchange` and `headwater:wait`. */
interface Told {
  readonly request?: { readonly sender?: { readonly stream?: string } };
  readonly response?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };
  readonly stream?: string;
  readonly reason?: string;
  readonly milliseconds?: number;
  readonly until?: number;
}

let streams: Record<string, StreamReport> = {};

const reportOf = (stream = ''): StreamReport =>
  (streams[stream] ??= { requests: 0, statuses: {}, waits: 0, waited: 0 });

const countExchange = ({ request, response }: Told): void => {
  const report = reportOf(request?.sender?.stream);
  const status = String(response?.status ?? 0);
  report.requests++;
  report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  const quota = response?.headers && quotaIn(response.headers, Date.now());
  if (quota) report.quota = quota;
};

const countWait = ({ stream, reason = 'retry', milliseconds = 0, until = 0 }: Told): void => {
  const report = reportOf(stream);
  report.waits++;
  report.waited += milliseconds;
  if (until <= (report.waitingUntil ?? 0)) return;
  report.waitingUntil = until;
  report.waitReason = reason;
};

const send = (): void => {
  if (!process.connected || Object.keys(streams).length === 0) return;
  const report: ProbeReport = { headwater: 'probe', streams };
  streams = {};
  // The desk may have gone away meanwhile, which is no trouble of the connector.
  process.send?.(report, undefined, undefined, () => {});
};

// Workers of the connector load the probe too, and have no channel.
if (process.send) {
  // Every message is of the kit's own making; what is missing in one counts as nothing.
  subscribe('headwater:exchange', (message) => countExchange(message as Told));
  subscribe('headwater:wait', (message) => countWait(message as Told));
  setInterval(send, EVERY).unref();
  process.on('exit', send);
}
