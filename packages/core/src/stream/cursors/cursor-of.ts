import type { Stream } from '../stream.ts';
import type { Cursor } from './cursor.ts';
import { growingCursor } from './growing.ts';

/** How a stream knows what is new: its `cursor`, else the simple one of its `cursorField`; undefined when it has none. */
export const cursorOf = ({ cursor, cursorField, checkpointEvery }: Stream): Cursor | undefined =>
  cursor ?? (cursorField === undefined ? undefined : growingCursor(cursorField, checkpointEvery !== undefined));

/** The path to the cursor field in a record; undefined where there is no such field. */
export const cursorPathOf = (stream: Stream): readonly string[] | undefined => {
  const field = cursorOf(stream)?.field;
  return typeof field === 'string' ? [field] : field;
};
