import { expect, test } from '@jest/globals';
import { HttpStream, pageNumber, type PageContext } from '@headwater/core';
import { mockApi } from '@headwater/testing';
import { ByteBudget } from '../../src/concurrency/byte-budget.ts';
import { Slots } from '../../src/concurrency/slots.ts';
import { quick } from '../http/quick.ts';
import { run } from './run.ts';

const SLICES = 12;

class Items extends HttpStream {
  override readonly name: string = 'items';
  override readonly recordsPath = '$.data[*]';
  readonly urlBase: string;

  constructor(urlBase: string) {
    super({ http: { retry: { ...quick, attempts: 1 } } });
    this.urlBase = urlBase;
  }

  override slices() {
    return Array.from({ length: SLICES }, (_, id) => ({ id }));
  }

  path({ slice }: PageContext) {
    return `items/${slice['id']}`;
  }
}

/** Room for one page at a time: a single share that is not given back would stop all that comes after it. */
const tight = () => ({ slots: new Slots(4), memory: new ByteBudget(1) });

test.each([
  ['its request cannot be made', { path: true }],
  ['it cannot be had', { status: true }],
  ['it leads to nowhere', { total: true }],
])('gives the room of a page back when %s', async (_name, { path, status, total }: Record<string, boolean>) => {
  await using api = await mockApi({ strict: false });
  const isLast = (id: unknown): boolean => id === SLICES - 1;
  for (let id = 0; id < SLICES; id++) {
    api.on(`GET /items/${id}`, status && !isLast(id) ? { status: 404 } : { body: { data: [{ id }] } });
  }
  class Failing extends Items {
    override path(context: PageContext) {
      if (path && !isLast(context.slice['id'])) throw new Error('no path');
      return super.path(context);
    }

    override expectedTotal({ slice }: PageContext) {
      if (total && !isLast(slice['id'])) throw new Error('no total');
      return undefined;
    }
  }
  const { ids, error } = await run(new Failing(api.url), { room: tight() });

  expect(ids).toEqual([SLICES - 1]);
  expect(error).toMatchObject({ code: 'HEADWATER_SLICES_FAILED' });
});

test('gives the room of a page back that is the one before it over again', async () => {
  await using api = await mockApi();
  for (let id = 0; id < SLICES; id++) {
    const page = { body: { data: [{ id }] } };
    api.on(`GET /items/${id}`, page);
  }
  class Repeating extends Items {
    override readonly paginator = pageNumber({ pageSize: 1, sizeParam: 'size' });
  }
  const { ids, error } = await run(new Repeating(api.url), { room: tight() });

  expect(new Set(ids).size).toBe(SLICES);
  expect(String(error)).toMatch(/is the page before it over again/);
});
