import { checkRules } from './rules/check.ts';
import { discoverRules } from './rules/discover.ts';
import { hostileRules } from './rules/hostile.ts';
import { incrementalRules } from './rules/incremental.ts';
import { inputRules } from './rules/inputs.ts';
import { leakRule, outputRules } from './rules/output.ts';
import { exitCodeRule, readRules } from './rules/read.ts';
import { recordRules } from './rules/records.ts';
import { resumeRules } from './rules/resume.ts';
import { specRules } from './rules/spec.ts';
import { statusRules } from './rules/statuses.ts';
import { stopRules } from './rules/stop.ts';
import type { Rule } from './rule.ts';
import type { SourceRuns } from './source-runs.ts';

/** All rules for a source, in the order they are tried. */
export const sourceRules: readonly Rule<SourceRuns>[] = [
  ...specRules,
  ...checkRules,
  ...discoverRules,
  ...readRules,
  ...recordRules,
  ...incrementalRules,
  ...resumeRules,
  ...stopRules,
  ...inputRules,
  ...hostileRules,
  ...outputRules,
  // These look at what the runs of all the others have printed.
  exitCodeRule,
  ...statusRules,
  leakRule,
];
