import { Page, Stream, type SliceContext } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { collect } from '../src/collect.ts';

type Item = { id: number };

const streamOf = (read: (context: SliceContext) => AsyncIterable<Item | Page<Item>>): Stream<Item> =>
  new (class Items extends Stream<Item> {
    override read = read;
  })();

test('flattens records and pages in order', async () => {
  const stream = streamOf(async function* () {
    yield { id: 1 };
    yield new Page([{ id: 2 }, { id: 3 }]);
    yield new Page<Item>([]);
    yield { id: 4 };
  });

  expect(await collect(stream)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
});

test('reads with the slice and state it is given', async () => {
  const stream = streamOf(async function* ({ slice, state }) {
    yield { id: Number(slice['a']) + Number(state['b']) };
  });

  expect(await collect(stream, { slice: { a: 1 }, state: { b: 2 } })).toEqual([{ id: 3 }]);
});

test('takes a page of a million records', async () => {
  const stream = streamOf(async function* () {
    yield new Page(Array.from({ length: 1_000_000 }, (_, id) => ({ id })));
  });

  expect(await collect(stream)).toHaveLength(1_000_000);
});

test('passes on what the stream throws', async () => {
  const stream = streamOf(async function* () {
    yield { id: 1 };
    throw new RangeError('page 2');
  });

  await expect(collect(stream)).rejects.toThrow('page 2');
});
