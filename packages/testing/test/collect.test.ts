import { Page } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { collect } from '../src/collect.ts';

test('flattens records and pages in order', async () => {
  async function* read() {
    yield { id: 1 };
    yield new Page([{ id: 2 }, { id: 3 }]);
    yield new Page<{ id: number }>([]);
    yield { id: 4 };
  }

  expect(await collect(read())).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
});

test('takes a page of a million records', async () => {
  async function* read() {
    yield new Page(Array.from({ length: 1_000_000 }, (_, id) => ({ id })));
  }

  expect(await collect(read())).toHaveLength(1_000_000);
});

test('passes on what the stream throws', async () => {
  async function* read() {
    yield { id: 1 };
    throw new RangeError('page 2');
  }

  await expect(collect(read())).rejects.toThrow('page 2');
});
