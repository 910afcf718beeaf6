import { expect, test } from '@jest/globals';
import { LosslessNumber } from 'lossless-json';
import { ConnectorError } from '@headwater/core';
import { cursor, type CursorOptions } from '../../src/paginate/cursor.ts';
import { answered } from './answered.ts';

test.each([
  ['abc', 'abc'],
  [7, 7],
  [9007199254740993n, '9007199254740993'],
  [new LosslessNumber('1.00000000000000001'), '1.00000000000000001'],
  ['0', '0'],
  [0, undefined],
  ['', undefined],
  [null, undefined],
  [false, undefined],
])('takes %p in the body for the cursor %p', (next, token) => {
  expect(cursor({ from: '$.meta.next' }).next(answered({ body: { meta: { next } } }))).toBe(token);
});

test('takes a cursor from a header, and none from a body without the place', () => {
  expect(cursor({ from: 'X-Next' }).next(answered({ headers: { 'x-next': 'c' } }))).toBe('c');
  expect(cursor({ from: 'X-Next' }).next(answered({}))).toBeUndefined();
  for (const body of [undefined, null, 'text', [], { meta: [] }]) {
    expect(cursor({ from: '$.meta.next' }).next(answered({ body }))).toBeUndefined();
  }
});

test('sends the cursor in the query, in the body or in a header', () => {
  const from = '$.next';

  expect(cursor({ from }).request(undefined)).toEqual({});
  expect(cursor({ from }).request('c')).toEqual({ params: { cursor: 'c' } });
  expect(cursor({ from, in: 'body', param: '$.page.after' }).request('c')).toEqual({ body: { page: { after: 'c' } } });
  expect(cursor({ from, in: 'header', param: 'X-Cursor' }).request(5)).toEqual({ headers: { 'x-cursor': '5' } });
});

test('takes the cursor from the last record, until a page is empty or the API says so', () => {
  const paginator = cursor({ lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' });
  const page = { recordCount: 2, lastRecord: { id: 'r2' } };

  expect(paginator.next(answered({ ...page, body: { has_more: true } }))).toBe('r2');
  expect(paginator.next(answered({ ...page, body: {} }))).toBe('r2');
  expect(paginator.next(answered({ ...page, body: { has_more: false } }))).toBeUndefined();
  expect(paginator.next(answered({ body: {} }))).toBeUndefined();
});

test('reads on after an empty page that has a cursor, unless told otherwise', () => {
  const page = answered({ recordCount: 0, body: { next: 'c' } });

  expect(cursor({ from: '$.next' }).next(page)).toBe('c');
  expect(cursor({ from: '$.next', emptyPageEnds: true }).next(page)).toBeUndefined();
});

test('stops at a cursor when there is no more, and at maxPages', () => {
  const page = (more: boolean, pageIndex = 0) => answered({ pageIndex, body: { next: 'c', more } });
  const paginator = cursor({ from: '$.next', hasMore: '$.more', maxPages: 2 });

  expect([paginator.next(page(true)), paginator.next(page(false)), paginator.next(page(true, 1))]).toEqual([
    'c',
    undefined,
    undefined,
  ]);
});

test.each<[string, CursorOptions, object, RegExp]>([
  [
    'an object for a cursor',
    { from: '$.next' },
    { body: { next: {} } },
    /at \$\.next of .* stands a value of type object/,
  ],
  ['more without a cursor', { from: '$.nxt', hasMore: '$.m' }, { body: { m: true } }, /no cursor stands at \$\.nxt/],
  [
    'a last record without the member',
    { lastRecord: '$.id' },
    { recordCount: 1, lastRecord: {} },
    /\$\.id of the last/,
  ],
])('refuses %s', (_name, options, page, message) => {
  const use = () => cursor(options).next(answered(page));
  expect(use).toThrow(ConnectorError);
  expect(use).toThrow(message);
});
