import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@headwater/testing';

import { starterPlan } from '../../src/generate/starter-plan.ts';
import { rebase } from '../../src/streams/rebase.ts';
import { parseStreamList } from '../../src/streams/stream-list.ts';
import { writeFiles } from '../../src/streams/write-files.ts';
import { filesOf } from './workshop.ts';

const planAt = (baseUrl: string) => starterPlan({ baseUrl });

const pathsOf = (own: string, base: string | undefined) => {
  const { plan, guesses } = rebase(planAt(own), base);
  return { paths: plan.streams.map(({ path }) => path), guessed: guesses.map(({ because }) => because) };
};

test('changes paths to begin where the base URL of the connector ends', () => {
  const [first = '', ...others] = pathsOf('https://a.test', 'https://a.test').paths;

  expect(pathsOf('https://a.test', 'https://a.test').guessed).toEqual([]);
  expect(pathsOf('https://a.test/v1', 'https://a.test')).toEqual({
    paths: [first, ...others].map((path) => `/v1${path}`),
    guessed: ['The connector looks for the API at https://a.test: the paths were changed to fit.'],
  });
  expect(pathsOf('https://a.test', `https://a.test${first}`)).toEqual({
    paths: [first, ...others],
    guessed: [expect.stringContaining('make sure that the paths are the same')],
  });
  expect(pathsOf('https://b.test', 'https://a.test').guessed).toHaveLength(1);
  expect(pathsOf('https://b.test', undefined).guessed).toHaveLength(1);
});

const LIST = `import type { Stream } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Items } from './streams/items.ts';

/** All streams. A parent is made once, and what the API says of it is shared by its children. */
export const streamsOf = (config: Config): readonly Stream[] => {
  return [new Items({ config })];
};
`;

test('knows a list of streams that says what the generator says, however it is formatted', async () => {
  expect([...((await parseStreamList(LIST))?.names.keys() ?? [])]).toEqual(['Items']);
  expect(await parseStreamList(LIST.replaceAll("'", '"').replaceAll('  return', 'return'))).toBeDefined();
});

test('knows no list of streams that says anything more', async () => {
  for (const other of [
    LIST.replace('new Items({ config })', 'new Items({ config, fast: true })'),
    LIST.replace('  return', '  // Mine.\n  return'),
    LIST.replace('[new Items({ config })]', '[new Items({ config })].slice(0)'),
    `${LIST}export const more = 1;\n`,
    LIST.replace('return', 'retrun'),
    '',
  ]) {
    expect(await parseStreamList(other)).toBeUndefined();
  }
});

test('writes all files or none', async () => {
  await using folder = await temporaryFolder();
  await folder.write('a.txt', 'old');
  await folder.write('c.txt/inside', 'in the way');
  const before = await filesOf(folder.path);
  const changed = new Map([
    ['a.txt', 'new'],
    ['c.txt', 'cannot be'],
  ]);

  await expect(writeFiles(folder.path, { created: new Map([['b/b.txt', 'b']]), changed })).rejects.toThrow(
    'Nothing was added.',
  );
  expect(await filesOf(folder.path)).toEqual(before);
  await expect(
    writeFiles(folder.path, {
      created: new Map([
        ['b/b.txt', 'b'],
        ['a.txt', 'x'],
      ]),
      changed: new Map(),
    }),
  ).rejects.toThrow('is there already');
  expect(await filesOf(folder.path)).toEqual(before);

  await writeFiles(folder.path, { created: new Map([['b/b.txt', 'b']]), changed: new Map([['a.txt', 'new']]) });
  expect(await filesOf(folder.path)).toEqual({ ...before, 'a.txt': 'new', 'b/b.txt': 'b' });
});
