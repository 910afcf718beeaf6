import { isObject, short, valueAt } from '../exact-json.ts';
import { succeeded, type ObservedRun } from '../observed-run.ts';
import type { Rule, RuleReport } from '../rule.ts';
import { readWithStates, whole, type SourceRuns } from '../source-runs.ts';

export const statusRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'stream-statuses',
    title: 'every stream says STARTED, RUNNING at its records, and COMPLETE or INCOMPLETE at its end',
    async check(runs, report) {
      const names = (await runs.streams()).map(({ name }) => name);
      for (const run of new Set([whole(await runs.fullRead()), whole(await runs.firstRead())])) {
        for (const name of names) {
          const problem = statusProblem(run, name);
          if (problem === undefined) continue;
          report.fail(
            `"${run.label}", stream "${name}": ${problem}.`,
            'Emit TRACE STREAM_STATUS: STARTED first, RUNNING before or at the first record, COMPLETE or INCOMPLETE last.',
          );
        }
      }
    },
  },
  {
    id: 'record-count-matches',
    title: 'sourceStats.recordCount of a STATE is the number of records since the STATE before',
    async check(runs, report) {
      const first = await readWithStates(runs);
      const others = runs.all.filter((run) => run !== first && run.command === 'read' && succeeded(run));
      for (const run of [first, ...others]) checkCounts(run, report);
    },
  },
];

const statusProblem = (run: ObservedRun, stream: string): string | undefined => {
  const steps = run.events.filter((event) => event.stream === stream && event.kind !== 'state');
  const statuses = steps.flatMap((event) => (event.kind === 'status' ? [event.status] : []));
  if (statuses.length === 0) return 'no status at all';
  const said = statuses.join(', ');
  if (statuses[0] !== 'STARTED') return `the first status is not STARTED (${said})`;
  if (steps[0]?.kind === 'record') return 'a record stands before STARTED';
  const ends = statuses.filter((status) => status === 'COMPLETE' || status === 'INCOMPLETE');
  if (ends.length !== 1) return `expected one end, COMPLETE or INCOMPLETE (${said})`;
  if (steps.at(-1)?.kind === 'record') return `a record stands after ${ends[0]}`;
  if (statuses.at(-1) !== ends[0]) return `a status stands after ${ends[0]} (${said})`;
  if (succeeded(run) && ends[0] === 'INCOMPLETE') return 'INCOMPLETE in a read that ended with exit code 0';
  if (steps.some(({ kind }) => kind === 'record') && !statuses.includes('RUNNING'))
    return `no RUNNING, though it has records (${said})`;
  return undefined;
};

const checkCounts = (run: ObservedRun, report: RuleReport): void => {
  const since = new Map<string, number>();
  const told = new Set<string>();
  for (const event of run.events) {
    if (event.kind === 'record') since.set(event.stream, (since.get(event.stream) ?? 0) + 1);
    if (event.kind !== 'state') continue;
    const { stream, state } = event;
    const count =
      stream === undefined ? [...since.values()].reduce((sum, one) => sum + one, 0) : (since.get(stream) ?? 0);
    if (stream === undefined) since.clear();
    else since.delete(stream);
    const who = stream === undefined ? 'the STATE of all streams' : `a STATE of stream "${stream}"`;
    const stats = state['sourceStats'];
    const said = valueAt(stats, ['recordCount']);
    if (told.has(who) || said === count) continue;
    told.add(who);
    if (!isObject(stats) || said === undefined) {
      report.warn(
        `"${run.label}": ${who} has no sourceStats.recordCount.`,
        'Add it, so that the platform notices when records are lost on the way.',
      );
    } else {
      report.fail(
        `"${run.label}": ${who} says recordCount ${short(said)}, and ${count} records stand between it and the one before.`,
        'Count the RECORD messages since the last STATE of the same stream, neither more nor less.',
      );
    }
  }
};
