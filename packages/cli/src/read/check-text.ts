import { fitted, grid } from './grid.ts';
import type { Room } from './live-text.ts';
import type { StreamProgress, StreamStatus } from './progress.ts';
import type { Quota } from './quota.ts';
import type { Redact } from './redact.ts';
import { countText, momentText, plural } from './units.ts';

/** What a check found out about a stream. */
export interface Verdict {
  readonly stream: string;
  readonly status: StreamStatus;
  /** Whether the API answered at all; null when that is not known. */
  readonly reachable: boolean | null;
  /** Whether the API lets this config read it; null when that is not known. */
  readonly permitted: boolean | null;
  readonly readable: boolean;
  /** Whether it was read to its end without a record. */
  readonly empty: boolean;
  readonly quota?: Quota;
  /** Why it cannot be read, in the words of the connector or the API. */
  readonly message?: string;
}

/**
 * Judges a stream by what happened when one record of it was read.
 *
 * @param isProbed whether the statuses of answers are known
 */
export const verdictOf = (stream: StreamProgress, isProbed: boolean, redact: Redact): Verdict => {
  const { name, status, records, statuses, failures, quota } = stream;
  const [failure] = failures;
  const readable = records > 0 || (status === 'done' && !failure);
  const answered = Object.keys(statuses).some((one) => one !== '0');
  const refused = isProbed
    ? statuses['401'] !== undefined || statuses['403'] !== undefined
    : /\b40[13]\b|unauthori[sz]ed|forbidden/i.test(failure?.message ?? '');
  const isOver = stream.ended !== undefined;
  // Without a request of its own, e.g. from the pages of its parent, the answer is as good as that one.
  const reachable = readable || answered ? true : isOver && isProbed && statuses['0'] !== undefined ? false : null;
  const permitted = readable ? true : isOver && refused ? false : null;
  return {
    stream: name,
    status,
    reachable: !readable && refused ? true : reachable,
    permitted,
    readable,
    empty: readable && records === 0,
    ...(quota && { quota }),
    ...(failure && !readable && { message: redact(failure.message) }),
  };
};

/** The verdicts as a table, and below it why streams cannot be read. */
export const checkText = (
  verdicts: readonly Verdict[],
  now: number,
  { width, rows = Number.POSITIVE_INFINITY }: Room,
): string => {
  const shown = verdicts.length <= rows ? verdicts : verdicts.slice(0, Math.max(1, rows));
  const table = grid(
    ['stream', 'reachable', 'permitted', 'quota left', ''].map((title) => ({ title })),
    shown.map((verdict) => [
      verdict.stream,
      answerText(verdict.reachable, verdict.status),
      answerText(verdict.permitted, verdict.status),
      verdict.quota ? quotaText(verdict.quota, now) : '–',
      noteOf(verdict),
    ]),
  );
  const more = verdicts.length > shown.length ? [`… and ${plural(verdicts.length - shown.length, 'stream')} more`] : [];
  // Reasons are for reading in full: they come when all is over, and not cut.
  const isOver = verdicts.every(({ status }) => status !== 'waiting' && status !== 'reading');
  const reasons = isOver
    ? verdicts.flatMap(({ stream, message }) => (message === undefined ? [] : [`${stream}: ${message}`]))
    : [];
  return [fitted([table, ...more].join('\n'), width), ...reasons].join('\n');
};

const answerText = (answer: boolean | null, status: StreamStatus): string => {
  if (answer !== null) return answer ? 'yes' : 'no';
  return status === 'waiting' || status === 'reading' ? '…' : '–';
};

const noteOf = ({ status, readable, empty, permitted }: Verdict): string => {
  if (status === 'waiting' || status === 'reading') return status === 'waiting' ? '' : 'asking';
  if (readable) return empty ? 'no records' : '';
  return permitted === false ? 'not permitted' : 'not readable';
};

const quotaText = ({ remaining, limit, resetsAt }: Quota, now: number): string =>
  [
    countText(remaining),
    ...(limit === undefined ? [] : [`of ${countText(limit)}`]),
    ...(resetsAt === undefined || resetsAt <= now ? [] : [`until ${momentText(resetsAt, now)}`]),
  ].join(' ');
