import { fitted, grid, type Column } from './grid.ts';
import type { Snapshot, StreamProgress } from './progress.ts';
import { countText, durationText, momentText, plural } from './units.ts';

/** What is not known. */
const NONE = '–';

/** Waits are told for as long as they last; the end of a short one is over before it is read. */
const LONG_WAIT = 60_000;

const COLUMNS: readonly Column[] = [
  { title: 'stream' },
  { title: 'status' },
  { title: 'records', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'records/s', align: 'right' },
  { title: 'ETA', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'waits' },
];

const REASONS: { readonly [reason: string]: string } = {
  retry: 'retry',
  rate_limit: 'rate limit',
  rate_budget: 'rate budget',
};

/** Those worth a look come first where there is no room for all. */
const ORDER = ['failed', 'reading', 'waiting', 'limit', 'stopped', 'done'];

export interface Room {
  /** Characters of a line. */
  readonly width: number;
  /**
   * Lines of streams.
   *
   * @default all
   */
  readonly rows?: number;
}

/** The streams of a run as a table. */
export const liveText = (snapshot: Snapshot, { width, rows = Number.POSITIVE_INFINITY }: Room): string => {
  const { streams, otherRequests } = snapshot;
  const shown =
    streams.length <= rows
      ? streams
      : streams.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status)).slice(0, Math.max(1, rows));
  const lines = [
    grid(
      COLUMNS,
      shown.map((stream) => rowOf(stream, snapshot)),
    ),
  ];
  if (shown.length < streams.length) lines.push(`… and ${plural(streams.length - shown.length, 'stream')} more`);
  if (otherRequests > 0) lines.push(`and ${plural(otherRequests, 'request')} for logins and parents`);
  return fitted(lines.join('\n'), width);
};

/** The streams that are being read, and how many are not, on one line: for a log, or where there is no terminal. */
export const progressLine = (snapshot: Snapshot): string => {
  const { streams, now, isProbed } = snapshot;
  const reading = streams
    .filter(({ status }) => status === 'reading')
    .map((stream) => {
      const requests = isProbed ? [plural(stream.requests, 'request')] : [];
      const waits = isWaiting(stream, now) ? [waitText(stream, now)] : [];
      const eta = etaOf(stream, now);
      const left = eta === undefined ? [] : [`${durationText(eta)} left`];
      return `${stream.name}: ${[plural(stream.records, 'record'), ...requests, ...waits, ...left].join(', ')}`;
    });
  const over = streams.filter(({ ended }) => ended !== undefined).length;
  return [...reading, `${over} of ${plural(streams.length, 'stream')} ended`].join('; ');
};

const rowOf = (stream: StreamProgress, { now, isProbed }: Snapshot): readonly string[] => {
  const { name, status, records, requests, failures, began, ended } = stream;
  const took = began === undefined ? 0 : (ended ?? now) - began;
  const eta = etaOf(stream, now);
  return [
    name,
    status === 'limit' ? 'done (limit)' : status,
    countText(records),
    isProbed ? countText(requests) : NONE,
    took > 0 && records > 0 ? rateText((records * 1000) / took) : NONE,
    eta === undefined ? NONE : durationText(eta),
    countText(failures.length),
    waitText(stream, now) || (isProbed ? '' : NONE),
  ];
};

const isWaiting = ({ waitingUntil = 0, ended }: StreamProgress, now: number): boolean =>
  ended === undefined && waitingUntil > now;

const waitText = (stream: StreamProgress, now: number): string => {
  const { waits, waited, waitingUntil = 0, waitReason = '' } = stream;
  if (isWaiting(stream, now)) {
    const left = waitingUntil - now;
    const until = left >= LONG_WAIT ? ` until ${momentText(waitingUntil, now)}` : '';
    return `${REASONS[waitReason] ?? waitReason}: ${durationText(left)}${until}`;
  }
  return waits === 0 ? '' : `${waits} (${durationText(waited)})`;
};

const rateText = (rate: number): string => (rate < 9.95 ? rate.toFixed(1) : countText(rate));

/** Milliseconds, when the connector has estimated what there is to read. */
const etaOf = ({ estimate, records, began, ended }: StreamProgress, now: number): number | undefined => {
  if (estimate === undefined || began === undefined || ended !== undefined || records === 0) return undefined;
  return estimate > records ? ((estimate - records) * (now - began)) / records : 0;
};
