import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SuiteReport } from '../../src/suite/check-source.ts';
import { checkDestination } from '../../src/suite/destination/check-destination.ts';
import { temporaryFolder } from '../../src/temporary-folder.ts';

const DESTINATION = fileURLToPath(new URL('connectors/destination.js', import.meta.url));

const suite = async (sabotage?: string): Promise<SuiteReport> => {
  await using folder = await temporaryFolder();
  return await checkDestination(DESTINATION, {
    config: { folder: folder.path, password: 'p4ssword-of-the-test' },
    env: { SABOTAGE: sabotage },
    bigRecord: 300_000,
    async stored(stream) {
      const text = await readFile(join(folder.path, stream), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
    },
  });
};

const failedRules = ({ results }: SuiteReport): string[] =>
  results.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule);

test('finds no fault in a good destination', async () => {
  const report = await suite();

  expect(report.findings).toEqual([]);
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
});

const SABOTAGES: readonly (readonly [sabotage: string, rules: readonly string[], evidence: RegExp])[] = [
  [
    'state-before-flush',
    ['state-after-its-records'],
    /Killed after a STATE of \d+ records, \d+ of them are not stored/,
  ],
  ['last-state-only', ['write-acknowledges-states'], /3 STATEs were sent \(3, 6, 10\), and emitted were \[10\]/],
  [
    'invents-state,drops-malformed-line,check-always-true',
    [
      'check-refuses-wrong-config',
      'write-acknowledges-states',
      'input-ends-early',
      'malformed-line-fails',
      'empty-input',
    ],
    /a STATE that nobody sent/,
  ],
];

test.each(SABOTAGES)('catches %s', async (sabotage, rules, evidence) => {
  const report = await suite(sabotage);

  expect(failedRules(report).toSorted()).toEqual([...rules].toSorted());
  expect(report.findings.map((finding) => finding.evidence).join('\n')).toMatch(evidence);
});
