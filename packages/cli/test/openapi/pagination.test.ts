import { expect, test } from '@jest/globals';

import { answers, api, ITEM, list, object, planOf, query } from './descriptions.ts';
import { expectSound } from './invariants.ts';

const TEXT = { type: 'string' };
const COUNT = { type: 'integer' };
const FLAG = { type: 'boolean' };
const PAGE = query('page', COUNT);
const page = (more: object) => object({ data: list(ITEM), ...more });

test.each([
  [
    'a Link header',
    list(ITEM),
    [PAGE, query('per_page', COUNT)],
    { kind: 'linkHeader', options: {} },
    { per_page: 100 },
    { Link: {} },
  ],
  [
    'the URL in the body',
    page({ next_url: TEXT }),
    [query('limit', { ...COUNT, maximum: 250 })],
    { kind: 'nextUrl', options: { from: '$.next_url' } },
    { limit: 250 },
  ],
  [
    'next beside previous',
    page({ next: TEXT, previous: TEXT }),
    [],
    { kind: 'nextUrl', options: { from: '$.next' } },
    {},
  ],
  [
    'a link of HAL',
    page({ _links: object({ next: object({ href: TEXT }) }) }),
    [],
    { kind: 'nextUrl', options: { from: '$._links.next' } },
    {},
  ],
  [
    'a link of OData',
    page({ '@odata.nextLink': TEXT }),
    [],
    { kind: 'nextUrl', options: { from: "$['@odata.nextLink']" } },
    {},
  ],
  [
    'a cursor',
    page({ meta: object({ next_cursor: TEXT }) }),
    [query('cursor')],
    { kind: 'cursor', options: { from: '$.meta.next_cursor' } },
    {},
  ],
  [
    'a page token',
    page({ nextPageToken: TEXT }),
    [query('pageToken'), query('maxResults', { ...COUNT, default: 40 })],
    { kind: 'cursor', options: { from: '$.nextPageToken', param: 'pageToken' } },
    { maxResults: 40 },
  ],
  [
    'the last record',
    page({ has_more: FLAG }),
    [query('starting_after'), query('limit', { ...COUNT, maximum: 100 })],
    { kind: 'cursor', options: { lastRecord: '$.id', param: 'starting_after', hasMore: '$.has_more' } },
    { limit: 100 },
  ],
  ['numbers of pages', list(ITEM), [PAGE], { kind: 'pageNumber', options: {} }, {}],
  [
    'numbers of pages from 0 on, and a total',
    page({ meta: object({ total: COUNT }) }),
    [
      query('p', { ...COUNT, minimum: 0 }),
      query('size', COUNT, { description: 'At most 1,000 of them, 20 by default.' }),
    ],
    { kind: 'pageNumber', options: { param: 'p', start: 0, pageSize: 1000, sizeParam: 'size', total: '$.meta.total' } },
    {},
  ],
  [
    'JSON:API',
    page({ meta: object({}) }),
    [query('page[number]', COUNT), query('page[size]', COUNT)],
    { kind: 'pageNumber', options: { param: 'page[number]', pageSize: 100, sizeParam: 'page[size]' } },
    {},
  ],
  [
    'numbers and how many there are',
    page({ total_pages: COUNT }),
    [PAGE],
    { kind: 'pageNumber', options: { totalPages: '$.total_pages' } },
    {},
  ],
  [
    'an offset',
    page({ total: COUNT, has_more: FLAG }),
    [query('skip', COUNT), query('take', { ...COUNT, maximum: 5000 })],
    { kind: 'offset', options: { param: 'skip', limit: 1000, limitParam: 'take', hasMore: '$.has_more' } },
    {},
  ],
  ['nothing but a size', list(ITEM), [query('limit', COUNT)], { kind: 'none' }, { limit: 100 }],
  [
    'a start that is a date',
    list(ITEM),
    [query('start', { type: 'string', format: 'date' }), query('limit', COUNT)],
    { kind: 'none' },
    { limit: 100 },
  ],
])('pages by %s', async (_, schema, params, pagination, sent, headers: object = {}) => {
  const found = await planOf(api({ '/things': answers(schema, params, { ...headers }) }));
  expectSound(found);
  const [stream] = found.plan.streams;
  expect(stream?.pagination).toEqual(pagination);
  expect(stream?.query).toEqual(sent);
  expect(stream?.guesses.find(({ about }) => about === 'pagination')?.because).not.toBe('');
});
