import {
  ApiKeyAuthenticator,
  HttpStream,
  HttpSubStream,
  linkHeader,
  type HttpResponse,
  type HttpStreamOptions,
  type PageContext,
  type Parent,
} from '@headwater/core';
import type { Commit, Config, Issue, Repository } from './record-types.ts';

// What all streams of this API share.
const urlOf = ({ base_url }: Config) => `${base_url}/v1`;
const keyOf = ({ api_key }: Config) => new ApiKeyAuthenticator({ header: 'X-API-Key', key: api_key });

/** Full refresh: all repositories, page by page. `Commits` is made of them; each page is asked for once. */
export class Repositories extends HttpStream<Repository, Config> {
  override readonly urlBase = urlOf(this.config);
  override readonly authenticator = keyOf(this.config);
  override readonly primaryKey = 'id';
  override readonly recordsPath = '$.items[*]';

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
export class Issues extends HttpStream<Issue, Config> {
  override readonly urlBase = urlOf(this.config);
  override readonly authenticator = keyOf(this.config);
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
export class Commits extends HttpSubStream<Commit, Config> {
  override readonly urlBase = urlOf(this.config);
  override readonly authenticator = keyOf(this.config);
  override readonly primaryKey = 'sha';
  override readonly parent: Parent;
  override readonly paginator = linkHeader();

  constructor({ repositories, ...options }: HttpStreamOptions<Config> & { repositories: Repositories }) {
    super(options);
    this.parent = { stream: repositories, key: 'name', as: 'repository' };
  }

  path({ slice }: PageContext) {
    return `repositories/${encodeURIComponent(String(slice['repository']))}/commits`;
  }

  override parseResponse({ body }: HttpResponse<Commit[]>) {
    return body;
  }
}
