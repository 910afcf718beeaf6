import { short } from '../exact-json.ts';
import { ending, type ObservedRun } from '../observed-run.ts';
import { missingFrom } from '../record-sets.ts';
import { NotApplicable, type Rule, type RuleReport } from '../rule.ts';
import { checkRules } from '../rules/check.ts';
import { leakRule, reportImpure } from '../rules/output.ts';
import { specRules } from '../rules/spec.ts';
import { acknowledged, reachedBy, recordMessage, stateMessage, streamFor, type DestinationRuns } from './runs.ts';

const IDENTITY = { primaryKey: [['id']], unstable: [] };

export const destinationRules: readonly Rule<DestinationRuns>[] = [
  ...specRules,
  ...checkRules,
  {
    id: 'write-acknowledges-states',
    title: 'write emits every STATE that it got, once, in order, and no other',
    async check({ ordinary }, report) {
      const { run, sent } = await ordinary();
      reportFailure(run, report);
      const found = acknowledged(run);
      const wanted = sent.map(reachedBy);
      if (JSON.stringify(found) === JSON.stringify(wanted)) return;
      const foreign = found.some((reached) => !wanted.includes(reached));
      report.fail(
        `${sent.length} STATEs were sent (${wanted.join(', ')}), and emitted were ${short(found.map((one) => one ?? 'a STATE that nobody sent'))}.`,
        foreign
          ? 'Emit the STATE messages of stdin as they came: the source alone knows what is in them.'
          : 'Emit each STATE of stdin once, in the order they came, after the records before it are stored.',
      );
    },
  },
  {
    id: 'state-after-its-records',
    title: 'a STATE is emitted only when the records before it are stored for good',
    async check({ write, options: { stored }, ordinary }, report) {
      if (stored === undefined)
        throw new NotApplicable('The option stored is not given: nobody can look what is stored.');
      const { stream, records } = await ordinary();
      const lost = missingFrom(records, await stored(stream), IDENTITY);
      if (lost[0] !== undefined) {
        report.fail(
          `${lost.length} of ${records.length} records are not stored though their STATEs were emitted, the first ${short(lost[0])}.`,
          'Store the records before a STATE, and emit the STATE then.',
        );
      }
      const killed = streamFor('killed');
      const many = Array.from({ length: 200 }, (_, index) => ({ id: index + 1, name: 'x'.repeat(100) }));
      const lines = many.flatMap((data) => [
        recordMessage(killed, data),
        ...(data.id % 50 === 0 ? [stateMessage(killed, data.id)] : []),
      ]);
      const run = await write('write (killed at its first STATE)', killed, lines, {
        killAfter: ({ type }) => type === 'STATE',
        signal: 'SIGKILL',
      });
      const reached = acknowledged(run).at(-1) ?? 0;
      const missing = missingFrom(many.slice(0, reached), await stored(killed), IDENTITY);
      report.note(`killed with SIGKILL when the STATE of ${reached} records was out`);
      if (missing[0] === undefined) return;
      report.fail(
        `Killed after a STATE of ${reached} records, ${missing.length} of them are not stored, the first ${short(missing[0], 60)}.`,
        'Flush and commit before the STATE is emitted: the source never sends those records again.',
      );
    },
  },
  {
    id: 'input-ends-early',
    title: 'records after the last STATE, and half a line at the end, are no reason for a STATE that nobody sent',
    async check({ write }, report) {
      const stream = streamFor('early');
      const half = JSON.stringify(recordMessage(stream, { id: 3, name: 'c' })).slice(0, 40);
      const lines = [
        recordMessage(stream, { id: 1, name: 'a' }),
        stateMessage(stream, 1),
        recordMessage(stream, { id: 2, name: 'b' }),
        half,
      ];
      const run = await write('write (stdin ends in half a line)', stream, lines);
      if (run.timedOut) reportFailure(run, report);
      const found = acknowledged(run);
      if (found.every((reached) => reached === 1) && found.length <= 1) return;
      report.fail(
        `The only STATE sent was 1, and emitted were ${short(found.map((one) => one ?? 'a STATE that nobody sent'))}.`,
        'Emit no STATE at the end of the input of your own accord.',
      );
    },
  },
  {
    id: 'malformed-line-fails',
    title: 'a line that is no message is never passed over in silence',
    async check({ write }, report) {
      const stream = streamFor('malformed');
      const lines = [
        recordMessage(stream, { id: 1, name: 'a' }),
        '{"type": "RECORD", "record": {]\n',
        recordMessage(stream, { id: 2, name: 'b' }),
        stateMessage(stream, 2),
      ];
      const run = await write('write (a malformed line)', stream, lines);
      if (run.timedOut) reportFailure(run, report);
      const spoken =
        run.errors.length > 0 || run.messages.some(({ type }) => type === 'LOG') || run.stderr.trim() !== '';
      if (run.exitCode === 0 && !spoken && acknowledged(run).includes(2)) {
        report.fail(
          'A line that is not JSON stood before a STATE: it was dropped without a word and the STATE acknowledged.',
          'Fail with a TRACE ERROR, or say in a LOG message which line was left out: it may have been a record.',
        );
      } else if (run.exitCode !== 0 && run.errors.length === 0) {
        report.fail(
          `"${run.label}" ${ending(run)} without a TRACE ERROR.`,
          'Print a TRACE of type ERROR that says which line cannot be read.',
        );
      }
    },
  },
  {
    id: 'empty-input',
    title: 'an empty input ends with exit code 0 and no STATE',
    async check({ write }, report) {
      const run = await write('write (no input)', streamFor('empty'), []);
      reportFailure(run, report);
      const states = acknowledged(run).length;
      if (states > 0)
        report.fail(`${states} STATEs were emitted, and none was sent.`, 'Emit only the STATE messages of stdin.');
    },
  },
  {
    id: 'big-record',
    title: 'a big record is written like any other',
    async check({ write, options: { bigRecord = 1_000_000, stored } }, report) {
      const stream = streamFor('big');
      const data = { id: 1, name: 'ü'.repeat(Math.floor(bigRecord / 2)) };
      const run = await write(`write (a record of ${bigRecord} bytes)`, stream, [
        recordMessage(stream, data),
        stateMessage(stream, 1),
      ]);
      reportFailure(run, report);
      if (run.exitCode === 0 && !acknowledged(run).includes(1)) {
        report.fail('Its STATE was not emitted.', 'Read lines of any length: a line may come in many pieces.');
      }
      if (stored === undefined || run.exitCode !== 0) return;
      const [found] = await stored(stream);
      if (found?.['name'] === data.name) return;
      report.fail(
        'The record that is stored is not the one that was sent.',
        'Decode UTF-8 over the borders of chunks, and cut nothing.',
      );
    },
  },
  {
    id: 'unknown-stream-fails',
    title: 'a record of a stream that the catalog does not have fails the write, with a TRACE ERROR',
    async check({ write }, report) {
      const lines = [
        recordMessage('headwater_no_such_stream', { id: 1, name: 'a' }),
        stateMessage('headwater_no_such_stream', 1),
      ];
      const run = await write('write (unknown stream)', streamFor('known'), lines);
      if (run.exitCode !== 0 && run.errors.length > 0 && !run.timedOut) return;
      report.fail(
        `A record of a stream that is not in the catalog was sent: write ${ending(run)}, with ${run.errors.length} TRACE ERRORs.`,
        'Fail with a TRACE ERROR that names the stream: a record must not get lost in silence.',
      );
    },
  },
  {
    id: 'stdout-pure',
    title: 'stdout has messages of the protocol and nothing else',
    async check({ ordinary, all }, report) {
      await ordinary();
      for (const run of all) reportImpure(run, report);
    },
  },
  leakRule,
];

const reportFailure = (run: ObservedRun, report: RuleReport): void => {
  if (run.exitCode === 0 && run.errors.length === 0) return;
  report.fail(`"${run.label}" ${ending(run)}.`, 'Read its last TRACE ERROR: this input is a good one.');
};
