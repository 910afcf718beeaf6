import { expect, test } from '@jest/globals';
import { mockApi, type MockApi } from '@headwater/testing';
import type { JsonObject } from '../../src/protocol/json.ts';
import type { PageContext } from '../../src/stream/page-context.ts';
import type { SliceContext } from '../../src/stream/stream.ts';
import { Children, DatedChildren, List, Repos, asked, idsOf, issuesPath, optionsFor } from './http-sub-stream-setup.ts';
import { sync } from './run-stream.ts';

class Users extends List {}

/** Two pages of parents; each parent has one child that tells whose it is. */
const twoPages = (api: MockApi): void => {
  api.on('GET /repos', ({ query }) => ({
    body: query.get('page') === '2' ? { items: [{ id: 3 }] } : { items: [{ id: 1 }, { id: 2 }], next: 2 },
  }));
  api.on('GET /repos/:repo/issues', ({ params }) => ({ body: { items: [{ id: `issue of ${params['repo']}` }] } }));
};

test('makes a slice of each parent, called after the parent and its key', async () => {
  await using api = await mockApi();
  twoPages(api);
  const options = optionsFor(api.url);
  const slices: unknown[] = [];
  class Noted extends Children {
    override transform(record: JsonObject, { slice }: SliceContext) {
      slices.push(slice);
      return record;
    }
  }
  const { records, error } = await sync(new Noted({ ...options, parent: new Repos(options), path: issuesPath }));

  expect(error).toBeUndefined();
  expect(idsOf(records)).toEqual(['issue of 1', 'issue of 2', 'issue of 3']);
  expect(slices).toHaveLength(3);
  expect(slices).toEqual(expect.arrayContaining([{ repos_id: 1 }, { repos_id: 2 }, { repos_id: 3 }]));
});

test('calls the key as the parent says, and takes it from the path it says', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ id: 1, owner: { login: 'ann' } }] } });
  api.on('GET /users/:user', ({ params }) => ({ body: { items: [{ id: params['user'] }] } }));
  const options = optionsFor(api.url);
  const parent = { stream: new Repos(options), key: ['owner', 'login'], as: 'user' };
  const { records } = await sync(new Children({ ...options, parent, path: ({ slice }) => `users/${slice['user']}` }));

  expect(records).toEqual([{ id: 'ann' }]);
});

test('reads children while their parents still come', async () => {
  await using api = await mockApi();
  let childIsThere = (): void => {};
  const child = new Promise<void>((resolve) => (childIsThere = resolve));
  api.on('GET /repos', async ({ query }) => {
    const page = Number(query.get('page') ?? 1);
    // The last but one comes only when a child has been asked for.
    if (page === 3) await child;
    return { body: { items: [{ id: page }], ...(page < 4 && { next: page + 1 }) } };
  });
  api.on('GET /repos/:repo/issues', ({ params }) => {
    childIsThere();
    return { body: { items: [{ id: params['repo'] }] } };
  });
  const options = optionsFor(api.url);
  const { records } = await sync(new Children({ ...options, parent: new Repos(options), path: issuesPath }));

  const order = asked(api, '/repos');
  expect(records).toHaveLength(4);
  expect(order.indexOf('/repos/1/issues')).toBeLessThan(order.indexOf('/repos?page=4'));
});

test('reads children of children, their slices holding the keys of all above', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ id: 'a' }, { id: 'b' }] } });
  api.on('GET /repos/:repo/issues', { body: { items: [{ id: 1 }, { id: 2 }] } });
  api.on('GET /repos/:repo/issues/:issue/comments', ({ params }) => ({
    body: { items: [{ id: `${params['repo']}${params['issue']}`, at: '2026-01-01T00:00:00Z' }] },
  }));
  const options = optionsFor(api.url);
  class Issues extends Children {}
  const issues = new Issues({ ...options, parent: new Repos(options), path: issuesPath });
  const path = ({ slice }: PageContext) => `repos/${slice['repos_id']}/issues/${slice['issues_id']}/comments`;
  const { records, state } = await sync(new DatedChildren({ ...options, parent: issues, path }), { incremental: true });

  expect(idsOf(records)).toEqual(['a1', 'a2', 'b1', 'b2']);
  const partitions = (state['states'] as JsonObject[]).map(({ partition }) => partition);
  expect(partitions).toHaveLength(4);
  expect(partitions).toContainEqual({ repos_id: 'b', issues_id: 1 });
});

test('makes slices of the records of several parents', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ id: 1 }] } });
  api.on('GET /users', { body: { items: [{ id: 1 }, { id: 2 }] } });
  api.on('GET /:kind/:id/notes', ({ params }) => ({ body: { items: [{ id: `${params['kind']} ${params['id']}` }] } }));
  const options = optionsFor(api.url);
  const parent = [new Repos(options), { stream: new Users(options), as: 'user' }];
  const path = ({ slice }: PageContext) =>
    'user' in slice ? `users/${slice['user']}/notes` : `repos/${slice['repos_id']}/notes`;
  const { records } = await sync(new Children({ ...options, parent, path }));

  expect(idsOf(records)).toEqual(['repos 1', 'users 1', 'users 2']);
});

