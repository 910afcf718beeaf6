import { createRequire } from 'node:module';

import { chosenRules, tryRule, type Rule, type RuleResult } from './rule.ts';

/** What registers a test: `test` of jest, vitest, node:test and others. */
export type RegisterTest = (name: string, body: () => Promise<void>, timeout?: number) => unknown;

export interface TestOptions {
  /**
   * Registers a test.
   *
   * @default the global `test`, else that of node:test
   */
  readonly test?: RegisterTest;
  /**
   * Milliseconds that one rule may take, for runners that have a limit of their own.
   *
   * @default 1_800_000
   */
  readonly testTimeout?: number;
  /**
   * Takes what is worth a line though it fails no test: skipped rules, warnings and reports.
   *
   * @default writes it to stderr
   */
  readonly print?: (text: string) => void;
}

/** The runner that is there. */
export const registerTest = ({ test }: TestOptions): RegisterTest => {
  if (test) return test;
  const global: unknown = Reflect.get(globalThis, 'test');
  if (typeof global === 'function') return global as RegisterTest;
  return (createRequire(import.meta.url)('node:test') as { readonly test: RegisterTest }).test;
};

/** Registers one test for each rule; the runs are shared between them. */
export const registerRules = <Runs>(
  rules: readonly Rule<Runs>[],
  runs: Runs,
  options: TestOptions & { readonly only?: readonly string[]; readonly skip?: readonly string[] },
): void => {
  const { testTimeout = 1_800_000, print = (text: string) => void process.stderr.write(text) } = options;
  const test = registerTest(options);
  for (const rule of chosenRules(rules, options)) {
    const body = async (): Promise<void> => {
      const result = await tryRule(rule, runs);
      const text = resultText(result);
      if (result.outcome === 'failed') throw new RuleBroken(text);
      if (result.outcome === 'skipped' || result.findings.length > 0) print(text);
    };
    test(`${rule.id}: ${rule.title}`, body, testTimeout);
  }
};

/** The text of a failed test is for people: the stack of this file would tell them nothing. */
class RuleBroken extends Error {
  override readonly name = 'RuleBroken';

  constructor(text: string) {
    super(text);
    this.stack = `${this.name}: ${text}`;
  }
}

/** One rule's result for a terminal: a line for itself, two for each finding, one for each note. */
export const resultText = ({ rule, outcome, findings, notes, reason }: RuleResult): string => {
  const lines = [`${outcome} ${rule}${reason === undefined ? '' : `: ${reason}`}`];
  for (const { severity, evidence, remedy } of findings) {
    lines.push(`  ${severity}: ${evidence}`, `    remedy: ${remedy}`);
  }
  return [...lines, ...notes.map((note) => `  ${note}`), ''].join('\n');
};
