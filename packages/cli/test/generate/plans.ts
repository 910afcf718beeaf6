import { starterPagination, starterPlan } from '../../src/generate/starter-plan.ts';
import type { AuthPlan, ConnectorPlan, JsonObject, PaginationPlan, StreamPlan } from '../../src/plan/plan.ts';

const oauth = { kind: 'oauth2', tokenUrl: 'https://auth.example.com/oauth2/token' } as const;

export const AUTHS: readonly AuthPlan[] = [
  { kind: 'none' },
  { kind: 'bearer' },
  { kind: 'bearer', scheme: 'Token' },
  { kind: 'basic' },
  { kind: 'api-key', in: 'header', name: 'X-API-Key' },
  { kind: 'api-key', in: 'query', name: 'api key' },
  { ...oauth, grant: 'client_credentials', scopes: ['read', 'list'] },
  {
    ...oauth,
    grant: 'refresh_token',
    consentUrl: 'https://auth.example.com/authorize?prompt=consent',
    scopes: ['read'],
  },
];

export const PAGINATIONS: readonly PaginationPlan[] = [
  starterPagination('none'),
  starterPagination('linkHeader'),
  starterPagination('nextUrl'),
  starterPagination('cursor'),
  { kind: 'cursor', options: { lastRecord: '$.id', param: 'after', hasMore: '$.has_more' } },
  starterPagination('pageNumber'),
  { kind: 'pageNumber', options: {} },
  starterPagination('offset'),
];

/** Each credential and each way to give pages, in two combinations each: neither knows of the other. */
export const starters = (): ReadonlyMap<string, ConnectorPlan> =>
  new Map(
    AUTHS.flatMap((auth, at) =>
      [at, at + 3].map((other) => {
        const pagination = PAGINATIONS[other % PAGINATIONS.length] ?? { kind: 'none' };
        return [`source-${at}-${other}`, starterPlan({ auth, pagination })] as const;
      }),
    ),
  );

const stream = (name: string, path: string, more: Partial<StreamPlan> = {}): StreamPlan => ({
  name,
  path,
  pathParams: {},
  query: {},
  recordsPath: '$[*]',
  primaryKey: 'id',
  pagination: { kind: 'none' },
  schema: { type: 'object', properties: { id: { type: 'integer' } } },
  examples: [{ id: 1 }, { id: 2 }],
  guesses: [],
  ...more,
});

const plan = (streams: readonly StreamPlan[], more: Partial<ConnectorPlan> = {}): ConnectorPlan => ({
  title: 'Acme',
  baseUrl: 'https://api.acme.test',
  auth: { kind: 'none' },
  config: [],
  streams,
  guesses: [],
  ...more,
});

const parent = (name: string, field: string) => ({ from: 'parent', stream: name, field }) as const;
const text = { type: 'string' } as const;

/** Children of children, listed before their parents; one needs two fields of its parent's record. */
export const family = (): ConnectorPlan =>
  plan(
    [
      stream('comments', '/repos/{owner}/{repo}/issues/{number}/comments', {
        pathParams: {
          owner: parent('repos', 'owner'),
          repo: parent('repos', 'name'),
          number: parent('issues', 'number'),
        },
      }),
      stream('issues', '/repos/{owner}/{repo}/issues', {
        pathParams: { owner: parent('repos', 'owner'), repo: parent('repos', 'name') },
        primaryKey: 'number',
        examples: [{ number: 7 }, { number: 8 }],
        schema: { type: 'object', properties: { number: { type: 'integer' } } },
      }),
      stream('repos', '/orgs/{org}/repos', {
        pathParams: { org: { from: 'config', field: 'username' } },
        primaryKey: ['owner', 'name'],
        query: { 'sort-by': 'name', archived: false },
        schema: { type: 'object', properties: { owner: text, name: text } },
        examples: [
          { owner: 'a/b', name: 'one' },
          { owner: 'c d', name: 'two' },
        ],
      }),
      // Its own parameter has the name of one above it.
      stream('labels', '/issues/{number}/labels/{owner}.json', {
        pathParams: { owner: parent('comments', 'id'), number: parent('issues', 'number') },
        examples: [{ id: 31 }],
      }),
    ],
    {
      auth: { kind: 'basic' },
      config: [
        {
          name: 'username',
          schema: { type: 'string', title: 'Organisation', description: 'Whose repositories.' },
          required: false,
          example: 'acme & co',
        },
      ],
    },
  );

