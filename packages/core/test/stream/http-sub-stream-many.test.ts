import { expect, test } from '@jest/globals';
import { mockApi } from '@headwater/testing';
import type { WireResponse } from '../../src/http/types.ts';
import { DatedChildren, Repos, changing, day, issuesPath, optionsFor } from './http-sub-stream-setup.ts';
import { sync } from './run-stream.ts';

test('keeps one position for more parents than maxSlices, and reads from before it the next time', async () => {
  await using api = await mockApi();
  const ids = [1, 2, 3, 4, 5];
  changing(
    api,
    ids.map((id) => ({ id, at: day(id) })),
  );
  class Few extends DatedChildren {
    override readonly maxSlices = 3;
  }
  const stream = () => {
    const options = optionsFor(api.url);
    return new Few({ ...options, parent: new Repos(options), path: issuesPath });
  };
  const first = await sync(stream(), { incremental: true });

  expect(first.records).toHaveLength(5);
  expect(first.warnings).toEqual([expect.stringMatching(/"children" has more than 3 slices/)]);
  expect(first.state).toEqual({
    use_global_cursor: true,
    states: [],
    state: { at: day(5) },
    lookback_window: expect.any(Number),
  });

  const before = api.requests.length;
  await sync(stream(), { incremental: true, state: { ...first.state, lookback_window: 3600 } });
  const since = api.requests.slice(before).filter(({ path }) => path.endsWith('/issues'));
  expect(since.map(({ query }) => query.get('since'))).toEqual(ids.map(() => '2026-01-04T23:00:00.000Z'));
});

const PARENTS = 3000;
const PAGE = 500;

/** Answers in this process: pages of parents, and a child for each that changed at a minute of its own. */
const answer = (url: URL): unknown => {
  const [, repo] = /^\/repos\/(\d+)\//.exec(url.pathname) ?? [];
  if (repo) return { items: [{ id: Number(repo), at: minute(Number(repo)) }] };
  const page = Number(url.searchParams.get('page') ?? 1);
  const count = Math.min(PAGE, PARENTS - (page - 1) * PAGE);
  const items = Array.from({ length: count }, (_, index) => ({ id: (page - 1) * PAGE + index }));
  return { items, ...(page * PAGE < PARENTS && { next: page + 1 }) };
};

const minute = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();

const manyChildren = (maxSlices: number) => {
  const { config, http } = optionsFor('http://parents.test');
  const wire = async (request: WireResponse['request']): Promise<WireResponse> => ({
    request,
    status: 200,
    headers: { 'content-type': 'application/json' },
    url: request.url,
    bytes: Buffer.from(JSON.stringify(answer(new URL(request.url)))),
  });
  const options = { config, http: { ...http, wire, trace: false as const } };
  class Many extends DatedChildren {
    override readonly maxSlices = maxSlices;
  }
  return new Many({ ...options, parent: new Repos(options), path: issuesPath });
};

test('reads very many parents and keeps one short position for them', async () => {
  const { error, records, state, warnings } = await sync(manyChildren(2000), { incremental: true });

  expect(error).toBeUndefined();
  expect(records).toHaveLength(PARENTS);
  expect(state).toMatchObject({ use_global_cursor: true, states: [], state: { at: minute(PARENTS - 1) } });
  expect(JSON.stringify(state).length).toBeLessThan(1024);
  expect(warnings).toHaveLength(1);
});
