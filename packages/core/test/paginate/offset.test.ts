import { expect, test } from '@jest/globals';
import { ConnectorError } from '@headwater/core';
import { offset } from '../../src/paginate/offset.ts';
import { answered } from './answered.ts';

test('asks for the records after those that came', () => {
  const paginator = offset({ limit: 10, param: 'skip', limitParam: 'take' });

  expect(paginator.request(undefined)).toEqual({ params: { skip: 0, take: 10 } });
  expect(paginator.next(answered({ recordCount: 10 }))).toBe(10);
  expect(paginator.next(answered({ recordCount: 10, nextPageToken: 10 }))).toBe(20);
  expect(paginator.next(answered({ recordCount: 9, nextPageToken: 20 }))).toBeUndefined();
});

test('leaves nothing out where the API gives fewer than asked for', () => {
  const paginator = offset({ limit: 100, total: '$.total' });
  const body = { total: 60 };

  expect(paginator.next(answered({ recordCount: 50, body }))).toBe(50);
  expect(paginator.predict?.({ token: 50, pageIndex: 2, read: answered({ recordCount: 50, body }) })).toBeUndefined();
  expect(paginator.next(answered({ recordCount: 10, body, nextPageToken: 50 }))).toBeUndefined();
});

test('fails at the depth limit, and says what to do', () => {
  const paginator = offset({ limit: 10, maxDepth: 30 });

  expect(paginator.next(answered({ recordCount: 10, nextPageToken: 10 }))).toBe(20);
  const beyond = () => paginator.next(answered({ recordCount: 10, nextPageToken: 20 }));
  expect(beyond).toThrow(ConnectorError);
  expect(beyond).toThrow(/deeper than maxDepth, 30 records\. Give resetBy/);
  expect(paginator.next(answered({ recordCount: 9, nextPageToken: 20 }))).toBeUndefined();
});

test('begins anew after the last record at the depth limit', () => {
  const paginator = offset({ limit: 10, maxDepth: 20, resetBy: ({ id }) => ({ since: id as bigint }) });
  const lastRecord = { id: 9007199254740993n };
  const token = paginator.next(answered({ recordCount: 10, nextPageToken: 10, lastRecord }));

  expect(paginator.request(token)).toEqual({ params: { since: 9007199254740993n, offset: 0, limit: 10 } });
  const second = paginator.next(answered({ recordCount: 10, nextPageToken: token!, lastRecord: { id: 1 } }));
  expect(paginator.request(second)).toEqual({ params: { since: 9007199254740993n, offset: 10, limit: 10 } });
  const third = paginator.next(answered({ recordCount: 10, nextPageToken: second!, lastRecord: { id: 1 } }));
  expect(paginator.request(third)).toEqual({ params: { since: 1, offset: 0, limit: 10 } });
});

test('does not look at the last record before the depth limit', () => {
  const page = {
    ...answered({ recordCount: 10 }),
    get lastRecord(): never {
      throw new Error('looked at');
    },
  };

  expect(offset({ limit: 10, maxDepth: 20, resetBy: () => ({}) }).next(page)).toBe(10);
});

test.each([0, -1, 1.5, Number.NaN])('refuses the limit %p', (limit) => {
  expect(() => offset({ limit })).toThrow(/offset\.limit: .* is not a whole number of at least 1/);
});
