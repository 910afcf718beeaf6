import { Source, firstRecordOf } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Comments, Issues, PullRequests, github } from './streams.ts';

export class GithubSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  /** A token may see some repositories and not others: to the others GitHub answers 404. */
  async check(config: Config): Promise<void> {
    for (const repository of config.repositories) {
      await firstRecordOf(new Issues(github({ ...config, repositories: [repository] })));
    }
  }

  streams(config: Config) {
    const api = github(config);
    const issues = new Issues(api);
    return [issues, new PullRequests(api), new Comments({ ...api, issues })];
  }
}
