import { gzipSync } from 'node:zlib';

import { demoData, type DemoData } from './demo-data.ts';
import { loopbackServer, type LoopbackServer, type ReceivedRequest } from './loopback-server.ts';
import type { Reply, ReplyHeaders } from './reply.ts';
import { parseRoute, type RouteParams } from './route.ts';
import { toJson } from './to-json.ts';

export interface DemoApiOptions {
  /**
   * What the header `X-API-Key` must say.
   *
   * @default 'demo-key-123'
   */
  readonly apiKey?: string;
  /**
   * Whether one request with a right key, the fifth, meets a 429 and one, the twelfth, a 503.
   *
   * @default true
   */
  readonly faults?: boolean;
  /**
   * The data follow from this number.
   *
   * @default 2026
   */
  readonly seed?: number;
}

export interface DemoApiStats {
  /** All requests answered, those with a 4xx or 5xx too. */
  readonly requests: number;
  /** Answers with 429. */
  readonly rateLimited: number;
  /** Answers with 503. */
  readonly unavailable: number;
  /** Bytes of all bodies sent, as they went over the wire: after compression. */
  readonly bytes: number;
}

/** The API of a small host of source code, on the loopback interface. */
export interface DemoApi extends LoopbackServer {
  readonly apiKey: string;
  /** What the server holds; `api.data.issues.length` is what a full read must find. */
  readonly data: DemoData;
  /** Counted up to this moment. */
  readonly stats: DemoApiStats;
}

const RATE_LIMITED_REQUEST = 5;
const UNAVAILABLE_REQUEST = 12;

/**
 * Starts the API that the demo and the template connector read. A wrong key is answered with 401, JSON is compressed for
 * whom accepts gzip, an error is `{"error": {"code", "message"}}`, and `per_page` is at most 100. It has:
 *
 * - `GET /v1/repositories?page=N&per_page=M`: `{"items": […], "next_page": N | null}`
 * - `GET /v1/issues?since=ISO&cursor=…&per_page=M`: `{"data": […], "next_cursor": "…" | null}`, oldest `updated_at`
 *   first, from `since` on, `since` itself included
 * - `GET /v1/repositories/:name/commits?page=N&per_page=M`: an array, and the next page in the `Link` header
 */
export const demoApi = async (options: DemoApiOptions = {}): Promise<DemoApi> => {
  const { apiKey = 'demo-key-123', faults = true, seed = 2026 } = options;
  const data = demoData(seed);
  const stats = { requests: 0, rateLimited: 0, unavailable: 0, bytes: 0 };
  let admitted = 0;

  const answer = (request: ReceivedRequest): Answer => {
    if (request.headers['x-api-key'] !== apiKey) {
      return failure(401, 'unauthorized', 'The header X-API-Key is missing or wrong.');
    }
    admitted += 1;
    if (faults && admitted === RATE_LIMITED_REQUEST) {
      stats.rateLimited += 1;
      return failure(429, 'rate_limited', 'Too many requests. Try again in a second.', { 'retry-after': 1 });
    }
    if (faults && admitted === UNAVAILABLE_REQUEST) {
      stats.unavailable += 1;
      return failure(503, 'unavailable', 'The service is restarting. Try again soon.');
    }
    for (const [route, respond] of ENDPOINTS) {
      const params = route(request.method, request.path);
      if (params !== undefined) return respond({ ...request, params, data });
    }
    return failure(404, 'not_found', `There is no ${request.method} ${request.path}.`);
  };

  const server = await loopbackServer((request) => {
    stats.requests += 1;
    const { status, content, headers = {} } = answer(request);
    const reply = compressed(request, { status, headers, body: Buffer.from(toJson(content)) });
    stats.bytes += reply.body.length;
    return reply;
  });

  return { ...server, apiKey, data, stats };
};

interface Answer {
  readonly status: number;
  readonly content: unknown;
  readonly headers?: ReplyHeaders;
}

interface Call extends ReceivedRequest {
  readonly params: RouteParams;
  readonly data: DemoData;
}

const listRepositories = ({ query, data }: Call): Answer => {
  const { page, perPage } = paging(query, 5);
  const { items, hasMore } = pageOf(data.repositories, (page - 1) * perPage, perPage);
  return { status: 200, content: { items, next_page: hasMore ? page + 1 : null } };
};

const listIssues = ({ query, data }: Call): Answer => {
  const { perPage } = paging(query, 50);
  const since = query.get('since');
  const earliest = since === null ? -Infinity : Date.parse(since);
  if (Number.isNaN(earliest)) {
    return failure(400, 'invalid_since', `since: ${JSON.stringify(since)} is not a date and time by ISO 8601.`);
  }
  const cursor = query.get('cursor');
  const start = cursor === null ? 0 : startOf(cursor);
  if (start === undefined) return failure(400, 'invalid_cursor', 'cursor: not one that this API gave out.');

  const wanted = data.issues.filter(({ updated_at }) => Date.parse(updated_at) >= earliest);
  const { items, hasMore } = pageOf(wanted, start, perPage);
  return { status: 200, content: { data: items, next_cursor: hasMore ? cursorFor(start + perPage) : null } };
};

const listCommits = ({ path, query, params, headers, data }: Call): Answer => {
  const { name = '' } = params;
  const commits = data.commits.get(name);
  if (commits === undefined) return failure(404, 'not_found', `There is no repository ${JSON.stringify(name)}.`);

  const { page, perPage } = paging(query, 20);
  const { items, hasMore } = pageOf(commits, (page - 1) * perPage, perPage);
  const link = (number: number, relation: string) =>
    `<http://${headers.host}${path}?page=${number}&per_page=${perPage}>; rel="${relation}"`;
  const links = [link(1, 'first'), ...(hasMore ? [link(page + 1, 'next')] : [])];
  return { status: 200, content: items, headers: { link: links.join(', ') } };
};

const ENDPOINTS = [
  [parseRoute('GET /v1/repositories'), listRepositories],
  [parseRoute('GET /v1/issues'), listIssues],
  [parseRoute('GET /v1/repositories/:name/commits'), listCommits],
] as const;

const failure = (status: number, code: string, message: string, headers: ReplyHeaders = {}): Answer => ({
  status,
  content: { error: { code, message } },
  headers,
});

const compressed = (request: ReceivedRequest, reply: Reply & { readonly body: Buffer }) => {
  const headers = { 'content-type': 'application/json; charset=utf-8', vary: 'Accept-Encoding', ...reply.headers };
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return { ...reply, headers };
  return { ...reply, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(reply.body) };
};

/** As many APIs do, a page or a size out of range becomes the nearest that is in range. */
const paging = (query: URLSearchParams, perPage: number) => ({
  page: Math.max(1, integer(query.get('page'), 1)),
  perPage: Math.min(100, Math.max(1, integer(query.get('per_page'), perPage))),
});

const integer = (text: string | null, otherwise: number): number =>
  text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : otherwise;

const pageOf = <T>(items: readonly T[], start: number, size: number) => ({
  items: items.slice(start, start + size),
  hasMore: start + size < items.length,
});

const cursorFor = (start: number): string => Buffer.from(`from:${start}`).toString('base64url');

const startOf = (cursor: string): number | undefined => {
  const [, digits] = /^from:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return digits === undefined ? undefined : Number(digits);
};
