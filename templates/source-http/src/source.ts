import { Source, firstRecordOf } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Commits, Issues, Repositories } from './streams.ts';

export class HttpSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  /** One record is enough to know that the API is there and the key is good: a 401 says so by itself. */
  async check(config: Config): Promise<void> {
    await firstRecordOf(new Repositories({ config }));
  }

  streams(config: Config) {
    const repositories = new Repositories({ config });
    return [repositories, new Issues({ config }), new Commits({ config, repositories })];
  }
}
