import { expect, test } from '@jest/globals';
import { KeySet } from '../../src/stream/key-set.ts';

test('tells new keys from those it has', () => {
  const keys = new KeySet();

  expect(keys.add('[1]')).toBe(true);
  expect(keys.add('[1]')).toBe(false);
  expect(keys.add('["1"]')).toBe(true);
  expect([keys.has('[1]'), keys.has('["1"]'), keys.has('[2]')]).toEqual([true, true, false]);
  expect(keys.size).toBe(2);
});

test('holds a million keys in less than 20 MB, and mistakes none for another', () => {
  const keys = new KeySet();
  let added = 0;
  for (let id = 0; id < 1_000_000; id++) if (keys.add(`[${id}]`)) added++;
  let missing = 0;
  for (let id = 0; id < 1_000_000; id += 7) if (!keys.has(`[${id}]`)) missing++;
  let mistaken = 0;
  for (let id = 1_000_000; id < 1_100_000; id++) if (keys.has(`[${id}]`)) mistaken++;

  expect({ added, missing, mistaken }).toEqual({ added: 1_000_000, missing: 0, mistaken: 0 });
  expect(keys.size).toBe(1_000_000);
  expect(keys.bytes).toBeLessThan(20_000_000);
});
