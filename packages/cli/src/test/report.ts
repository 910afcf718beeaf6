import { resultText, type RuleResult, type SuiteReport } from '@headwater/testing';

interface Stream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** Tells which rule is being tried, on a terminal in a line that its result replaces; then the result. */
export const terminalProgress =
  (stream: Stream) =>
  ({ id }: { readonly id: string }, result?: RuleResult): void => {
    if (result === undefined) {
      if (stream.isTTY) stream.write(`… ${id}`);
      return;
    }
    const { outcome, duration } = result;
    const seconds = `${(duration / 1000).toFixed(1)} s`;
    const [first = '', ...rest] = resultText(result).split('\n');
    stream.write(
      `${stream.isTTY ? '\r\u001B[2K' : ''}${MARKS[outcome]} ${first.replace(/^\w+ /, '')} (${seconds})\n${rest.join('\n')}`,
    );
  };

const MARKS: Readonly<Record<RuleResult['outcome'], string>> = { passed: '✓', failed: '✗', skipped: '-' };

/** The last lines of the report. */
export const summaryText = ({ results, findings, runs }: SuiteReport): string => {
  const count = (outcome: RuleResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule);
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return [
    '',
    `${count('passed')} rules passed, ${failed.length} failed, ${count('skipped')} skipped; ${warnings} warnings; ${runs} runs of the connector.`,
    ...(failed.length > 0 ? [`Failed: ${failed.join(', ')}.`] : []),
    '',
  ].join('\n');
};

export const listText = (rules: readonly { readonly id: string; readonly title: string }[]): string =>
  rules.map(({ id, title }) => `${id.padEnd(28)}${title}\n`).join('');
