import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';

import { checkSource, type SuiteReport } from '../../src/suite/check-source.ts';
import { itemsApi, KEY, type ItemsApi } from './connectors/items-api.ts';

const SOURCE = fileURLToPath(new URL('connectors/source.js', import.meta.url));

let api: ItemsApi;
beforeAll(async () => void (api = await itemsApi()));
afterAll(async () => api[Symbol.asyncDispose]());

const suite = (sabotage?: string): Promise<SuiteReport> => {
  const configOf = (url: string) => ({ base_url: url, api_key: KEY });
  return checkSource(SOURCE, {
    config: configOf(api.url),
    env: { SABOTAGE: sabotage },
    hostile: { api: api.url, configOf },
    states: 2,
    positions: 2,
    faults: ['503', 'truncate'],
    stopTime: 300,
  });
};

const failedRules = ({ results }: SuiteReport): string[] =>
  results.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule);

test('finds no fault in a good source', async () => {
  const report = await suite();

  expect(report.findings).toEqual([]);
  expect(report.passed).toBe(true);
  expect(report.results.filter(({ outcome }) => outcome === 'skipped').map(({ rule }) => rule)).toEqual([
    'expected-records',
  ]);
});

/** What is wrong, the rules that have to see it, and a word of the evidence. */
const SABOTAGES: Readonly<Record<string, readonly [rules: readonly string[], evidence: RegExp]>> = {
  'secret-not-marked': [['spec-secrets-marked'], /api_key/],
  'dangling-reference': [['spec-valid'], /#\/definitions\/region/],
  'check-always-true': [['check-refuses-wrong-config'], /SUCCEEDED/],
  'unstable-schema': [['discover-stable'], /\/items\/json_schema\/properties\/title\/description/],
  'missing-page': [['modes-agree'], /5 of 17 records are missing in the full refresh, the first \{"id":6\}/],
  'invalid-record': [['records-match-schema'], /record 4 \{"id":4\}: \/title must be string, and is 4/],
  'duplicate-key': [['primary-key-unique'], /the first \{"id":1\}/],
  'null-key': [['primary-key-present'], /record 3/],
  unrepeatable: [['full-refresh-repeatable', 'survives-faults'], /the field "note" differs/],
  'ignores-state': [['incremental-not-older', 'future-state-yields-nothing'], /older than the state/],
  'state-ahead': [['state-is-resume-point', 'sigterm-clean'], /STATE 1 of 4 .*4 of 17 records of stream "items"/],
  'dies-of-sigterm': [['sigterm-clean'], /died of SIGTERM/],
  'ignores-sigterm': [['sigterm-clean'], /did not end within 300 ms/],
  'no-incomplete': [['sigterm-clean'], /its last status is RUNNING/],
  'stack-on-stdout': [['malformed-input-fails'], /SyntaxError/],
  'exit-zero': [['exit-code-tells-failure', 'unknown-stream-fails'], /exit code 0/],
  'gives-up': [['survives-faults'], /a 503 at request 1, 5 of 5: at 1, it ended with exit code 1/],
  'skips-failed-page': [['survives-faults'], /5 of 17 records missing/],
  'debug-text': [['stdout-pure-under-debug'], /debug: read begins/],
  'no-end-status': [['stream-statuses'], /expected one end/],
  'wrong-count': [['record-count-matches'], /says recordCount 6, and 5 records/],
  'secret-in-log': [['no-secret-in-output'], /api_key \(in base64\) on stdout/],
};

/** Faults that do not hide each other share one connector: a suite runs it twenty times. */
const CONNECTORS = [
  ['secret-not-marked', 'unstable-schema', 'invalid-record', 'stack-on-stdout', 'wrong-count', 'dies-of-sigterm'],
  [
    'dangling-reference',
    'check-always-true',
    'null-key',
    'exit-zero',
    'secret-in-log',
    'ignores-sigterm',
    'state-ahead',
    'skips-failed-page',
  ],
  ['missing-page', 'gives-up', 'debug-text', 'no-incomplete'],
  ['unrepeatable', 'duplicate-key', 'ignores-state', 'no-end-status'],
];

test.each(CONNECTORS.map((sabotages) => [sabotages.join(', '), sabotages] as const))(
  'catches %s, each by its own rules',
  async (_, sabotages) => {
    const report = await suite(sabotages.join(','));

    const expected = new Set(sabotages.flatMap((sabotage) => SABOTAGES[sabotage]?.[0] ?? []));
    expect(failedRules(report).toSorted()).toEqual([...expected].toSorted());
    const findings = report.findings.filter(({ severity }) => severity === 'error');
    for (const sabotage of sabotages) {
      const [[rule] = [], evidence = /^$/] = SABOTAGES[sabotage] ?? [];
      const seen = findings.filter((finding) => finding.rule === rule).map((finding) => finding.evidence);
      expect(seen.join('\n')).toMatch(evidence);
    }
    for (const { remedy } of findings) expect(remedy).toMatch(/^[A-Z].*\.$/);
  },
);

test('tries every kind of sabotage', () => {
  expect(CONNECTORS.flat().toSorted()).toEqual(Object.keys(SABOTAGES).toSorted());
});
