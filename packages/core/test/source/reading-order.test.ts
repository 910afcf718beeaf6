import { expect, test } from '@jest/globals';
import { Stream } from '../../src/stream/stream.ts';
import { inReadingOrder } from '../../src/source/reading-order.ts';

const order = (dependencies: Record<string, readonly string[]>, configured = Object.keys(dependencies)): string[] => {
  const streams = Object.entries(dependencies).map(([name, dependsOn]) => {
    class Named extends Stream {
      override readonly name = name;
      override readonly dependsOn = dependsOn;
      async *read() {}
    }
    return [name, new Named()] as const;
  });
  const entries = configured.map((name) => ({ stream: { name }, sync_mode: 'full_refresh' as const }));
  return inReadingOrder(entries, new Map(streams)).map(({ stream }) => stream.name);
};

test('keeps the order of the catalog', () => {
  expect(order({ c: [], a: [], b: [] })).toEqual(['c', 'a', 'b']);
});

test('puts a stream after all it depends on, and leaves the rest where it is', () => {
  expect(order({ a: ['c'], b: [], c: ['d'], d: [] })).toEqual(['d', 'c', 'a', 'b']);
});

test('does not mind a dependency that is not configured, or a stream that is unknown', () => {
  expect(order({ a: ['z'] }, ['ghost', 'a'])).toEqual(['ghost', 'a']);
});

test('names the streams of a circle', () => {
  expect(() => order({ a: ['b'], b: ['c'], c: ['a'] })).toThrow('a → b → c → a');
});
