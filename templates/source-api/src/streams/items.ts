import type { PageContext } from '@headwater/core';
import { ApiStream, pages } from '../api.ts';
import type { Config, Item } from '../record-types.ts';

/** All items, or those that have changed since the last sync. */
export class Items extends ApiStream<Item> {
  override readonly primaryKey = 'id';
  override readonly cursorField = 'updated_at';
  override readonly recordsPath = '$.data[*]';
  override readonly paginator = pages;

  path() {
    return 'items';
  }

  override requestParams({ state, config }: PageContext<Config>) {
    return { updated_since: state['updated_at'] ?? config.start_date };
  }
}
