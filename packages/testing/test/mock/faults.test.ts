import { expect, test } from '@jest/globals';

import { mockApi, type MockApi, type MockApiOptions } from '../../src/mock-api.ts';
import type { FaultRule } from '../../src/mock/faults.ts';

/** The status of each of some requests, 0 for a connection that broke. */
const statuses = async (api: MockApi, paths: readonly string[]): Promise<number[]> => {
  const seen: number[] = [];
  for (const path of paths) {
    const status = async () => {
      const response = await fetch(`${api.url}${path}`);
      await response.text();
      return response.status;
    };
    seen.push(await status().catch(() => 0));
  }
  return seen;
};

const metBy = async (rule: FaultRule, paths: readonly string[], options: MockApiOptions = {}): Promise<number[]> => {
  await using api = await mockApi({ strict: false, ...options });
  api.on('GET /a', { body: 'a' }).on('GET /b', { body: 'b' }).fault(rule, { status: 503 });
  return await statuses(api, paths);
};

const eight = Array.from({ length: 8 }, () => '/a');

test.each<[FaultRule, readonly number[]]>([
  [{ at: 3 }, [3]],
  [{ at: [1, 4] }, [1, 4]],
  [{ every: 3 }, [3, 6]],
  [{ from: 3, to: 5 }, [3, 4, 5]],
  [{ every: 2, from: 5 }, [6, 8]],
  [{}, [1, 2, 3, 4, 5, 6, 7, 8]],
  [{ rate: 0 }, []],
  [{ inARow: 2 }, [1, 2, 4, 5, 7, 8]],
])('meets the requests of %j', async (rule, numbers) => {
  const expected = eight.map((_, index) => (numbers.includes(index + 1) ? 503 : 200));
  expect(await metBy(rule, eight)).toEqual(expected);
});

test('counts the requests of a route only', async () => {
  expect(await metBy({ route: 'GET /b', at: 2 }, ['/a', '/b', '/a', '/b', '/b'])).toEqual([200, 200, 200, 503, 200]);
});

test('counts in a row per request', async () => {
  expect(await metBy({ inARow: 1 }, ['/a', '/b', '/a', '/a', '/b'])).toEqual([503, 503, 200, 503, 200]);
});

test('draws the same storm from the same seed', async () => {
  const forty = Array.from({ length: 40 }, () => '/a');
  const storm = (seed: number) => metBy({ rate: 0.3 }, forty, { seed });
  const first = await storm(1);

  expect(await storm(1)).toEqual(first);
  expect(await storm(2)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 503]));
});

test('takes faults in turn and leaves the script alone for a status', async () => {
  await using api = await mockApi();
  api.reply(200, 'one').reply(201, 'two');
  api.fault({ to: 2 }, { status: 429, headers: { 'retry-after': 1 } }, { fault: { kind: 'reset' } });

  expect(await statuses(api, ['/', '/', '/'])).toEqual([429, 0, 201]);
});

test('spoils an answer on its way', async () => {
  await using api = await mockApi();
  api.on('GET /', { body: 'abcdef', headers: { 'x-kept': '1' } });
  api
    .fault({ at: 1 }, { headers: { 'x-added': '2' } })
    .fault({ at: 2 }, { fault: { kind: 'truncate', afterBytes: 3 } });

  const first = await fetch(api.url);
  expect([await first.text(), first.headers.get('x-kept'), first.headers.get('x-added')]).toEqual(['abcdef', '1', '2']);
  await expect((await fetch(api.url)).text()).rejects.toThrow('terminated');
});

test.each<[FaultRule, RegExp]>([
  [{ at: 0 }, /at\[0\] is 0, but requests are counted from 1/],
  [{ at: [2, 1.5] }, /at\[1\] is 1.5/],
  [{ every: -1 }, /every is -1/],
  [{ inARow: 0 }, /inARow is 0/],
  [{ rate: 30 }, /rate is 30. A share is a number from 0 to 1/],
  [{ route: '/a' }, /Route "\/a"/],
])('refuses the rule %j', async (rule, message) => {
  await using api = await mockApi();

  expect(() => api.fault(rule, { status: 503 })).toThrow(TypeError);
  expect(() => api.fault(rule, { status: 503 })).toThrow(message);
});
