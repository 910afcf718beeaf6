import { runInThisContext } from 'node:vm';
import { silentLogger } from '../../src/output/logger.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { counterCursor } from '../../src/stream/cursors/counter-cursor.ts';
import type { Cursor, OpenCursor, Reading } from '../../src/stream/cursors/cursor.ts';
import { dateTimeCursor } from '../../src/stream/cursors/date-time-cursor.ts';
import { Page } from '../../src/stream/page.ts';
import type { Block } from './markdown.ts';

/** An example of a cursor: its code, and the blocks that follow it. */
export interface CursorExample {
  readonly line: number;
  readonly code: string;
  readonly blocks: ReadonlyMap<string, string>;
}

/** The blocks marked `cursor`, each with those marked otherwise after it. */
export const cursorExamples = (blocks: readonly Block[]): readonly CursorExample[] =>
  blocks.flatMap(({ language, marks, text, line }, index) => {
    if (language !== 'ts' || !marks.includes('cursor')) return [];
    const after = blocks.slice(index + 1);
    const end = after.findIndex((block) => block.language !== 'json');
    const own = after.slice(0, end < 0 ? after.length : end);
    return [{ line, code: text, blocks: new Map(own.map((block) => [block.marks[0] ?? '', block.text])) }];
  });

const NOW = Date.UTC(2026, 2, 10, 12);
const PAGE = 2;

/** Does what the example says, and tells what is in its blocks: `windows`, `emitted`, `pages`, `next`, `cut`. */
export const runExample = async ({ code, blocks }: CursorExample): Promise<Readonly<Record<string, unknown>>> => {
  // The document's own code.
  const make = runInThisContext(`(dateTimeCursor, counterCursor) => (${code.trim().replace(/;$/, '')})`) as (
    dates: typeof dateTimeCursor,
    counts: typeof counterCursor,
  ) => Cursor;
  const cursor = make(dateTimeCursor, counterCursor);
  const open: OpenCursor = await cursor.open({ stream: 'example', log: silentLogger, now: NOW });
  const json = (name: string, otherwise: string) => JSON.parse(blocks.get(name) ?? otherwise) as unknown;
  const before = blocks.has('state') ? open.parse(json('state', '{}') as JsonObject, 'state') : undefined;
  const records = json('records', '[]') as readonly JsonObject[];

  const windows: unknown[] = [];
  const emitted: JsonObject[] = [];
  let pages = 0;
  let progress = before;
  let cut: unknown;
  const read = (reading: Reading): void => {
    windows.push(reading.window);
    // The API of the one example with windows and records can filter; the others' cannot.
    const found = records.filter((record) => !code.includes('adaptive') || isWithin(record, reading));
    for (let at = 0; at < Math.max(1, found.length); at += PAGE) {
      pages++;
      const page = found.slice(at, at + PAGE);
      emitted.push(...page.filter((record) => reading.see?.(record) !== false));
      reading.seePage?.(new Page(page));
      const parts = reading.isTooLarge ? reading.split?.() : undefined;
      if (parts) return parts.forEach(read);
      const covered = reading.covered?.();
      if (pages === 1 && covered !== undefined) cut = open.toJson(covered);
      if (reading.isPast) break;
    }
    const finished = reading.finished();
    if (finished !== undefined) progress = progress === undefined ? finished : open.merge(progress, finished);
  };
  for (const reading of open.readings(before)) read(reading);
  return { windows, emitted, pages, cut, next: progress === undefined ? {} : open.toJson(progress) };
};

/** What an API that takes a window gives. */
const isWithin = ({ at }: JsonObject, { window = {} }: Reading): boolean =>
  (window.start === undefined || String(at) >= String(window.start)) &&
  (window.end === undefined || String(at) < String(window.end));
