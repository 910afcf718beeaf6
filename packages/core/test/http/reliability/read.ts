import {
  HttpStream,
  Page,
  TokenAuthenticator,
  linkHeader,
  pageNumber,
  sliceContext,
  type HttpOptions,
  type HttpResponse,
  type JsonObject,
  type PageContext,
  type Policy,
} from '@headwater/core';
import { quickClock } from '../quick.ts';
import { PATH } from './servers.ts';
import type { Paging } from './row.ts';

export const SECRET = 's3cret-credential';
/** What the authenticator sends when it is asked for a new credential. */
export const RENEWED = `${SECRET}-renewed`;

interface Config extends JsonObject {
  readonly base_url: string;
}

class Items extends HttpStream<JsonObject, Config> {
  override readonly urlBase: string = this.config.base_url;
  override readonly recordsPath = '$.items[*]';
  override readonly authenticator: Policy = (next) => (request) =>
    new TokenAuthenticator(request.newCredential ? RENEWED : SECRET).authenticate(next)(request);

  path({ slice }: PageContext<Config>): string {
    return PATH.replace('a', String(slice['list']));
  }
  override requestHeaders() {
    return { 'x-api-key': SECRET, cookie: `session=${SECRET}` };
  }
}

class TokenItems extends Items {
  override readonly name = 'items';
  override requestParams({ nextPageToken }: PageContext<Config>) {
    return { page: nextPageToken };
  }
  override nextPageToken({ body }: HttpResponse<{ readonly next?: string | null }>) {
    return body.next;
  }
}

class LinkItems extends Items {
  override readonly name = 'items';
  override readonly paginator = linkHeader();
}

class OffsetItems extends Items {
  override readonly name = 'items';
  override requestParams({ nextPageToken = 0 }: PageContext<Config>) {
    return { offset: nextPageToken, limit: 2 };
  }
  override nextPageToken({ body, nextPageToken = 0 }: HttpResponse<{ readonly items: readonly unknown[] }>) {
    return body.items.length < 2 ? null : Number(nextPageToken) + 2;
  }
}

class NumberItems extends Items {
  override readonly name = 'items';
  override readonly paginator = pageNumber();
}

const STREAMS = { token: TokenItems, link: LinkItems, offset: OffsetItems, number: NumberItems } as const;

/** All that a slice did, up to its end or its failure. */
export interface Reading {
  readonly ids: readonly unknown[];
  readonly error: unknown;
  readonly waits: readonly number[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly throttled: number;
}

/** Reads the slice `{ list: 'a' }` of a stream of the API at `url`, without waiting between attempts. */
export const readItems = async (url: string, paging: Paging = 'token', http: HttpOptions = {}): Promise<Reading> => {
  const clock = quickClock();
  const retry = { clock, backoff: (attempt: number) => attempt, ...http.retry };
  const stream = new STREAMS[paging]({ config: { base_url: url }, http: { ...http, retry } });
  const ids: unknown[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  let throttled = 0;
  const ignore = () => {};
  const log = {
    debug: ignore,
    info: (text: string) => void notes.push(text),
    warn: (text: string) => void warnings.push(text),
    error: ignore,
    fatal: ignore,
  };
  const report = { log, estimate: ignore, throttled: () => void throttled++ };
  let error: unknown;
  try {
    for await (const page of stream.read(sliceContext(stream, { slice: { list: 'a' }, report }))) {
      if (page instanceof Page) ids.push(...page.values.map(({ id }: JsonObject) => id));
    }
  } catch (thrown) {
    error = thrown;
  }
  return { ids, error, waits: clock.waits, warnings, notes, throttled };
};
