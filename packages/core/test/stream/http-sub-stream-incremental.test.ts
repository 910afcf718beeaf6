import { expect, test } from '@jest/globals';
import { mockApi, type MockApi } from '@headwater/testing';
import { ConnectorError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { dateTimeCursor } from '../../src/stream/cursors/date-time-cursor.ts';
import { tokenCursor } from '../../src/stream/cursors/token-cursor.ts';
import type { PageContext } from '../../src/stream/page-context.ts';
import type { ChildSlice } from '../../src/stream/slice.ts';
import type { StreamContext } from '../../src/stream/stream.ts';
import {
  DatedChildren,
  DatedList,
  List,
  Repos,
  asked,
  changing,
  day,
  idsOf,
  issuesPath,
  optionsFor,
  type ChildOptions,
} from './http-sub-stream-setup.ts';
import { sync } from './run-stream.ts';

test('refuses an incremental parent that has no cursor', async () => {
  await using api = await mockApi({ strict: false });
  changing(api, [{ id: 1, at: day(1) }]);
  const options = optionsFor(api.url);
  const parent = { stream: new Repos(options), incremental: true };
  const { messages } = await sync(new DatedChildren({ ...options, parent, path: issuesPath }), { incremental: true });

  const error = messages.find(({ trace }) => trace?.type === 'ERROR')?.trace?.error;
  expect(error?.internal_message).toContain(new ConnectorError('').code);
  expect(error?.message).toMatch(/"repos" is read as an incremental parent, but has neither cursor nor cursorField/);
});

const sorted = (texts: readonly string[]): string[] => texts.toSorted((one, other) => (one < other ? -1 : 1));

class DatedRepos extends DatedList {
  override readonly name = 'repos';
}

const incrementalIssues = (api: MockApi, more: Partial<ChildOptions> = {}) => {
  const options = optionsFor(api.url);
  const parent = { stream: new DatedRepos(options), incremental: true };
  return new DatedChildren({ ...options, parent, path: issuesPath, ...more });
};

test('reads again only the children of parents that have changed', async () => {
  await using api = await mockApi();
  const repos = [1, 2, 3].map((id) => ({ id, at: day(id) }));
  changing(api, repos);
  const first = await sync(incrementalIssues(api), { incremental: true });
  expect(first.records).toHaveLength(3);
  expect(first.state['parent_state']).toEqual({ repos: { at: day(3) } });

  repos[0] = { id: 1, at: day(9) };
  const before = api.requests.length;
  const second = await sync(incrementalIssues(api), { incremental: true, state: first.state });

  expect(second.records.map(({ id }) => id)).toEqual(expect.arrayContaining([`1 ${day(9)}`]));
  expect(second.records.map(({ id }) => id)).not.toContain(`2 ${day(2)}`);
  const paths = api.requests.slice(before).map(({ path, query }) => `${path} ${query.get('since')}`);
  expect(sorted(paths)).toEqual([`/repos ${day(3)}`, `/repos/1/issues ${day(1)}`, `/repos/3/issues ${day(3)}`]);
  expect(second.state).toEqual({
    states: [
      { partition: { repos_id: 1 }, cursor: { at: day(9) } },
      { partition: { repos_id: 2 }, cursor: { at: day(2) } },
      { partition: { repos_id: 3 }, cursor: { at: day(3) } },
    ],
    parent_state: { repos: { at: day(9) } },
  });
});

test('holds the state of a parent back as long as one of its children has failed', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2].map((id) => ({ id, at: day(id) })),
  );
  api.on('GET /repos/2/issues', { status: 404 }, { body: { items: [{ id: 'late', at: day(2) }] } });
  const first = await sync(incrementalIssues(api), { incremental: true });

  expect(first.state).toEqual({ states: [{ partition: { repos_id: 1 }, cursor: { at: day(1) } }] });
  const second = await sync(incrementalIssues(api), { incremental: true, state: first.state });
  expect(second.records.map(({ id }) => id)).toContain('late');
  expect(second.state['parent_state']).toEqual({ repos: { at: day(2) } });
});