const since = (value: unknown, schema: JsonObject): Partial<StreamPlan> => ({
  cursorField: 'changed',
  sinceParam: 'since',
  schema: { type: 'object', properties: { id: { type: 'integer' }, changed: schema } },
  examples: [{ id: 1, changed: value }],
});

/** The same of an API that cannot be asked for what is new. */
const unasked = (value: unknown): Partial<StreamPlan> => {
  const { sinceParam: _, ...rest } = since(value, { type: typeof value === 'string' ? 'string' : 'integer' });
  return rest;
};

/** Each way to write the time of a change, and one that is none. */
export const times = (): ConnectorPlan =>
  plan([
    stream('moments', '/moments', since('2026-02-01T10:00:00Z', { type: 'string', format: 'date-time' })),
    stream('days', '/days', since('2026-02-01', { type: 'string', format: 'date' })),
    stream('seconds', '/seconds', since(1_770_000_000, { type: 'integer' })),
    stream('milliseconds', '/milliseconds', since(1_770_000_000_000, { type: 'integer' })),
    stream('versions', '/versions', since(12, { type: 'integer' })),
    stream('old_moments', '/old', unasked('2026-02-01T10:00:00Z')),
    stream('old_days', '/old', unasked('2026-02-01')),
    stream('old_seconds', '/old', unasked(1_770_000_000)),
    stream('old_milliseconds', '/old', unasked(1_770_000_000_000)),
    stream('old_versions', '/old', unasked(12)),
    stream('old_words', '/old', unasked('a word')),
  ]);

/** What breaks out of a string, a template, a comment, a table or a folder. */
export const HOSTILE: readonly string[] = [
  `*/ globalThis.injected = true; /*`,
  `'; globalThis.injected = true; '`,
  `"; globalThis.injected = true; "`,
  '`; globalThis.injected = true; `',
  '${globalThis.injected = true}',
  '\\${globalThis.injected = true}',
  '../../outside',
  '__proto__',
  'constructor',
  '',
  '中文',
  '\u202Eright to left\u2028globalThis.injected = true\n// ',
  'x'.repeat(300),
  'delete',
  'Date',
  'a-b',
  'a_b',
  'A B',
  '2fa',
  'con',
  'config',
  'http-streams',
  '{{ evil }}',
  '<script>|</script>',
  '\uD800lone',
];

/** A parameter's name ends at a brace or a slash. */
const parameter = (evil: string): string => evil.replaceAll(/[{}/?]/g, '-');

const withOwn = (key: string, value: unknown): JsonObject => Object.fromEntries([[key, value]]);

/** Hostile texts in every place that a description can fill. */
export const hostile = (): ConnectorPlan =>
  plan(
    HOSTILE.map((evil, at) =>
      stream(evil, `/list-${at}/\`$'"\\*/{${parameter(evil)}}`, {
        description: evil,
        pathParams: Object.fromEntries([[parameter(evil), { from: 'config', field: evil }]]),
        query: Object.fromEntries([[evil || 'q', evil]]),
        recordsPath: '$.data[*]',
        primaryKey: evil || 'id',
        cursorField: evil || 'id',
        sinceParam: evil || 'since',
        schema: {
          type: 'object',
          title: evil,
          description: evil,
          properties: withOwn(evil || 'id', { type: 'string', title: evil, description: evil }),
        },
        examples: [withOwn(evil || 'id', `${at}`)],
        guesses: [{ about: evil, decided: evil, because: evil }],
      }),
    ),
    {
      title: HOSTILE.join(' '),
      auth: { kind: 'api-key', in: 'query', name: `key ${HOSTILE[1]}` },
      config: HOSTILE.map((evil) => ({
        name: evil,
        schema: { type: 'string', title: evil, description: evil },
        required: true,
        example: evil.replaceAll(/[^!-~]/g, '-') || 'value',
      })),
      guesses: HOSTILE.map((evil) => ({ about: evil, decided: evil, because: evil })),
    },
  );
