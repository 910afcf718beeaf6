import type { LaunchOptions } from './launcher.ts';
import { chosenRules, tryRule, type Finding, type RuleResult } from './rule.ts';
import type { SourceSuiteOptions } from './source-options.ts';
import { sourceRules } from './source-rules.ts';
import { sourceRuns } from './source-runs.ts';

/** What the suite found out about a connector. */
export interface SuiteReport {
  /** Whether no rule failed. */
  readonly passed: boolean;
  readonly results: readonly RuleResult[];
  /** The findings of all rules. */
  readonly findings: readonly Finding[];
  /** How many processes were started. */
  readonly runs: number;
}

/**
 * Tries every rule on a source: any executable that speaks the Airbyte protocol, whatever its language.
 *
 * @param command a program and its first arguments, or the path of a module that this very Node runs
 * @throws what `spawn` throws when the command cannot be started, and a `TypeError` for options that make no sense
 * @example
 * const report = await checkSource(['python', 'main.py'], { config: { api_key: 'k' } });
 * expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
 */
export const checkSource = async (
  command: readonly string[] | string,
  options: SourceSuiteOptions,
): Promise<SuiteReport> => {
  const runs = sourceRuns(command, options);
  return tryAll(chosenRules(sourceRules, options), runs, options);
};

/** Tries rules one after another. */
export const tryAll = async <Runs extends { readonly all: readonly unknown[] }>(
  rules: Parameters<typeof tryRule<Runs>>[0][],
  runs: Runs,
  { onRule }: Pick<SourceSuiteOptions, 'onRule'> & LaunchOptions,
): Promise<SuiteReport> => {
  const results: RuleResult[] = [];
  for (const rule of rules) {
    const { id, title } = rule;
    onRule?.({ id, title });
    const result = await tryRule(rule, runs);
    results.push(result);
    onRule?.({ id, title }, result);
  }
  return {
    passed: results.every(({ outcome }) => outcome !== 'failed'),
    results,
    findings: results.flatMap(({ findings }) => findings),
    runs: runs.all.length,
  };
};
