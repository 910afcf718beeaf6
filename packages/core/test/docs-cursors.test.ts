import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './docs/clone.ts';
import { cursorExamples, runExample } from './docs/cursor-examples.ts';
import { blocksIn } from './docs/markdown.ts';

const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

const examples = cursorExamples(blocksIn(await read('docs/4-streams-and-state.md')));

test.each(examples.map((example) => [example.code.trim(), example] as const))(
  'does what the documents say: %s',
  async (_code, example) => {
    const done = await runExample(example);

    const said = [...example.blocks].filter(([name]) => name in done);
    expect(said.length).toBeGreaterThan(0);
    for (const [name, text] of said) expect([name, done[name]]).toEqual([name, JSON.parse(text)]);
  },
);

test.each([
  ['date-time-options.ts', 'DateTimeCursorOptions'],
  ['range-options.ts', 'RangeOptions'],
])('has an example of each option in %s', async (file, name) => {
  const source = await read(`packages/core/src/stream/cursors/${file}`);
  const code = examples.map((example) => example.code).join('\n');
  const options = [
    ...source
      .split(`interface ${name}`)[1]!
      .split(/^}/m)[0]!
      .matchAll(/^ {2}readonly (\w+)/gm),
  ];

  for (const [, option] of options) expect(code).toMatch(new RegExp(`\\b${option}:`));
  expect(options.length).toBeGreaterThan(3);
});
