import { short, type ExactObject } from '../exact-json.ts';
import { secretsIn } from '../credentials.ts';
import { withoutControlConfigs } from '../control-configs.ts';
import { leakFinder } from '../leaks.ts';
import { ending, succeeded, type ObservedRun } from '../observed-run.ts';
import { NotApplicable, type Rule, type RuleReport } from '../rule.ts';
import type { SourceRuns } from '../source-runs.ts';

/** What the rules of source and destination have in common: a secret may leak from both. */
interface LeakRuns extends Pick<SourceRuns, 'configSchema' | 'all'> {
  readonly options: { readonly config: ExactObject; readonly secrets?: readonly string[] };
}

const TYPES = new Set(['RECORD', 'STATE', 'LOG', 'SPEC', 'CONNECTION_STATUS', 'CATALOG', 'TRACE', 'CONTROL']);

export const outputRules: readonly Rule<SourceRuns>[] = [
  {
    id: 'stdout-pure',
    title: 'stdout has messages of the protocol and nothing else',
    async check(runs, report) {
      await Promise.all([runs.spec(), runs.check(), runs.discover(), runs.fullRead(), runs.firstRead()]);
      for (const run of runs.all) if (!isFailureOnPurpose(run) && !isDebug(run)) reportImpure(run, report);
    },
  },
  {
    id: 'stdout-pure-under-debug',
    title: 'stdout has nothing but messages under --debug too',
    async check(runs, report) {
      if (!(await runs.knowsDebug())) throw new NotApplicable('The connector does not know --debug.');
      const args = ['--debug'];
      const read = await runs.read('read --debug', 'incremental', { args });
      for (const run of runs.all) if (isDebug(run)) reportImpure(run, report);
      const plain = await runs.firstRead();
      if (succeeded(plain) && !succeeded(read) && read.gap === undefined) {
        report.fail(`"read --debug" ${ending(read)}.`, 'Make --debug add LOG messages, and change nothing else.');
      }
    },
  },
];

export const leakRule: Rule<LeakRuns> = {
  id: 'no-secret-in-output',
  title: 'no secret of the config stands in any output of any run, in any form',
  async check({ options, configSchema, all }, report) {
    const named = secretsIn(await configSchema(), options.config).map(({ path, value }) => ({
      name: path.join('.'),
      value,
    }));
    const given = (options.secrets ?? []).map((value, index) => ({ name: `secrets[${index}]`, value }));
    const secrets = [...named, ...given];
    if (secrets.length === 0) throw new NotApplicable('Neither the spec nor the option secrets names a secret.');
    const finders = { all: leakFinder(secrets), given: leakFinder(given) };
    const known = new Set<string>();
    for (const run of all) {
      // spec gets no config: what it prints of one is an example that everybody can read.
      const find = run.command === 'spec' ? finders.given : finders.all;
      // The platform wants a CONTROL message to have the config in clear.
      const outputs = { stdout: withoutControlConfigs(run.stdout), stderr: run.stderr };
      for (const [output, text] of Object.entries(outputs)) {
        const leak = find(text);
        if (leak === undefined || known.has(leak.name + leak.form + output)) continue;
        known.add(leak.name + leak.form + output);
        report.fail(
          `"${run.label}" prints the config field ${leak.name} (${leak.form}) on ${output}: ${leak.around}`,
          'Leave it out of logs, errors and records, or mask it in everything that is printed.',
        );
      }
    }
    report.note(`${all.length} runs searched for ${secrets.length} secrets`);
  },
};

const isDebug = (run: ObservedRun): boolean => run.label.includes('--debug');

/** The rules about inputs look at these. */
const isFailureOnPurpose = ({ label }: ObservedRun): boolean => /\((?:malformed|unknown)/.test(label);

export const reportImpure = (run: ObservedRun, report: RuleReport): void => {
  const [line] = run.notJson;
  if (line !== undefined) {
    report.fail(
      `"${run.label}" printed ${run.notJson.length} lines on stdout that are no JSON object, the first: ${short(line)}`,
      'Send such text to stderr, or emit it as a LOG message: the platform reads every line of stdout.',
    );
  }
  const odd = run.messages.find(({ type }) => typeof type !== 'string' || !TYPES.has(type));
  if (odd !== undefined) {
    report.fail(
      `"${run.label}" printed a message of unknown type: ${short(odd)}`,
      'Emit messages of the Airbyte protocol only: an object with "type" and the member of that type.',
    );
  }
};
