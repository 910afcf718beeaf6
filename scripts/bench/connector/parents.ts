/** A connector with very many parents: the API is a function in its own process, so that nothing but the kit is measured. */
import { setImmediate } from 'node:timers/promises';

import { HttpStream, HttpSubStream, Source, runSource } from '@headwater/core';
import type { HttpRequest, HttpResponse, PageContext, WireResponse } from '@headwater/core';

type Config = {
  readonly parents: number;
  readonly max_slices: number;
};

const PAGE = 1000;
const FIRST_MOMENT = Date.UTC(2026, 0, 1);
const SCHEMA = {
  type: 'object',
  properties: { id: { type: 'integer' }, updated_at: { type: 'string', format: 'date-time' } },
};

/** Pages of parents, and one child for each of them, which changed at a minute of its own. */
const answer = ({ pathname, searchParams }: URL, parents: number): object => {
  const [, parent] = /^\/parents\/(\d+)\/children$/.exec(pathname) ?? [];
  if (parent) {
    return {
      items: [{ id: Number(parent), updated_at: new Date(FIRST_MOMENT + Number(parent) * 60_000).toISOString() }],
    };
  }
  const start = Number(searchParams.get('start') ?? 0);
  const end = Math.min(start + PAGE, parents);
  const items = Array.from({ length: end - start }, (_, index) => ({ id: start + index }));
  return { items, next: end < parents ? end : null };
};

/** Answers in a later turn of the event loop, as a network does. */
const wireFor =
  (parents: number) =>
  async (request: HttpRequest): Promise<WireResponse> => {
    await setImmediate();
    return {
      request,
      status: 200,
      headers: { 'content-type': 'application/json' },
      url: request.url,
      bytes: Buffer.from(JSON.stringify(answer(new URL(request.url), parents))),
    };
  };

interface Body {
  readonly next: number | null;
}

class Parents extends HttpStream<{ id: number }, Config> {
  override readonly urlBase = 'http://api.invalid';
  override readonly recordsPath = '$.items[*]';
  override readonly schema = SCHEMA;

  path() {
    return 'parents';
  }
  override requestParams({ nextPageToken }: PageContext<Config>) {
    return { start: nextPageToken };
  }
  override nextPageToken({ body }: HttpResponse) {
    return (body as Body).next;
  }
}

class Children extends HttpSubStream<{ id: number; updated_at: string }, Config> {
  override readonly urlBase = 'http://api.invalid';
  override readonly recordsPath = '$.items[*]';
  override readonly schema = SCHEMA;
  override readonly cursorField = 'updated_at';
  override readonly maxSlices = this.config.max_slices;
  override readonly parent = new Parents({ config: this.config, http: { wire: wireFor(this.config.parents) } });

  path({ slice }: PageContext<Config>) {
    return `parents/${Number(slice['parents_id'])}/children`;
  }
}

class ParentsSource extends Source<Config> {
  override readonly spec = {
    connectionSpecification: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['parents', 'max_slices'],
      properties: { parents: { type: 'integer' }, max_slices: { type: 'integer' } },
    },
  };

  async check() {}

  streams(config: Config) {
    return [new Children({ config, http: { wire: wireFor(config.parents) } })];
  }
}

await runSource(new ParentsSource());
