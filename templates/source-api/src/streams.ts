import type { Stream } from '@headwater/core';
import type { Config } from './record-types.ts';
import { Items } from './streams/items.ts';
import { ItemNotes } from './streams/item-notes.ts';

/** All streams. A parent is made once, and what the API says of it is shared by its children. */
export const streamsOf = (config: Config): readonly Stream[] => {
  const items = new Items({ config });
  return [items, new ItemNotes({ config, items })];
};
