import {
  ApiKeyAuthenticator,
  HttpStream,
  linkHeader,
  recordsOf,
  type HttpResponse,
  type HttpStreamOptions,
  type PageContext,
  type StreamContext,
} from '@headwater/core';
import type { Commit, Config, Issue, Repository } from './record-types.ts';

/** What all streams of this API share. */
abstract class ApiStream<R extends Repository | Issue | Commit> extends HttpStream<R, Config> {
  override readonly urlBase = `${this.config.base_url}/v1`;
  override readonly authenticator = new ApiKeyAuthenticator({ header: 'X-API-Key', key: this.config.api_key });
}

/** Full refresh: all repositories, page by page. The cache serves `Commits`, which asks for them too. */
export class Repositories extends ApiStream<Repository> {
  override readonly primaryKey = 'id';
  override readonly recordsPath = '$.items[*]';
  override readonly useCache = true;

  path() {
    return 'repositories';
  }

  override requestParams({ nextPageToken }: PageContext) {
    return { page: nextPageToken ?? 1, per_page: 5 };
  }

  override nextPageToken({ body }: HttpResponse<{ next_page: number | null }>) {
    return body.next_page;
  }
}

/** Incremental: only issues updated since the last sync. They come oldest first, so the state may advance on the way. */
export class Issues extends ApiStream<Issue> {
  override readonly primaryKey = 'id';
  override readonly cursorField = 'updated_at';
  override readonly checkpointEvery = 100;
  override readonly recordsPath = '$.data[*]';

  path() {
    return 'issues';
  }

  override requestParams({ state, nextPageToken, config }: PageContext<Config>) {
    return { since: state['updated_at'] ?? config.start_date, cursor: nextPageToken, per_page: 50 };
  }

  override nextPageToken({ body }: HttpResponse<{ next_cursor: string | null }>) {
    return body.next_cursor;
  }
}

/** A child stream: one slice for each repository. Pages follow the `Link` header. */
export class Commits extends ApiStream<Commit> {
  override readonly primaryKey = 'sha';
  override readonly dependsOn = ['repositories'];
  override readonly paginator = linkHeader();
  readonly #repositories: Repositories;

  constructor({ repositories, ...options }: HttpStreamOptions<Config> & { repositories: Repositories }) {
    super(options);
    this.#repositories = repositories;
  }

  override async *slices(context: StreamContext<Config>) {
    for await (const { name } of recordsOf(this.#repositories, context)) yield { repository: name };
  }

  path({ slice }: PageContext) {
    return `repositories/${encodeURIComponent(String(slice['repository']))}/commits`;
  }

  override parseResponse({ body }: HttpResponse<Commit[]>) {
    return body;
  }
}
