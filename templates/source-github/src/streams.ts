import {
  HttpStream,
  HttpSubStream,
  TokenAuthenticator,
  byList,
  dateTimeCursor,
  linkHeader,
  rateBudget,
  type HttpStreamOptions,
  type JsonObject,
  type PageContext,
  type Parent,
} from '@headwater/core';
import type { Comment, Config, Issue, PullRequest } from './record-types.ts';

/** What all streams are made with. They share the quota of the token, of which the headers of every answer tell. */
export const github = (config: Config): HttpStreamOptions<Config> => ({
  config,
  http: {
    rateBudget: rateBudget({ rules: [{ concurrency: 10 }] }),
    retry: {
      rules: [
        // The secondary limits are a 403 while the quota is not spent. If it is, the kit knows by itself.
        { status: 403, text: /secondary rate limit/i, verdict: 'rate-limited' },
        {
          status: 404,
          verdict: 'fail',
          failureType: 'config_error',
          message: 'Correct the name of the repository, or let the token see it.',
        },
        // Issues are switched off for the repository, or one was deleted since it was listed.
        { status: 410, verdict: 'ignore' },
      ],
    },
  },
});

const tokenOf = ({ token }: Config) => new TokenAuthenticator(token);
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** One slice for each repository; pages by the `Link` header, the records being all there is in a page. */
abstract class OfRepositories<R extends JsonObject> extends HttpStream<R, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly authenticator = tokenOf(this.config);
  override readonly paginator = linkHeader();
  override readonly recordsPath = '$[*]';
  override readonly primaryKey = 'id';

  override slices() {
    return byList('repository', this.config.repositories);
  }

  override requestHeaders() {
    return HEADERS;
  }
}

/**
 * Incremental, with a filter of the API. To GitHub every pull request is an issue too: it has `pull_request`.
 *
 * The newest come first on purpose. Pages move while they are read, since an issue that changes becomes the newest: so it
 * comes twice; with the oldest first, the one that moves into its place would be missed.
 */
export class Issues extends OfRepositories<Issue> {
  override readonly cursor = dateTimeCursor({ field: 'updated_at', start: this.config.start_date });

  path({ slice }: PageContext) {
    return `repos/${String(slice['repository'])}/issues`;
  }

  override requestParams({ window }: PageContext) {
    return { state: 'all', sort: 'updated', direction: 'desc', since: window?.start, per_page: 100 };
  }
}

/** Incremental without one: `dataFeed` asks for pages until one reaches back to the state. */
export class PullRequests extends OfRepositories<PullRequest> {
  override readonly cursor = dateTimeCursor({ field: 'updated_at', start: this.config.start_date, dataFeed: true });

  path({ slice }: PageContext) {
    return `repos/${String(slice['repository'])}/pulls`;
  }

  override requestParams() {
    return { state: 'all', sort: 'updated', direction: 'desc', per_page: 100 };
  }
}

/** One slice for each issue; only for those that have changed, since a comment changes its issue. */
export class Comments extends HttpSubStream<Comment, Config> {
  override readonly urlBase = this.config.base_url;
  override readonly authenticator = tokenOf(this.config);
  override readonly paginator = linkHeader();
  override readonly recordsPath = '$[*]';
  override readonly primaryKey = 'id';
  override readonly cursor = dateTimeCursor({ field: 'updated_at', start: this.config.start_date });
  override readonly parent: Parent;

  constructor({ issues, ...options }: HttpStreamOptions<Config> & { issues: Issues }) {
    super(options);
    this.parent = { stream: issues, key: 'number', as: 'issue', incremental: true };
  }

  path({ slice }: PageContext) {
    return `repos/${String(slice['repository'])}/issues/${String(slice['issue'])}/comments`;
  }

  override requestHeaders() {
    return HEADERS;
  }

  override requestParams({ window }: PageContext) {
    return { since: window?.start, per_page: 100 };
  }
}
