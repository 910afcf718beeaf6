import { expect, test } from '@jest/globals';

import { lineSplitter } from '../src/line-splitter.ts';

const TEXT = '{"a":"\u2028"}\n\n{"b":"x\r"}\r\nlast';

test.each([1, 2, 3, 7, 100])('splits at line feeds only, in pieces of %d', (size) => {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));

  for (let start = 0; start < TEXT.length; start += size) splitter.write(TEXT.slice(start, start + size));
  splitter.end();

  expect(lines).toEqual(['{"a":"\u2028"}', '', '{"b":"x\r"}\r', 'last']);
});

test('has no line after the last line feed', () => {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));

  splitter.write('one\n');
  splitter.end();

  expect(lines).toEqual(['one']);
});
