import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sourceRules } from '../src/suite/source-rules.ts';

test('has every rule of the suite in the guide, and no other', () => {
  const guide = readFileSync(new URL('../../../docs/6-testing.md', import.meta.url), 'utf8');
  const [, table = ''] = /\| rule .*\n\| -.*\n((?:\|.*\n)+)/.exec(guide) ?? [];
  const named = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, id = '']) => id));

  expect(named.toSorted()).toEqual(sourceRules.map(({ id }) => id).toSorted());
});