test.each(['one instance of the parent', 'a parent of its own for each'])(
  'fetches each page of a parent once for itself and two children, with %s',
  async (how) => {
    await using api = await mockApi();
    twoPages(api);
    const options = optionsFor(api.url);
    const repos = new Repos(options);
    const parent = () => (how.startsWith('one') ? repos : new Repos(options));
    class Issues extends Children {}
    class Topics extends Children {}
    const all = await sync([
      repos,
      new Issues({ ...options, parent: parent(), path: issuesPath }),
      new Topics({ ...options, parent: parent(), path: (context) => `${issuesPath(context)}?topics=1` }),
    ]);

    expect(all.error).toBeUndefined();
    expect(all.recordsOf('repos')).toHaveLength(3);
    expect(all.recordsOf('issues')).toHaveLength(3);
    expect(all.recordsOf('topics')).toHaveLength(3);
    expect(asked(api, '/repos').filter((url) => !url.includes('issues'))).toEqual(['/repos', '/repos?page=2']);
  },
);

test('shows the extra fields of the parent to the hooks and keeps them out of the state', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ id: 1, slug: 'one', size: 7 }] } });
  api.on('GET /by-slug/:slug', { body: { items: [{ id: 10, at: '2026-01-01T00:00:00Z' }] } });
  const options = optionsFor(api.url);
  const parent = { stream: new Repos(options), extraFields: ['slug', 'missing'] };
  const stream = new DatedChildren({ ...options, parent, path: (context) => `by-slug/${context.parent?.['slug']}` });
  const { records, state } = await sync(stream, { incremental: true });

  expect(records).toHaveLength(1);
  expect(state).toEqual({ states: [{ partition: { repos_id: 1 }, cursor: { at: '2026-01-01T00:00:00Z' } }] });
});

test('fails only the slice whose child fails', async () => {
  await using api = await mockApi();
  twoPages(api);
  api.on('GET /repos/2/issues', { status: 404 });
  const options = optionsFor(api.url);
  const { records, error } = await sync(new Children({ ...options, parent: new Repos(options), path: issuesPath }));

  expect(idsOf(records)).toEqual(['issue of 1', 'issue of 3']);
  expect(String(error)).toContain('/repos/2/issues');
});

test('leaves out parents without the key, with one warning', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ name: 'x' }, { id: 1 }, { id: null }] } });
  api.on('GET /repos/:repo/issues', ({ params }) => ({ body: { items: [{ id: params['repo'] }] } }));
  const options = optionsFor(api.url);
  const { records, error, warnings } = await sync(
    new Children({ ...options, parent: new Repos(options), path: issuesPath }),
  );

  expect(error).toBeUndefined();
  expect(records).toEqual([{ id: '1' }]);
  expect(warnings).toEqual([expect.stringMatching(/parent stream "repos" has no id/)]);
});

test('succeeds when there are no parents', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [] } });
  const options = optionsFor(api.url);
  const { records, error, messages } = await sync(
    new DatedChildren({ ...options, parent: new Repos(options), path: issuesPath }),
    { incremental: true },
  );

  expect(error).toBeUndefined();
  expect(records).toEqual([]);
  expect(messages.at(-1)?.trace?.stream_status?.status).toBe('COMPLETE');
});

test('reads a parent that comes twice once', async () => {
  await using api = await mockApi();
  api.on('GET /repos', { body: { items: [{ id: 1 }, { id: 1 }, { id: 2 }] } });
  api.on('GET /repos/:repo/issues', ({ params }) => ({ body: { items: [{ id: params['repo'] }] } }));
  const options = optionsFor(api.url);
  const { records, warnings } = await sync(new Children({ ...options, parent: new Repos(options), path: issuesPath }));

  expect(idsOf(records)).toEqual(['1', '2']);
  expect(asked(api, '/repos/1/')).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('{"repos_id":1}')]);
});

test('fails the stream when the parent cannot be read to its end, after the children of what came', async () => {
  await using api = await mockApi();
  twoPages(api);
  api.on('GET /repos', { body: { items: [{ id: 1 }], next: 2 } }, { status: 404 });
  const options = optionsFor(api.url);
  const { records, error } = await sync(new Children({ ...options, parent: new Repos(options), path: issuesPath }));

  expect(records).toEqual([{ id: 'issue of 1' }]);
  expect(String(error)).toMatch(/\/repos\?\S+ \(stream "repos" for stream "children"\) was answered with 404/);
});