test('moves the state of each slice of a parent by itself', async () => {
  await using api = await mockApi();
  class Regional extends DatedRepos {
    override slices() {
      return [{ region: 'eu' }, { region: 'us' }];
    }
    override path({ slice }: PageContext) {
      return `${slice['region']}/repos`;
    }
  }
  api.on('GET /eu/repos', { body: { items: [{ id: 1, at: day(1) }] } });
  api.on('GET /us/repos', { body: { items: [{ id: 2, at: day(2) }] } });
  api.on('GET /repos/1/issues', { status: 404 }, { body: { items: [{ id: 'late', at: day(1) }] } });
  api.on('GET /repos/2/issues', { body: { items: [] } });
  const stream = () => {
    const options = optionsFor(api.url);
    return incrementalIssues(api, { parent: { stream: new Regional(options), incremental: true } });
  };
  const first = await sync(stream(), { incremental: true });
  expect(first.state['parent_state']).toEqual({
    repos: { states: [{ partition: { region: 'us' }, cursor: { at: day(2) } }] },
  });

  const before = api.requests.length;
  const second = await sync(stream(), { incremental: true, state: first.state });
  expect(second.records).toEqual([{ id: 'late', at: day(1) }]);
  const again = api.requests.slice(before).filter(({ path }) => path.endsWith('/repos'));
  expect(again.map(({ path, query }) => [path, query.get('since')])).toEqual([
    ['/eu/repos', null],
    ['/us/repos', day(2)],
  ]);
});

test('goes on from the state of another kit', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  const state = {
    use_global_cursor: false,
    states: [{ partition: { repos_id: 2, parent_slice: {} }, cursor: { at: day(2) } }],
    state: { at: day(1) },
    parent_state: { repos: { at: day(2) } },
  };
  const { records } = await sync(incrementalIssues(api), { incremental: true, state });

  expect(sorted(asked(api, '/repos'))).toEqual([
    `/repos/2/issues?since=${encodeURIComponent(day(2))}`,
    `/repos/3/issues?since=${encodeURIComponent(day(1))}`,
    `/repos?since=${encodeURIComponent(day(2))}`,
  ]);
  expect(idsOf(records)).toEqual([`2 ${day(2)}`, `3 ${day(3)}`]);
});

test('reads a parent in the parts its cursor cuts it into', async () => {
  await using api = await mockApi();
  const repos = [1, 2, 3, 4, 5, 6].map((id) => ({ id, at: day(id) }));
  api.on('GET /repos', ({ query }) => {
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
    // No more than three, whatever was asked for.
    return { body: { items: repos.filter(({ at }) => at >= from && at < to).slice(0, 3) } };
  });
  api.on('GET /repos/:repo/issues', ({ params }) => ({ body: { items: [{ id: params['repo'], at: day(1) }] } }));
  class Windowed extends List {
    override readonly name = 'repos';
    override readonly cursor = dateTimeCursor({
      field: 'at',
      start: day(1),
      end: day(9),
      step: 'P8D',
      adaptive: { maxRecords: 2, minStep: 'P1D' },
    });
    override requestParams({ window }: PageContext) {
      return { from: window?.start, to: window?.end };
    }
  }
  const options = optionsFor(api.url);
  const parent = { stream: new Windowed(options), incremental: true };
  const { records, state, error } = await sync(new DatedChildren({ ...options, parent, path: issuesPath }), {
    incremental: true,
  });

  expect(error).toBeUndefined();
  expect(idsOf(records)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(state['parent_state']).toEqual({ repos: { at: day(9) } });
});

test('goes on from the token of a parent', async () => {
  await using api = await mockApi();
  api.on('GET /repos', ({ query }) => ({
    body: query.has('token') ? { items: [], token: 'b' } : { items: [{ id: 1 }], token: 'a' },
  }));
  api.on('GET /repos/:repo/issues', { body: { items: [{ id: 1, at: day(1) }] } });
  class Tokened extends List {
    override readonly name = 'repos';
    override readonly cursor = tokenCursor({ from: ({ body }) => (body as { readonly token: string }).token });
    override requestParams({ state }: PageContext) {
      return { token: state['token'] };
    }
  }
  const stream = () => {
    const options = optionsFor(api.url);
    const parent = { stream: new Tokened(options), incremental: true };
    return new DatedChildren({ ...options, parent, path: issuesPath });
  };
  const first = await sync(stream(), { incremental: true });
  const second = await sync(stream(), { incremental: true, state: first.state });

  expect(first.records).toHaveLength(1);
  expect(second.records).toEqual([]);
  expect(asked(api, '/repos')).toEqual(['/repos', '/repos/1/issues', '/repos?token=a']);
  expect(second.state['parent_state']).toMatchObject({ repos: { token: 'b' } });
});

/** Reads the issues of the parents it is not told to leave out. */
class Chosen extends DatedChildren {
  isLeftOut: (repo: unknown) => boolean = () => false;

  override async *slices(context: StreamContext): AsyncIterable<ChildSlice> {
    for await (const child of super.slices(context)) if (!this.isLeftOut(child.slice['repos_id'])) yield child;
  }
}

const chosenIssues = (api: MockApi, isLeftOut: Chosen['isLeftOut'], more: Partial<ChildOptions> = {}): Chosen => {
  const options = optionsFor(api.url);
  const stream = new Chosen({
    ...options,
    parent: { stream: new DatedRepos(options), incremental: true },
    path: issuesPath,
    ...more,
  });
  stream.isLeftOut = isLeftOut;
  return stream;
};

test('moves the state of a parent though slices leaves some of its children out', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  const some = await sync(
    chosenIssues(api, (repo) => repo === 2),
    { incremental: true },
  );
  const none = await sync(
    chosenIssues(api, () => true),
    { incremental: true },
  );

  expect(idsOf(some.records)).toEqual([`1 ${day(1)}`, `3 ${day(3)}`]);
  expect(some.state['parent_state']).toEqual({ repos: { at: day(3) } });
  expect(none.records).toEqual([]);
  expect(none.state['parent_state']).toEqual({ repos: { at: day(3) } });
});

