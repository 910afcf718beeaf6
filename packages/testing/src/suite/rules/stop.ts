import { faultProxy } from '../fault-proxy.ts';
import { ending, recordsIn, statesIn, type ObservedRun } from '../observed-run.ts';
import { NotApplicable, type Rule, type RuleReport } from '../rule.ts';
import { gapReason, whole, withRecords, type ReadOptions, type SourceRuns } from '../source-runs.ts';
import { recordsAfterLastState, stateAfter } from '../states.ts';
import { reportIncomplete } from './resume.ts';

const STOP_TIME = 10_000;
const STOPPED_CODES: readonly (number | null)[] = [143, 130];

export const stopRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'sigterm-clean',
    title: 'SIGTERM ends a read soon and cleanly, and its last STATE is a resume point',
    async check(runs, report) {
      if (runs.cassetteMode === 'record')
        throw new NotApplicable('A recording may not stop half-way. Try the rule in replay.');
      const first = withRecords(whole(await runs.firstRead()));
      const run = await stoppedRead(runs, first);
      if (run.gap !== undefined) throw new NotApplicable(run.gap);
      const { stopTime = STOP_TIME } = runs.options;
      if (run.timedOut || run.signal === 'SIGKILL') {
        report.fail(
          `The read did not end within ${stopTime} ms of SIGTERM.`,
          'Handle SIGTERM: abort the requests, emit the last STATE, and exit. The platform kills what does not end in time.',
        );
        return;
      }
      if (isOver(run, first)) {
        report.note('The read was over before the signal came: only its end was looked at');
        return;
      }
      reportEnding(run, report);
      const states = statesIn(run).length;
      const resumed = await runs.read(
        'read (after SIGTERM)',
        'incremental',
        states === 0 ? {} : { state: stateAfter(run, states) },
      );
      if (resumed.gap !== undefined) report.note(`Not resumed after it. ${gapReason(resumed.gap)}`);
      else await reportIncomplete(runs, report, { whole: first, begun: run, count: states, resumed });
      for (const { name, incremental } of await runs.streams()) {
        const open = recordsAfterLastState(run, name);
        if (!incremental || open === 0) continue;
        report.note(`Stream "${name}": ${open} records after its last STATE are read again`);
      }
    },
  },
];

/** In the middle where a proxy can hold a request, else as soon as there is something to stop. */
const stoppedRead = async (runs: SourceRuns, first: ObservedRun): Promise<ObservedRun> => {
  const { hostile, stopTime = STOP_TIME } = runs.options;
  const label = 'read (stopped by SIGTERM)';
  let kill: ((signal: NodeJS.Signals) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    kill?.('SIGTERM');
    timer ??= setTimeout(() => kill?.('SIGKILL'), stopTime);
  };
  const onStart: ReadOptions['onStart'] = (given) => void (kill = given);
  const proxied = await runs.proxied();
  try {
    if (hostile && proxied !== undefined && proxied.requests > 0) {
      const hold = { at: Math.ceil(proxied.requests / 2), onHold: stop };
      await using proxy = await faultProxy({ api: hostile.api, hold });
      const { url, rewrite } = proxy;
      return await runs.read(label, 'incremental', { config: hostile.configOf(url), rewrite, onStart });
    }
    const wanted = statesIn(first).length > 1 ? 'STATE' : 'RECORD';
    let stopped = false;
    return await runs.read(label, 'incremental', {
      onStart,
      onMessage({ type }) {
        if (stopped || type !== wanted) return;
        stopped = true;
        stop();
      },
    });
  } finally {
    clearTimeout(timer);
  }
};

const isOver = (run: ObservedRun, first: ObservedRun): boolean =>
  run.exitCode === 0 && recordsIn(run).length >= recordsIn(first).length;

const reportEnding = (run: ObservedRun, report: RuleReport): void => {
  if (run.signal !== null) {
    report.fail(
      `The process ${ending(run)}, without a handler of its own.`,
      'Handle SIGTERM, emit the last STATE and exit with 143: as process 1 of a container a program without a handler does not even end.',
    );
  } else if (!STOPPED_CODES.includes(run.exitCode)) {
    report.fail(
      `The process ${ending(run)} after SIGTERM, in the middle of the read.`,
      'Exit with 143 (128 + 15), so that the platform knows that the read is not complete.',
    );
  }
  const [line] = run.notJson;
  if (line !== undefined) {
    report.fail(
      'The last line of stdout is cut in two.',
      'Wait until stdout has taken everything before the process exits.',
    );
  }
  const last = new Map<string, string>();
  for (const event of run.events) if (event.kind === 'status') last.set(event.stream, event.status);
  for (const [stream, status] of last) {
    if (status === 'COMPLETE' || status === 'INCOMPLETE') continue;
    report.fail(
      `Stream "${stream}" was open at SIGTERM and its last status is ${status}.`,
      'Emit INCOMPLETE for each open stream, after its last STATE.',
    );
  }
};
