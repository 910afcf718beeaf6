import { expect, test } from '@jest/globals';
import { JsonPage } from '../../src/parse/json-page.ts';
import { compileRecordsPath } from '../../src/parse/records-path.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { Page } from '../../src/stream/page.ts';
import { sameRecordsCounter } from '../../src/stream/same-records.ts';

const PATH = compileRecordsPath('$.items[*]');

/** As `recordsPath` reads it. */
const read = (body: object): Page => {
  const records = new JsonPage(Buffer.from(JSON.stringify(body))).records(PATH);
  return new Page(records as { readonly values: readonly JsonObject[] });
};
/** As `parseResponse` gives it. */
const given = (records: readonly JsonObject[]): Page => new Page(structuredClone(records));

const counts = (pages: readonly Page[]): readonly number[] => pages.map(sameRecordsCounter());

const LONG = Array.from({ length: 50 }, (_, id) => ({ id, text: 'the same in each '.repeat(5) }));
const changedAt = (index: number) => LONG.map((record, at) => (at === index ? { ...record, id: -1 } : record));

test('counts the same records in a row, whatever stands around them', () => {
  const pages = [1, 2, 3, 4].map((next) => read({ next: `token ${next}`, items: LONG }));

  expect(pages.every(({ raw }) => raw !== undefined)).toBe(true);
  expect(counts(pages)).toEqual([1, 2, 3, 4]);
  expect(counts([1, 2, 3, 4].map(() => given(LONG)))).toEqual([1, 2, 3, 4]);
});

test.each([
  ['bytes', (items: readonly JsonObject[]) => read({ items })],
  ['values', given],
])('begins anew where a single record differs, be it in the middle, in %s', (_name, page) => {
  for (const index of [0, 25, 49]) {
    const times = counts([LONG, LONG, changedAt(index), LONG, LONG, changedAt(index), LONG].map(page));

    expect(Math.max(...times)).toBe(2);
  }
});

test('takes no pages of the same size for the same', () => {
  const pages = Array.from({ length: 5 }, (_, id) => read({ items: [{ id }] }));

  expect(counts(pages)).toEqual([1, 1, 1, 1, 1]);
});

test('does not count pages without records', () => {
  expect(counts([given([]), given([]), given([{ id: 1 }]), given([])])).toEqual([0, 0, 1, 0]);
});

test('tells long numbers apart', () => {
  const page = (id: bigint) => new Page([{ id }]);

  expect(counts([page(9007199254740993n), page(9007199254740992n), page(9007199254740992n)])).toEqual([1, 1, 2]);
});

test('leaves records that are no JSON to those who write them', () => {
  const circular: JsonObject = {};
  circular['self'] = circular;

  expect(counts([new Page([circular]), new Page([circular]), new Page([circular])])).toEqual([1, 1, 1]);
});
