import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileRecordsPath, selectRecords } from '../../src/parse/records-path.ts';
import { findRecords } from '../../src/parse/record-finder.ts';
import { scanRecords } from '../../src/parse/record-scanner.ts';
import { bytesOf, oneOf, pageAndPath } from './random-json.ts';

test('finds the same ranges with and without a scan of every byte', () => {
  let found = 0;
  fc.assert(
    fc.property(pageAndPath, ({ text, path }) => {
      const bytes = Buffer.from(bytesOf(text));
      let values: unknown[];
      try {
        values = selectRecords(JSON.parse(text), path);
      } catch {
        return;
      }
      const ranges = findRecords(bytes, path, values);
      if (ranges === undefined) return;
      found++;
      expect(ranges).toEqual(scanRecords(bytes, path));
    }),
    { numRuns: 2000 },
  );
  expect(found).toBeGreaterThan(0);
});

test('ends on any malformed text', () => {
  fc.assert(
    fc.property(pageAndPath, fc.nat(10_000), oneOf('{}[]",:\\'), ({ text, path }, at, wrong) => {
      const place = at % (text.length + 1);
      const page = text.slice(0, place) + wrong + text.slice(place + (at % 3));
      const ranges = scanRecords(Buffer.from(page), path);
      expect(ranges?.starts.length).toBe(ranges?.count);
    }),
    { numRuns: 2000 },
  );
});

test('finds the end of long strings with and without escaped quotes', () => {
  const text = fc.array(fc.constantFrom('a'.repeat(70), 'b', '"', '\\', '\\\\"', '{'), { maxLength: 12 });
  fc.assert(
    fc.property(text, (pieces) => {
      const item = JSON.stringify({ s: pieces.join(''), t: pieces });
      const ranges = scanRecords(Buffer.from(`[${item},${item}]`), compileRecordsPath('$[*]'));
      expect(ranges).toMatchObject({ starts: [1, item.length + 2], ends: [item.length + 1, 2 * item.length + 2] });
    }),
  );
});

test('takes time in proportion to the page, also for what looks like records and is none', () => {
  const quotes = JSON.stringify('\\"'.repeat(500_000));
  const page = Buffer.from(`{"data":[{"a":${quotes}},{"a":[${'{},'.repeat(300_000)}{}]}]}`);

  expect(scanRecords(page, compileRecordsPath('$.data[*]'))?.count).toBe(2);
});