test('holds the state of a parent back for a child that fails, though others are left out', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  api.on('GET /repos/3/issues', { status: 404 });
  const { state } = await sync(
    chosenIssues(api, (repo) => repo === 2),
    { incremental: true },
  );

  expect(state).toEqual({ states: [{ partition: { repos_id: 1 }, cursor: { at: day(1) } }] });
});

test('holds the state of a parent back that slices has not read to its end', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  class First extends Chosen {
    override async *slices(context: StreamContext): AsyncIterable<ChildSlice> {
      for await (const child of super.slices(context)) {
        yield child;
        return;
      }
    }
  }
  const options = optionsFor(api.url);
  const parent = { stream: new DatedRepos(options), incremental: true };
  const { records, state } = await sync(new First({ ...options, parent, path: issuesPath }), { incremental: true });

  expect(records).toHaveLength(1);
  expect(state).not.toHaveProperty('parent_state');
});

test('holds the state of a parent back until children are read that slices has kept for later', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  class Sorted extends Chosen {
    override async *slices(context: StreamContext): AsyncIterable<ChildSlice> {
      const all: ChildSlice[] = [];
      for await (const child of super.slices(context)) all.push(child);
      yield* all.toReversed();
    }
  }
  api.on('GET /repos/1/issues', { status: 404 });
  const options = optionsFor(api.url);
  const parent = { stream: new DatedRepos(options), incremental: true };
  const { records, states } = await sync(new Sorted({ ...options, parent, path: issuesPath }), { incremental: true });

  expect(records).toHaveLength(2);
  expect(states.filter((state) => 'parent_state' in state)).toEqual([]);
});

test('makes slices of the records of a parent that are wanted', async () => {
  await using api = await mockApi();
  changing(
    api,
    [1, 2, 3].map((id) => ({ id, at: day(id) })),
  );
  const options = optionsFor(api.url);
  const parent = { stream: new DatedRepos(options), incremental: true, where: ({ id }: JsonObject) => id !== 2 };
  const { records, state } = await sync(
    chosenIssues(api, () => false, { parent }),
    { incremental: true },
  );

  expect(idsOf(records)).toEqual([`1 ${day(1)}`, `3 ${day(3)}`]);
  expect(state['parent_state']).toEqual({ repos: { at: day(3) } });
});
