import type { HttpStreamOptions, PageContext, Parent } from '@headwater/core';
import { ApiSubStream, pages } from '../api.ts';
import type { Config, ItemNote } from '../record-types.ts';
import type { Items } from './items.ts';

/** The notes on each item. */
export class ItemNotes extends ApiSubStream<ItemNote> {
  override readonly primaryKey = 'id';
  override readonly recordsPath = '$.data[*]';
  override readonly paginator = pages;
  override readonly parent: Parent;

  constructor({ items, ...options }: HttpStreamOptions<Config> & { readonly items: Items }) {
    super(options);
    this.parent = { stream: items, key: 'id', as: 'item_id' };
  }

  path({ slice }: PageContext) {
    return `items/${encodeURIComponent(String(slice['item_id']))}/notes`;
  }
}
