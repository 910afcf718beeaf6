import type { MockApi } from '@headwater/testing';
import type { QueryParams } from '../../src/http/url.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { HttpStream } from '../../src/stream/http-stream.ts';
import type { HttpResponse } from '../../src/stream/http-response.ts';
import { HttpSubStream } from '../../src/stream/http-sub-stream.ts';
import type { Parent } from '../../src/stream/by-parent.ts';
import type { PageContext } from '../../src/stream/page-context.ts';
import type { Stream } from '../../src/stream/stream.ts';
import { quick } from '../http/quick.ts';

const SCHEMA = { type: 'object', properties: { id: { type: ['integer', 'string'] }, at: { type: 'string' } } };

let syncs = 0;

/** Options of the streams of one sync: its cache is its own, as that of a process. */
export const optionsFor = (url: string) => ({
  config: { url },
  http: { retry: quick, cache: { memoryBytes: 2 ** 20 + syncs++ } },
});

export type Options = ReturnType<typeof optionsFor>;

type Body = { readonly next?: number };

/** Pages `{ items, next }` at `/<name>`, of what changed `since`. */
export class List extends HttpStream {
  override readonly urlBase = String(this.config['url']);
  override readonly recordsPath = '$.items[*]';
  override readonly schema: JsonObject = SCHEMA;

  path(_context: PageContext): string {
    return this.name;
  }
  override requestParams({ nextPageToken, state }: PageContext): QueryParams {
    return { page: nextPageToken, since: state['at'] };
  }
  override nextPageToken({ body }: HttpResponse) {
    return (body as Body).next;
  }
}

export class DatedList extends List {
  override readonly cursorField = 'at';
}

export interface ChildOptions extends Options {
  readonly parent: Stream | Parent | readonly (Stream | Parent)[];
  readonly path: (context: PageContext) => string;
}

/** The same for each parent, at the path the test says. */
export class Children extends HttpSubStream {
  override readonly urlBase = String(this.config['url']);
  override readonly recordsPath = '$.items[*]';
  override readonly schema: JsonObject = SCHEMA;
  override readonly parent;
  readonly #path;

  constructor({ parent, path, ...options }: ChildOptions) {
    super(options);
    this.parent = parent;
    this.#path = path;
  }
  path(context: PageContext): string {
    return this.#path(context);
  }
  override requestParams({ nextPageToken, state }: PageContext) {
    return { page: nextPageToken, since: state['at'] };
  }
  override nextPageToken({ body }: HttpResponse) {
    return (body as Body).next;
  }
}

export class DatedChildren extends Children {
  override readonly name: string = 'children';
  override readonly cursorField = 'at';
}

export class Repos extends List {}

/** Paths and queries of the requests under a path, in order of arrival. */
export const asked = (api: MockApi, under: string): string[] =>
  api.requests
    .filter(({ path }) => path.startsWith(under))
    .map(({ path, query }) => (query.size > 0 ? `${path}?${query.toString()}` : path));

export const issuesPath = ({ slice }: PageContext): string => `repos/${slice['repos_id']}/issues`;

export const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00Z`;

/** Parents that changed at a time; asked for with `since`, those of that time or later. A child for each time. */
export const changing = (api: MockApi, repos: { id: number; at: string }[]) => {
  const since = <T extends { readonly at: string }>(items: readonly T[], query: URLSearchParams) => ({
    body: { items: items.filter(({ at }) => at >= (query.get('since') ?? '')) },
  });
  api.on('GET /repos', ({ query }) => since(repos, query));
  api.on('GET /repos/:repo/issues', ({ params, query }) =>
    since(
      repos.filter(({ id }) => id === Number(params['repo'])).map(({ id, at }) => ({ id: `${id} ${at}`, at })),
      query,
    ),
  );
};

/** The ids of records, in the order of their texts: slices are read side by side. */
export const idsOf = (records: readonly JsonObject[]): string[] =>
  records.map(({ id }) => String(id)).toSorted((one, other) => (one < other ? -1 : 1));
