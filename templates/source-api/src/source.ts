import { Source, firstRecordOf } from '@headwater/core';
import type { Config } from './record-types.ts';
import { streamsOf } from './streams.ts';
import { Items } from './streams/items.ts';

export class ApiSource extends Source<Config> {
  override readonly directory = new URL('..', import.meta.url);

  /** One record is enough to know that the API is there and the credential is good: a 401 says so by itself. */
  async check(config: Config): Promise<void> {
    await firstRecordOf(new Items({ config }));
  }

  streams(config: Config) {
    return streamsOf(config);
  }
}
