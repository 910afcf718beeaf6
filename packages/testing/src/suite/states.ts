import { short, type ExactObject } from './exact-json.ts';
import { recordsIn, statesIn, type ObservedRun, type RecordEvent, type StateEvent } from './observed-run.ts';

/** What `--state` takes to go on after the first `count` STATEs of a read: the last of each stream, or the last global. */
export const stateAfter = (run: ObservedRun, count: number): ExactObject[] => {
  const last = new Map<string | undefined, ExactObject>();
  for (const { stream, state } of statesIn(run).slice(0, count)) last.set(stream, state);
  return [...last.values()];
};

/**
 * The records that the first `count` STATEs make safe: those before the last of these STATEs of their stream, or before
 * the last one of all streams. Whoever keeps the protocol may forget the others.
 */
export const recordsBefore = (run: ObservedRun, count: number): RecordEvent[] => {
  const open = new Map<string, RecordEvent[]>();
  const safe: RecordEvent[] = [];
  let states = 0;
  for (const event of run.events) {
    if (states === count) break;
    if (event.kind === 'record') {
      const records = open.get(event.stream);
      if (records) records.push(event);
      else open.set(event.stream, [event]);
    } else if (event.kind === 'state') {
      states += 1;
      for (const name of event.stream === undefined ? [...open.keys()] : [event.stream]) {
        for (const record of open.get(name) ?? []) safe.push(record);
        open.delete(name);
      }
    }
  }
  return safe;
};

/** Numbers from 1 to `length`, at most `most` of them, evenly spread, with the first and the last. */
export const spread = (length: number, most: number): number[] => {
  if (length <= most) return Array.from({ length }, (_, index) => index + 1);
  if (most <= 1) return most < 1 ? [] : [length];
  return Array.from({ length: most }, (_, index) => 1 + Math.round((index * (length - 1)) / (most - 1)));
};

/** How a report names a STATE: `STATE 3 of 7 (stream "issues", {"updated_at":"…"})`. */
export const describeState = (run: ObservedRun, number: number): string => {
  const states = statesIn(run);
  const event = states[number - 1];
  const what =
    event === undefined
      ? ''
      : ` (${event.stream === undefined ? 'all streams' : `stream "${event.stream}"`}, ${short(contentOfState(event))})`;
  return `STATE ${number} of ${states.length}${what}`;
};

/** The part of a STATE that its connector wrote for itself. */
export const contentOfState = ({ state }: StateEvent): unknown => {
  const { stream, global, data } = state;
  if (typeof stream === 'object' && stream !== null && 'stream_state' in stream) return stream.stream_state;
  return global ?? data ?? state;
};

/** How many records stand after the last STATE of their stream. */
export const recordsAfterLastState = (run: ObservedRun, stream: string): number => {
  const safe = recordsBefore(run, statesIn(run).length).filter((record) => record.stream === stream).length;
  return recordsIn(run).filter((record) => record.stream === stream).length - safe;
};
