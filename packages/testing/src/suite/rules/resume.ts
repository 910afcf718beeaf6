import { ending, recordsIn, statesIn, succeeded, type ObservedRun } from '../observed-run.ts';
import { byStream, missingFrom, nameOf } from '../record-sets.ts';
import { NotApplicable, type Rule, type RuleReport } from '../rule.ts';
import { gapReason, readWithStates, type SourceRuns } from '../source-runs.ts';
import { describeState, recordsBefore, spread } from '../states.ts';

/** One STATE tells all there is to know about a stream that does not resume. */
const MOST_FINDINGS = 3;

export const resumeRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'state-is-resume-point',
    title: 'every STATE is a valid resume point: with the records before it, the resumed read is complete',
    async check(runs, report) {
      const first = await readWithStates(runs);
      const total = statesIn(first).length;
      const tried = spread(total, runs.options.states ?? 20);
      const all = await Promise.all(tried.map(async (count) => ({ count, run: await runs.resumed(count) })));
      const gaps = all.filter(({ run }) => run.gap !== undefined);
      let findings = 0;
      for (const { count, run } of all) {
        if (run.gap !== undefined || findings >= MOST_FINDINGS) continue;
        const complete = await reportIncomplete(runs, report, { whole: first, begun: first, count, resumed: run });
        if (!complete) findings += 1;
      }
      report.note(`${tried.length - gaps.length} of ${total} STATEs resumed from`);
      const [gap] = gaps;
      if (gap === undefined) return;
      if (gaps.length === tried.length) throw new NotApplicable(gapReason(gap.run.gap ?? ''));
      report.note(`${gaps.length} STATEs left out. ${gapReason(gap.run.gap ?? '')}`);
    },
  },
];

interface Cut {
  /** A read that came to its end: what a read has to find. */
  readonly whole: ObservedRun;
  /** The read that was cut after `count` STATEs. */
  readonly begun: ObservedRun;
  readonly count: number;
  readonly resumed: ObservedRun;
}

/** Whether nothing is lost between a read that was cut and the one that went on; says what is, if not. */
export const reportIncomplete = async (
  runs: SourceRuns,
  report: RuleReport,
  { whole, begun, count, resumed }: Cut,
): Promise<boolean> => {
  const place = count === 0 ? 'without a STATE' : describeState(begun, count);
  if (!succeeded(resumed)) {
    report.fail(
      `${place}: the read that resumes from it ${ending(resumed)}.`,
      'Accept every state that the connector itself has emitted.',
    );
    return false;
  }
  const expected = byStream(recordsIn(whole));
  const found = byStream([...recordsBefore(begun, count), ...recordsIn(resumed)]);
  let complete = true;
  for (const { name, identity } of await runs.streams()) {
    const records = expected.get(name) ?? [];
    const missing = missingFrom(records, found.get(name) ?? [], identity);
    if (missing[0] === undefined) continue;
    complete = false;
    report.fail(
      `${place}: ${missing.length} of ${records.length} records of stream "${name}" are neither before it nor in the resumed read, the first ${nameOf(missing[0], identity)}.`,
      'Emit a STATE only after all the records it covers, and make a resumed read begin at that very place.',
    );
  }
  return complete;
};
