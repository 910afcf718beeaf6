import type { AuthPlan, ConnectorPlan, JsonObject, PaginationPlan } from '../plan/plan.ts';

/** What `headwater new` asks for. */
export interface StarterAnswers {
  /** @default 'Example' */
  readonly title?: string;
  /** Absolute. @default 'https://api.example.com/v1' */
  readonly baseUrl?: string;
  /** @default a bearer token */
  readonly auth?: AuthPlan;
  /** @default page numbers, 100 records a page, and a `has_more` in each page */
  readonly pagination?: PaginationPlan;
}

/**
 * The plan of an imaginary API with these answers: a connector that works, to be changed into one of a real API. It has
 * an incremental stream `items` and a child of it, `item_notes`.
 */
export const starterPlan = (answers: StarterAnswers = {}): ConnectorPlan => {
  const { title = 'Example', baseUrl = 'https://api.example.com/v1', auth = { kind: 'bearer' } } = answers;
  const { pagination = starterPagination('pageNumber') } = answers;
  const common = { query: {}, recordsPath: '$.data[*]', pagination, primaryKey: 'id', guesses: [] } as const;
  return {
    title,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    auth,
    config: [],
    streams: [
      {
        ...common,
        name: 'items',
        description: 'All items, or those that have changed since the last sync.',
        path: '/items',
        pathParams: {},
        cursorField: 'updated_at',
        sinceParam: 'updated_since',
        schema: ITEM,
        examples: ITEMS,
      },
      {
        ...common,
        name: 'item_notes',
        description: 'The notes on each item.',
        path: '/items/{item_id}/notes',
        pathParams: { item_id: { from: 'parent', stream: 'items', field: 'id' } },
        schema: NOTE,
        examples: NOTES,
      },
    ],
    guesses: [],
  };
};

/** The usual options of each way to give page after page. */
export const starterPagination = (kind: PaginationPlan['kind']): PaginationPlan => {
  switch (kind) {
    case 'none':
      return { kind };
    case 'linkHeader':
      return { kind, options: {} };
    case 'nextUrl':
      return { kind, options: { from: '$.next' } };
    case 'cursor':
      return { kind, options: { from: '$.next_cursor', param: 'cursor' } };
    case 'pageNumber':
      return { kind, options: { pageSize: 100, sizeParam: 'per_page', hasMore: '$.has_more' } };
    case 'offset':
      break;
  }
  return { kind, options: { limit: 100, total: '$.total' } };
};

const time = { type: 'string', format: 'date-time' } as const;

const ITEM: JsonObject = {
  type: 'object',
  required: ['id', 'updated_at'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    state: { type: 'string', enum: ['open', 'closed'] },
    price: { type: ['number', 'null'] },
    tags: { type: 'array', items: { type: 'string' } },
    created_at: time,
    updated_at: time,
  },
};

const ITEMS: readonly JsonObject[] = [
  item(1, { name: 'A first item', state: 'open', price: 9.5, tags: ['new'] }),
  item(2, { name: 'A second item', state: 'closed', price: null, tags: [] }),
  item(3, { name: 'A third item', state: 'open', price: 120, tags: ['new', 'large'] }),
];

function item(id: number, more: JsonObject): JsonObject {
  return { id, ...more, created_at: `2026-01-0${id}T08:00:00Z`, updated_at: `2026-02-0${id}T12:30:00Z` };
}

const NOTE: JsonObject = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    text: { type: 'string' },
    author: { type: ['string', 'null'] },
    created_at: time,
  },
};

const NOTES: readonly JsonObject[] = [
  { id: 11, text: 'Checked.', author: 'ann', created_at: '2026-02-03T09:00:00Z' },
  { id: 12, text: 'Sent.', author: null, created_at: '2026-02-04T10:00:00Z' },
];
