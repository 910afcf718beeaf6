import { expect, test } from '@jest/globals';
import { byDate, byList, product, type Slices } from '../../src/stream/slices.ts';
import { ChildSlice, ParentReading, sliceOf } from '../../src/stream/slice.ts';

const all = async (slices: Slices) => {
  const result = [];
  for await (const each of slices) result.push(sliceOf(each));
  return result;
};

test('makes a slice of each value', async () => {
  expect(await all(byList('region', ['eu', 'us']))).toEqual([{ region: 'eu' }, { region: 'us' }]);
});

test('makes a slice of each stretch of time, with an end that belongs to it where there is a granularity', async () => {
  const january = { start: '2026-01-30', end: '2026-02-02', step: 'P1D', format: '%Y-%m-%d' };

  expect(await all(byDate(january))).toEqual([
    { start: '2026-01-30', end: '2026-01-31' },
    { start: '2026-01-31', end: '2026-02-01' },
    { start: '2026-02-01', end: '2026-02-02' },
  ]);
  expect(await all(byDate({ ...january, step: 'P2D', granularity: 'P1D' }))).toEqual([
    { start: '2026-01-30', end: '2026-01-31' },
    { start: '2026-02-01', end: '2026-02-01' },
  ]);
  await expect(all(byDate({ ...january, step: 'a day' }))).rejects.toThrow(/step/);
});

test('ends the last stretch of time with the present', async () => {
  const slices = await all(byDate({ start: '2000-01-01', step: 'P100Y' }));

  expect(slices).toHaveLength(1);
  expect(Math.abs(Date.parse(String(slices[0]?.['end'])) - Date.now())).toBeLessThan(60_000);
});

test('combines every slice with every other', async () => {
  expect(await all(product(byList('a', [1, 2]), byList('b', ['x', 'y']), byList('c', [true])))).toEqual([
    { a: 1, b: 'x', c: true },
    { a: 1, b: 'y', c: true },
    { a: 2, b: 'x', c: true },
    { a: 2, b: 'y', c: true },
  ]);
  expect(await all(product(byList('a', [1]), []))).toEqual([]);
});

test('takes the first of a product slice by slice', async () => {
  let made = 0;
  async function* endless() {
    for (;;) yield { number: made++ };
  }
  const taken: unknown[] = [];
  for await (const slice of product(endless(), byList('b', [1, 2, 3]))) if (taken.push(slice) === 4) break;

  expect(made).toBe(2);
});

test('counts a parent as done when every combination with its slice is', async () => {
  let done = 0;
  const reading = new ParentReading(() => done++);
  async function* parents() {
    yield new ChildSlice({ id: 1 }, { name: 'one' }, reading);
    reading.settle(false);
  }
  const children: ChildSlice[] = [];
  for await (const each of product(parents(), byList('b', [1, 2]))) children.push(each as ChildSlice);

  expect(children.map(({ slice, parent }) => [slice, parent])).toEqual([
    [{ id: 1, b: 1 }, { name: 'one' }],
    [{ id: 1, b: 2 }, { name: 'one' }],
  ]);
  for (const each of children) each.reading?.claim();
  children[0]?.reading?.settle(false);
  expect(done).toBe(0);
  children[1]?.reading?.settle(false);
  expect(done).toBe(1);
});
