/** `error` fails the suite, `warning` is worth a look, `info` is a report. */
export type Severity = 'error' | 'warning' | 'info';

/** One thing that the suite found out about a connector. */
export interface Finding {
  /** The rule's stable name, such as `state-is-resume-point`. */
  readonly rule: string;
  readonly severity: Severity;
  /** What was seen, and where: the command, the line, the record. */
  readonly evidence: string;
  /** What the author of the connector has to do: one sentence. */
  readonly remedy: string;
}

/** What became of one rule. */
export interface RuleResult {
  readonly rule: string;
  /** The rule as a sentence about a good connector. */
  readonly title: string;
  /** `failed` when a finding has the severity `error`; `skipped` when the rule could not be tried. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly findings: readonly Finding[];
  /** How far the rule looked, such as "20 of 114 STATEs". */
  readonly notes: readonly string[];
  /** Why a rule was skipped. */
  readonly reason?: string;
  /** Milliseconds, with the runs of the connector that no earlier rule had asked for. */
  readonly duration: number;
}

/** A rule, and how it is tried on what `Runs` offers. */
export interface Rule<Runs> {
  readonly id: string;
  readonly title: string;
  readonly check: (runs: Runs, report: RuleReport) => Promise<void>;
}

/** What a rule says while it looks. */
export class RuleReport {
  readonly rule: string;
  readonly findings: Finding[] = [];
  readonly notes: string[] = [];

  constructor(rule: string) {
    this.rule = rule;
  }

  fail(evidence: string, remedy: string): void {
    this.#add('error', evidence, remedy);
  }

  warn(evidence: string, remedy: string): void {
    this.#add('warning', evidence, remedy);
  }

  tell(evidence: string, remedy: string): void {
    this.#add('info', evidence, remedy);
  }

  note(text: string): void {
    this.notes.push(text);
  }

  #add(severity: Severity, evidence: string, remedy: string): void {
    this.findings.push({ rule: this.rule, severity, evidence, remedy });
  }
}

/** A rule cannot be tried: the connector does not offer what it looks at, or another rule says already why. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** Tries one rule. An error that is no finding, such as a command that cannot be started, is thrown. */
export const tryRule = async <Runs>({ id, title, check }: Rule<Runs>, runs: Runs): Promise<RuleResult> => {
  const report = new RuleReport(id);
  const start = performance.now();
  let reason: string | undefined;
  try {
    await check(runs, report);
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
    reason = error.message;
  }
  const { findings, notes } = report;
  const failed = findings.some(({ severity }) => severity === 'error');
  // What was found before the rule had to stop remains found.
  const outcome = failed ? 'failed' : reason === undefined ? 'passed' : 'skipped';
  const duration = Math.round(performance.now() - start);
  return { rule: id, title, outcome, findings, notes, duration, ...(reason !== undefined && { reason }) };
};

/** The rules that were asked for. @throws TypeError for a name that no rule has */
export const chosenRules = <R extends { readonly id: string }>(
  rules: readonly R[],
  { only, skip = [] }: { readonly only?: readonly string[] | undefined; readonly skip?: readonly string[] | undefined },
): R[] => {
  for (const id of [...(only ?? []), ...skip]) {
    if (rules.some((rule) => rule.id === id)) continue;
    throw new TypeError(`There is no rule "${id}". Known: ${rules.map((rule) => rule.id).join(', ')}.`);
  }
  return rules.filter(({ id }) => (only === undefined || only.includes(id)) && !skip.includes(id));
};
