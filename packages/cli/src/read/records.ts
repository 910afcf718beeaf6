import { stringifyJson } from '@headwater/core';

import { isJsonObject } from '../types/read-document.ts';
import type { DiscoveredStream } from './choose-streams.ts';
import type { Output } from './output.ts';
import { recordTable, type Row } from './record-table.ts';
import { countText } from './units.ts';

/** What becomes of the records of a run. */
export interface Records {
  /** Resolves when there is room for the next. */
  add(stream: string, data: Row): Promise<void>;
  end(): Promise<void>;
}

/** Counted, not kept. */
export const noRecords: Records = { async add() {}, async end() {} };

/**
 * Each record as a line of JSON: by itself when one stream was asked for, else as `{"stream": …, "data": …}`.
 *
 * @param before called before each write, to make room on a terminal
 */
export const jsonRecords = (output: Output, isAlone: boolean, before: () => void): Records => ({
  async add(stream, data) {
    before();
    await output.write(`${stringifyJson(isAlone ? data : { stream, data })}\n`);
  },
  end: () => output.end(),
});

/**
 * The first records of each stream as a table, when all is read.
 *
 * @param most rows of a table
 */
export const tableRecords = (output: Output, streams: readonly DiscoveredStream[], most: number): Records => {
  const kept = new Map(streams.map(({ name }) => [name, { rows: [] as Row[], count: 0 }]));
  return {
    async add(stream, data) {
      const table = kept.get(stream);
      if (!table) return;
      table.count++;
      if (table.rows.length < most) table.rows.push(data);
    },
    async end() {
      for (const { name, json_schema: schema } of streams) {
        const { rows = [], count = 0 } = kept.get(name) ?? {};
        if (rows.length === 0) continue;
        const properties = isJsonObject(schema) ? schema['properties'] : undefined;
        const fields = isJsonObject(properties) ? Object.keys(properties) : [];
        const more =
          count > rows.length ? `… and ${countText(count - rows.length)} more: --format json has them all\n` : '';
        const title = streams.length > 1 ? `${name}\n` : '';
        await output.write(`${title}${recordTable(rows, fields, output.width)}\n${more}\n`);
      }
      await output.end();
    },
  };
};
