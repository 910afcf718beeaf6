import { expect, test } from '@jest/globals';
import { GraphqlError, GraphqlStream, type JsonObject, type PageContext } from '@headwater/core';
import { collect, mockApi, type MockApi } from '@headwater/testing';
import { quick } from '../http/quick.ts';

interface Config extends JsonObject {
  base_url: string;
}

const QUERY =
  'query ($owner: String!, $after: String) { repository(owner: $owner) { issues(after: $after) { nodes { id } } } }';

class Issues extends GraphqlStream<JsonObject, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly query = QUERY;
  override readonly connection: string = 'repository.issues';
  override variables({ slice }: PageContext<Config>) {
    return { owner: slice['owner'] ?? 'me' };
  }
}

class Tolerant extends Issues {
  override readonly partialData = true;
}

const optionsOf = ({ url }: MockApi) => ({ config: { base_url: url }, http: { retry: quick } });

const issues = (members: JsonObject, errors?: readonly unknown[]) => ({
  body: { data: { repository: { issues: members } }, ...(errors && { errors }) },
});

test('sends the query with its variables and follows the cursor of the connection', async () => {
  await using api = await mockApi();
  api.on(
    'POST /graphql',
    issues({ nodes: [{ id: 1 }, null], pageInfo: { hasNextPage: true, endCursor: 'Y3==' } }),
    issues({ nodes: [{ id: 2 }], pageInfo: { hasNextPage: false, endCursor: 'Y4==' } }),
  );

  expect(await collect(new Issues(optionsOf(api)))).toEqual([{ id: 1 }, { id: 2 }]);
  expect(api.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { query: QUERY, variables: { owner: 'me' } },
    { query: QUERY, variables: { owner: 'me', after: 'Y3==' } },
  ]);
});

test.each([
  ['edges', issues({ edges: [{ node: { id: 1 }, cursor: 'a' }, { node: { id: 2 } }] })],
  ['a plain list', { body: { data: { repository: { issues: [{ id: 1 }, { id: 2 }] } } } }],
])('takes the records from %s', async (_name, reply) => {
  await using api = await mockApi();
  api.on('POST /graphql', reply);

  expect(await collect(new Issues(optionsOf(api)))).toEqual([{ id: 1 }, { id: 2 }]);
});

test.each([
  ['nothing at the connection', { data: { repository: {} } }, /at "repository\.issues" of the data is neither/],
  ['more pages without a cursor', issues({ nodes: [], pageInfo: { hasNextPage: true } }).body, /has no endCursor/],
])('names what is wrong with %s', async (_name, body, message) => {
  await using api = await mockApi();
  api.on('POST /graphql', { body });

  await expect(collect(new Issues(optionsOf(api)))).rejects.toThrow(message);
});

test('fails at once when a 200 has errors, and quotes them', async () => {
  await using api = await mockApi();
  const errors = [{ message: "Field 'isues' does not exist.", path: ['query', 'repository', 0] }, 'odd'];
  api.on('POST /graphql', issues({ nodes: [{ id: 1 }] }, errors));

  const failure = collect(new Issues(optionsOf(api)));

  await expect(failure).rejects.toThrow(GraphqlError);
  await expect(failure).rejects.toMatchObject({
    errors,
    failureType: 'system_error',
    message: expect.stringMatching(/query\.repository\.0: Field 'isues' does not exist; odd\. .* set partialData/),
  });
  expect(api.requests).toHaveLength(1);
});

test('takes the data that came with errors, where the stream says so', async () => {
  await using api = await mockApi();
  api.on('POST /graphql', issues({ nodes: [{ id: 1 }] }, [{ message: 'one node is hidden' }]), {
    body: { data: null, errors: [{ message: 'all is lost' }] },
  });

  expect(await collect(new Tolerant(optionsOf(api)))).toEqual([{ id: 1 }]);
  await expect(collect(new Tolerant(optionsOf(api)))).rejects.toThrow(/all is lost/);
});

test.each([
  ['type', { type: 'RATE_LIMITED', message: 'wait' }],
  ['extensions', { extensions: { code: 'THROTTLED' }, message: 'wait' }],
])('sends the query again when the errors tell of a spent quota by %s', async (_name, error) => {
  await using api = await mockApi();
  api.on('POST /graphql', { body: { errors: [error] } }, issues({ nodes: [{ id: 1 }] }));

  expect(await collect(new Issues(optionsOf(api)))).toEqual([{ id: 1 }]);
  expect(api.requests).toHaveLength(2);
});

test('ends as a passing failure when the quota stays spent', async () => {
  await using api = await mockApi();
  api.on('POST /graphql', { body: { errors: [{ type: 'RATE_LIMITED', message: 'wait' }] } });

  await expect(collect(new Issues(optionsOf(api)))).rejects.toMatchObject({ failureType: 'transient_error' });
  expect(api.requests).toHaveLength(5);
});
