import { toJson } from '../../to-json.ts';
import { short } from '../exact-json.ts';
import { ending, type ObservedRun } from '../observed-run.ts';
import type { Rule, RuleReport } from '../rule.ts';
import type { SourceRuns } from '../source-runs.ts';

export const inputRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'unknown-stream-fails',
    title: 'a stream that the connector does not have fails the read, with a TRACE ERROR',
    async check(runs, report) {
      const name = 'headwater_no_such_stream';
      const stream = { name, json_schema: { type: 'object' }, supported_sync_modes: ['full_refresh'] };
      const catalog = { streams: [{ stream, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' }] };
      const { config } = runs.options;
      failsWell(await runs.launch({ label: 'read (unknown stream)', command: 'read', config, catalog }), report);
    },
  },
  {
    id: 'malformed-input-fails',
    title: 'a config, catalog or state that is not JSON fails the command, with a TRACE ERROR',
    async check(runs, report) {
      const { config } = runs.options;
      const streams = (await runs.streams()).map((stream) => stream.configured('incremental'));
      // Cut in two, so that a parser which quotes its input shows what is secret in it.
      const text = toJson(config);
      const cut = text.slice(0, -1);
      for (const run of await Promise.all([
        runs.launch({ label: 'discover (malformed config)', command: 'discover', config: cut }),
        runs.launch({ label: 'read (malformed catalog)', command: 'read', config, catalog: '{"streams": [' }),
        runs.launch({
          label: 'read (malformed state)',
          command: 'read',
          config,
          catalog: { streams },
          state: '[{"type": "STR',
        }),
      ])) {
        failsWell(run, report);
      }
    },
  },
];

const failsWell = (run: ObservedRun, report: RuleReport): void => {
  if (run.timedOut || run.exitCode === 0) {
    report.fail(
      `"${run.label}" ${ending(run)}.`,
      'Refuse the input: print a TRACE ERROR that names it, and end with an exit code other than 0.',
    );
  }
  if (run.errors.length === 0) {
    report.fail(
      `"${run.label}" printed no TRACE ERROR.`,
      'Print a TRACE of type ERROR whose message says which input is wrong and what would be right.',
    );
  }
  const [line] = run.notJson;
  if (line !== undefined) {
    report.fail(
      `"${run.label}" printed on stdout what is no message: ${short(line)}.`,
      'Catch the error and put its stack into trace.error.stack_trace; stdout is for messages only.',
    );
  }
};
