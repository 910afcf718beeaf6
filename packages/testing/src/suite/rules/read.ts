import { isObject, short } from '../exact-json.ts';
import { ending, recordsIn, succeeded, type ObservedRun } from '../observed-run.ts';
import { byStream, compareRecords, describe, missingFrom, nameOf } from '../record-sets.ts';
import { NotApplicable, type Rule } from '../rule.ts';
import { whole, withRecords, type SourceRuns } from '../source-runs.ts';

export const readRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'read-succeeds',
    title: 'a full refresh and an incremental read without state come to their end',
    async check(runs, report) {
      for (const run of new Set(await Promise.all([runs.fullRead(), runs.firstRead()]))) {
        if (run.gap !== undefined) {
          report.fail(
            `"${run.label}": ${short(run.gap, 300)}`,
            'Record again with HEADWATER_CASSETTE=record: the cassette is older than the connector, or another config was recorded.',
          );
        } else if (!succeeded(run)) {
          report.fail(
            `"${run.label}" ${ending(run)}.`,
            'Read its last TRACE ERROR; a read that works prints no TRACE ERROR and ends with exit code 0.',
          );
        }
        report.note(`"${run.label}": ${recordsIn(run).length} records`);
      }
    },
  },
  {
    id: 'full-refresh-repeatable',
    title: 'two full refreshes give the same records',
    async check(runs, report) {
      const first = withRecords(whole(await runs.fullRead()));
      const second = whole(await runs.fullReadAgain());
      const [before, after] = [byStream(recordsIn(first)), byStream(recordsIn(second))];
      for (const { name, identity } of await runs.streams()) {
        const records = before.get(name) ?? [];
        const different = compareRecords(records, after.get(name) ?? [], identity);
        if (different.missing.length + different.extra.length === 0) continue;
        report.fail(
          `Stream "${name}", second full refresh: ${describe(different, records.length, identity)}.`,
          'Ask the API for a stable order and read every page; name fields that are meant to change in unstableFields.',
        );
      }
    },
  },
  {
    id: 'modes-agree',
    title: 'a full refresh and an incremental read without state give the same records',
    async check(runs, report) {
      const [full, first] = [whole(await runs.fullRead()), whole(await runs.firstRead())];
      if (full === first) throw new NotApplicable('No stream supports both modes.');
      const [all, parts] = [byStream(recordsIn(full)), byStream(recordsIn(first))];
      for (const { name, identity, incremental } of await runs.streams()) {
        if (!incremental) continue;
        const ours = [all.get(name) ?? [], parts.get(name) ?? []] as const;
        for (const [has, lacks, which] of [
          [ours[0], ours[1], 'incremental read'],
          [ours[1], ours[0], 'full refresh'],
        ] as const) {
          const missing = missingFrom(has, lacks, identity);
          if (missing[0] === undefined) continue;
          report.fail(
            `Stream "${name}": ${missing.length} of ${has.length} records are missing in the ${which}, the first ${nameOf(missing[0], identity)}.`,
            'Look for a page or a slice that one mode leaves out, such as the one at the border of a range.',
          );
        }
      }
    },
  },
  {
    id: 'expected-records',
    title: 'a full refresh has as many records as the author says',
    async check(runs, report) {
      const { expectedRecords } = runs.options;
      if (expectedRecords === undefined) throw new NotApplicable('No expectedRecords are given.');
      const read = byStream(recordsIn(whole(await runs.fullRead())));
      for (const [name, expected] of Object.entries(expectedRecords)) {
        const count = read.get(name)?.length ?? 0;
        if (count === expected) continue;
        report.fail(
          `Stream "${name}": ${count} records, expected ${expected}.`,
          'Look at the pagination: most often the last page, or one at a border, is left out or read twice.',
        );
      }
    },
  },
];

/** Looks at what the runs of the other rules have printed. */
export const exitCodeRule: Rule<SourceRuns> = {
  id: 'exit-code-tells-failure',
  title: 'a read with a failed stream ends with an exit code other than 0',
  async check(runs, report) {
    await runs.fullRead();
    await runs.firstRead();
    for (const run of runs.all) {
      if (run.command !== 'read' || run.exitCode !== 0) continue;
      const failure = failureIn(run);
      if (failure === undefined) continue;
      report.fail(
        `"${run.label}" printed ${failure} and ended with exit code 0.`,
        'End with an exit code other than 0 whenever a stream failed: with 0 the platform takes the sync for complete.',
      );
    }
  },
};

const failureIn = (run: ObservedRun): string | undefined => {
  const [error] = run.errors;
  if (error) return `the TRACE ERROR "${short(error.message)}"`;
  const open = run.events.findLast((event) => event.kind === 'status' && event.status === 'INCOMPLETE');
  if (open?.kind === 'status') return `the status INCOMPLETE for stream "${open.stream}"`;
  const fatal = run.messages.find(({ log }) => isObject(log) && log['level'] === 'FATAL');
  return fatal && 'a LOG of level FATAL';
};
