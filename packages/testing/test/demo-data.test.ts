import { expect, test } from '@jest/globals';

import { demoData } from '../src/demo-data.ts';

const data = demoData(2026);

test('gives the same data for the same seed', () => {
  expect(demoData(2026)).toEqual(data);
  expect(demoData(7)).not.toEqual(data);
});

test('has unique keys', () => {
  const commits = [...data.commits.values()].flat();

  expect(new Set(data.repositories.map(({ id }) => id)).size).toBe(12);
  expect(new Set(data.issues.map(({ id }) => id)).size).toBe(240);
  expect(new Set(data.issues.map(({ repository, number }) => `${repository}#${number}`)).size).toBe(240);
  expect(new Set(commits.map(({ sha }) => sha)).size).toBe(commits.length);
});

test('has one id that a double cannot hold', () => {
  expect(data.issues.filter(({ id }) => typeof id === 'bigint')).toMatchObject([{ id: 9007199254740993n }]);
});

test('has nulls, values, and text beyond ASCII in every place for them', () => {
  const { repositories, issues } = data;
  const commits = [...data.commits.values()].flat();
  const bothWays = (values: readonly unknown[]) => values.includes(null) && values.some((value) => value !== null);

  expect(bothWays(repositories.map(({ description }) => description))).toBe(true);
  expect(bothWays(repositories.map(({ license }) => license))).toBe(true);
  expect(bothWays(repositories.map(({ language }) => language))).toBe(true);
  expect(bothWays(repositories.map(({ pushed_at: at }) => at))).toBe(true);
  expect(bothWays(issues.map(({ body }) => body))).toBe(true);
  expect(bothWays(issues.map(({ assignee }) => assignee))).toBe(true);
  expect(bothWays(issues.map(({ closed_at: at }) => at))).toBe(true);
  expect(bothWays(commits.map(({ verified }) => verified))).toBe(true);
  expect(issues.some(({ author }) => author.name === '陈思远')).toBe(true);
});

test('keeps all dates in 2026 and in order', () => {
  const between = (earlier: string, later: string) => {
    expect(earlier <= later).toBe(true);
    for (const date of [earlier, later]) expect(date).toMatch(/^2026-\d\d-\d\dT\d\d:\d\d:00Z$/);
  };

  for (const { created_at: created, pushed_at: pushed } of data.repositories) between(created, pushed ?? created);
  for (const { created_at: created, updated_at: updated, closed_at: closed } of data.issues) {
    between(created, updated);
    between(created, closed ?? updated);
  }
  for (const commits of data.commits.values()) {
    for (const [index, { author, parents }] of commits.entries()) {
      const older = commits[index + 1];
      between(older?.author.date ?? author.date, author.date);
      expect(parents).toEqual(older ? [{ sha: older.sha }] : []);
    }
  }
});

test('has issues that share their second', () => {
  const shared = data.issues.filter(({ updated_at: at }, index) => at === data.issues[index - 1]?.updated_at);

  expect(shared).toHaveLength(29);
});
