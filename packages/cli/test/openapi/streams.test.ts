import { expect, test } from '@jest/globals';

import { answers, api, inPath, ITEM, list, object, planOf, query } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const TEXT = { type: 'string' };
const TIME = { type: 'string', format: 'date-time' };
const COUNT = { type: 'integer' };

test.each([
  ['a list', list(ITEM), '$[*]'],
  ['a list under a common name', object({ data: list(ITEM), errors: list(object({ code: TEXT })) }), '$.data[*]'],
  [
    'a list named as the path',
    object({ warnings: list(ITEM), other: list(ITEM), items_left: COUNT, things: list(ITEM) }),
    '$.things[*]',
  ],
  ['the only list', object({ whatever: list(ITEM), total: COUNT }), '$.whatever[*]'],
  ['HAL', object({ _embedded: object({ things: list(ITEM) }), _links: object({}) }), '$._embedded.things[*]'],
  ['OData', object({ '@odata.nextLink': TEXT, value: list(ITEM) }), '$.value[*]'],
  ['a list within a result', object({ result: object({ items: list(ITEM), pages: COUNT }) }), '$.result.items[*]'],
  ['a name that is to be quoted', object({ 'the-things': list(ITEM) }), "$['the-things'][*]"],
  ['a composed answer', { allOf: [object({ page: COUNT }), object({ results: list(ITEM) })] }, '$.results[*]'],
  ['a nullable list', { oneOf: [{ type: 'array', items: ITEM }, { nullable: true }] }, '$[*]'],
])('finds the records in %s', async (_, schema, recordsPath) => {
  const found = await planOf(api({ '/things': answers(schema) }));
  expectSound(found);
  expect(found.plan.streams).toMatchObject([{ name: 'things', path: '/things', recordsPath, primaryKey: 'id' }]);
});

test('leaves out what is no list of objects, and says why', async () => {
  const { plan, leftOut } = await planOf(
    api({
      '/things': answers(list(ITEM)),
      '/things/{id}': answers(object({ id: COUNT, parts: list(ITEM) }), [inPath('id')]),
      '/names': answers(list(TEXT)),
      '/rates': answers({ type: 'object', additionalProperties: ITEM }),
      '/status': answers(object({ ok: { type: 'boolean' } })),
      '/logo': { responses: { 200: { description: 'OK', content: { 'image/png': {} } } } },
    }),
  );
  expect(plan.streams.map(({ name }) => name)).toEqual(['things']);
  expect(Object.fromEntries(leftOut.map(({ path, because }) => [path, because]))).toEqual({
    '/things/{id}': 'it answers one object, and none of its lists is the answer',
    '/names': 'it answers a list of strings, not of objects',
    '/rates': 'it answers an object whose member names are data',
    '/status': 'it answers one object, no list',
    '/logo': 'no JSON answer is described',
  });
});

test('takes the shape of an answer from its example', async () => {
  const example = {
    orders: [
      { id: 7, placed_at: '2026-01-01T00:00:00Z' },
      { id: 8, note: null },
    ],
  };
  const get = { responses: { 200: { description: 'OK', content: { 'application/json': { example } } } } };
  const found = await planOf(api({ '/orders': get }));
  expectSound(found);
  expect(found.plan.streams).toMatchObject([
    {
      recordsPath: '$.orders[*]',
      schema: { properties: { id: { type: 'integer' }, placed_at: { type: 'string', format: 'date-time' } } },
    },
  ]);
});

test.each([
  ['id', object({ uuid: TEXT, id: COUNT }), 'id'],
  ['the id of the resource', object({ other_id: TEXT, thingId: TEXT }), 'thingId'],
  ['a uuid', object({ name: TEXT, uuid: TEXT }), 'uuid'],
  ['what one record is asked for by', object({ title: TEXT, slug: TEXT }), 'slug', inPath('slug')],
  [
    'two ids that it joins',
    object({ user_id: COUNT, team_id: COUNT }, { required: ['user_id', 'team_id'] }),
    ['user_id', 'team_id'],
  ],
  [
    'fields that are marked',
    object({ id: COUNT, shop: { ...TEXT, 'x-primary-key': true }, nr: { ...COUNT, 'x-primary-key': true } }),
    ['shop', 'nr'],
  ],
  ['nothing', object({ title: TEXT, id: object({ a: TEXT }) }), undefined],
])('takes as primary key %s', async (_, record, primaryKey, detail = inPath('thing')) => {
  const found = await planOf(
    api({
      '/things': answers(list(record)),
      [`/things/{${detail['name'] as string}}`]: answers(object({}), [detail]),
    }),
  );
  expectSound(found);
  expect(found.plan.streams[0]?.primaryKey).toEqual(primaryKey);
});

test.each([
  ['since with a time', query('since', TIME), 'updated_at'],
  ['updated_after', query('updated_after'), 'updated_at'],
  ['modifiedSince', query('modifiedSince', TIME), 'updated_at'],
  ['created[gte]', query('created[gte]', TIME), 'created_at'],
  ['a start date of the creation', query('start_date', TIME, { description: 'Created on or after.' }), 'created_at'],
  ['since with an id', query('since', COUNT), undefined],
  ['since with something', query('since', TEXT, { description: 'The last name that was seen.' }), undefined],
  ['a parameter that speaks of no time', query('from', TEXT, { description: 'The sender.' }), undefined],
])('decides on a cursor by %s', async (_, param, cursorField) => {
  const record = object({ id: COUNT, created_at: TIME, updated_at: TIME });
  const found = await planOf(api({ '/things': answers(list(record), [param]) }));
  expectSound(found);
  const [stream] = found.plan.streams;
  expect([stream?.cursorField, stream?.sinceParam]).toEqual([cursorField, cursorField && param['name']]);
});

test('gives values to what has to be in the query, and asks for all states', async () => {
  const found = await planOf(
    api({
      '/things': answers(list(ITEM), [
        query('state', { type: 'string', enum: ['open', 'all'], default: 'open' }),
        query('region', { type: 'string', enum: ['eu', 'us'] }, { required: true }),
        query('limit', { type: 'integer', maximum: 50 }),
      ]),
      '/others': answers(list(ITEM), [query('q', TEXT, { required: true })]),
    }),
  );
  expectSound(found);
  expect(found.plan.streams).toMatchObject([{ name: 'things', query: { state: 'all', region: 'eu', limit: 50 } }]);
  expect(found.candidates[1]).toMatchObject({ name: 'others', taken: false, because: expect.stringContaining('"q"') });
});
