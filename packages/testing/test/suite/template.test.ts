import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';

import { demoApi } from '../../src/demo-api.ts';
import { checkSource } from '../../src/suite/check-source.ts';

const MAIN = fileURLToPath(new URL('../../../../templates/source-http/dist/main.js', import.meta.url));

test('finds no fault in the template, against an API with faults of its own', async () => {
  await using api = await demoApi();
  const configOf = (url: string) => ({ base_url: url, api_key: api.apiKey, start_date: '2000-01-01T00:00:00Z' });

  const report = await checkSource(MAIN, {
    config: configOf(api.url),
    hostile: { api: api.url, configOf },
    expectedRecords: { repositories: api.data.repositories.length, issues: api.data.issues.length },
    states: 2,
    positions: 1,
    faults: ['truncate'],
  });

  expect(report.findings).toEqual([]);
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
});
