import { futureState, isOlder, positionOf } from '../cursor-values.ts';
import { canonical, isObject, short, valueAt, type ExactObject } from '../exact-json.ts';
import { ending, recordsIn, statesIn, succeeded } from '../observed-run.ts';
import { byStream, compareRecords, nameOf } from '../record-sets.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import { gapReason, readWithStates, whole, type SourceRuns } from '../source-runs.ts';
import { contentOfState, stateAfter } from '../states.ts';
import type { SuiteStream } from '../suite-stream.ts';

export const incrementalRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'incremental-not-older',
    title: 'an incremental read yields nothing older than its state',
    async check(runs, report) {
      const streams = await incrementalStreams(runs);
      const first = await readWithStates(runs);
      const second = whole(await runs.resumed(statesIn(first).length));
      const [before, after] = [byStream(recordsIn(first)), byStream(recordsIn(second))];
      for (const { name, identity, cursorField, lookback } of streams) {
        const all = before.get(name) ?? [];
        const records = after.get(name) ?? [];
        const state = statesIn(first).findLast((event) => event.stream === name || event.stream === undefined);
        const reached = cursorField && state && cursorIn(contentOfState(state), cursorField, name);
        if (state === undefined) {
          report.fail(
            `Stream "${name}" is incremental and printed no STATE.`,
            'Emit a STATE at the end of the stream at least, or do not list "incremental" in supported_sync_modes.',
          );
        } else if (cursorField && reached !== undefined) {
          const limit = positionOf(reached);
          const old = records.filter((data) => isOlder(positionOf(valueAt(data, cursorField)), limit, lookback));
          if (old[0] === undefined) continue;
          report.fail(
            `Stream "${name}": ${old.length} of ${records.length} records are older than the state ${short(reached)}, the first ${nameOf(old[0], identity)} with ${cursorField.join('.')} ${short(valueAt(old[0], cursorField) ?? null)}.`,
            'Ask the API for what is new since the state, or leave out what is older; declare a deliberate overlap with the option lookback.',
          );
        } else if (
          all.length > 1 &&
          lookback === 0 &&
          compareRecords(all, records, identity).missing.length === 0 &&
          !sameCursor(all, cursorField) &&
          !allStandIn(contentOfState(state), all, cursorField)
        ) {
          report.fail(
            `Stream "${name}": the read with the last state gives all ${all.length} records again.`,
            'Use the state that is passed in --state: ask the API only for what is new since then.',
          );
        }
      }
    },
  },
  {
    id: 'future-state-yields-nothing',
    title: 'a state far in the future is accepted and yields nothing',
    async check(runs, report) {
      const streams = await incrementalStreams(runs);
      const first = await readWithStates(runs);
      const states = stateAfter(first, statesIn(first).length);
      const fields = new Set(streams.map(({ cursorField }) => cursorField?.at(-1)));
      const moved = states.map((state) =>
        [...fields].reduce<unknown>((value, field) => futureState(value, field), state),
      );
      const changed = streams.filter(({ name }) =>
        states.some((state, index) => concerns(state, name) && canonical(state) !== canonical(moved[index])),
      );
      if (changed.length === 0) throw new NotApplicable('No state holds a date or a number that could be moved.');
      const started = Date.now();
      const run = await runs.read('read (state in the future)', 'incremental', { state: moved });
      if (run.gap !== undefined) throw new NotApplicable(gapReason(run.gap));
      if (!succeeded(run)) {
        report.fail(
          `The read from a state in the year 2999 ${ending(run)}.`,
          'Accept a state in the future: treat it as now, or yield nothing.',
        );
        return;
      }
      const records = byStream(recordsIn(run));
      for (const { name, identity, cursorField = [], lookback } of changed) {
        const [example, ...others] = (records.get(name) ?? []).filter((data) => {
          const position = positionOf(valueAt(data, cursorField));
          // Who takes the state for now reads as far back from there as was declared.
          return lookback === 0 || (position?.kind === 'instant' && position.value < started - lookback);
        });
        if (example === undefined) continue;
        report.fail(
          `Stream "${name}": ${others.length + 1} records from a state in the future, the first ${nameOf(example, identity)}.`,
          'Use the state that is passed in --state; nothing is new since a moment that has not come.',
        );
      }
      report.note(`streams tried: ${changed.map(({ name }) => name).join(', ')}`);
    },
  },
];

const incrementalStreams = async (runs: SourceRuns): Promise<SuiteStream[]> => {
  const streams = (await runs.streams()).filter(({ incremental }) => incremental);
  if (streams.length === 0) throw new NotApplicable('No stream supports incremental.');
  return streams;
};

/** The cursor's value in a state, where it stands under its own name; undefined when the state has another form. */
const cursorIn = (state: unknown, field: readonly string[], stream: string): unknown => {
  const places = [state, isObject(state) ? state[stream] : undefined, globalPart(state, stream)];
  for (const place of places) {
    const value = valueAt(place, field) ?? valueAt(place, [field.at(-1) ?? '']) ?? valueAt(place, [field.join('.')]);
    if (positionOf(value) !== undefined) return value;
  }
  return undefined;
};

const globalPart = (state: unknown, stream: string): unknown => {
  const parts = isObject(state) && Array.isArray(state['stream_states']) ? (state['stream_states'] as unknown[]) : [];
  const part = parts.find((one) => valueAt(one, ['stream_descriptor', 'name']) === stream);
  return valueAt(part, ['stream_state']);
};

const sameCursor = (records: readonly ExactObject[], field: readonly string[] = []): boolean =>
  field.length > 0 && new Set(records.map((data) => canonical(valueAt(data, field) ?? null))).size === 1;

/** Whether each record is one that its slice had reached, and that may be read again: its cursor stands in the state. */
const allStandIn = (state: unknown, records: readonly ExactObject[], field: readonly string[] = []): boolean => {
  const reached = new Set<string>();
  const visit = (value: unknown): void => {
    const position = positionOf(value);
    if (position) reached.add(`${position.kind} ${position.value}`);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(state);
  return records.every((data) => {
    const position = positionOf(valueAt(data, field));
    return position !== undefined && reached.has(`${position.kind} ${position.value}`);
  });
};

const concerns = (state: ExactObject, stream: string): boolean => {
  const descriptor = valueAt(state, ['stream', 'stream_descriptor', 'name']);
  return typeof descriptor !== 'string' || stream === descriptor || stream.endsWith(`.${descriptor}`);
};
