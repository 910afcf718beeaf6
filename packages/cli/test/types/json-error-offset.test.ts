import { expect, test } from '@jest/globals';
import { assert, integer, json, property, string } from 'fast-check';

import { jsonErrorOffset } from '../../src/types/json-error-offset.ts';

test.each([
  ['', 0],
  ['  \n ', 4],
  ['{"a":1,}', 7],
  ['[1,]', 3],
  ['{"a": x}', 6],
  ["{'a': 1}", 1],
  ['{"a" 1}', 5],
  ['{"a": 01}', 6],
  ['{"a": 1.}', 6],
  ['{"a": truest}', 6],
  ['{"a": "b\n"}', 6],
  ['["\\x"]', 1],
  ['{"a": 1} }', 9],
  ['{"a": [1, 2}', 11],
])('finds where %j stops being JSON', (text, offset) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(jsonErrorOffset(text)).toBe(offset);
});

test('passes over every JSON text to its end', () => {
  assert(
    property(json(), integer({ min: 0, max: 4 }), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent);
      expect(jsonErrorOffset(spaced)).toBe(spaced.length);
    }),
  );
});

test('stops no later than the parser, and only where it stops', () => {
  assert(
    property(json(), integer({ min: 0 }), string({ minLength: 1, maxLength: 3 }), (text, seed, damage) => {
      const at = seed % (text.length + 1);
      const damaged = text.slice(0, at) + damage + text.slice(at);
      expect(jsonErrorOffset(damaged)).toBeLessThanOrEqual(parserOffset(damaged) ?? damaged.length);
      if (errorOf(damaged) === undefined) expect(jsonErrorOffset(damaged)).toBe(damaged.length);
    }),
  );
});

const errorOf = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
};

/** Where the parser says the text is wrong; undefined when it is not, or when the parser does not say. */
const parserOffset = (text: string): number | undefined => {
  const position = /at position (\d+)/.exec(errorOf(text) ?? '')?.[1];
  return position === undefined ? undefined : Number(position);
};
