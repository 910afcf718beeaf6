import { silentLogger, type Logger } from '../../../src/output/logger.ts';
import type { JsonObject } from '../../../src/protocol/json.ts';
import type { Cursor, OpenCursor, Reading } from '../../../src/stream/cursors/cursor.ts';

export const NOW = '2024-03-10T12:00:00Z';

export interface OpenOptions {
  readonly now?: string;
  readonly warnings?: string[];
}

/** A cursor as a sync that began at `now` has it. */
export const opened = async (cursor: Cursor, { now = NOW, warnings = [] }: OpenOptions = {}): Promise<OpenCursor> => {
  const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  return cursor.open({ stream: 'orders', log, now: Date.parse(now) });
};

/** The readings that are left after a state. */
export const readingsAfter = (cursor: OpenCursor, state: JsonObject = {}): Reading[] => [
  ...cursor.readings(cursor.parse(state, 'The state')),
];

export const windowsAfter = (cursor: OpenCursor, state?: JsonObject): unknown[] =>
  readingsAfter(cursor, state).map(({ window }) => window);

/** The state after these readings, with what was covered before. */
export const stateAfter = (cursor: OpenCursor, readings: Iterable<Reading>, state: JsonObject = {}): JsonObject => {
  let progress = cursor.parse(state, 'The state');
  for (const reading of readings) {
    const covered = reading.finished();
    if (covered === undefined) continue;
    progress = progress === undefined ? covered : cursor.merge(progress, covered);
  }
  return progress === undefined ? {} : cursor.toJson(progress);
};

/** Shows the records to a reading; the ones it lets through. */
export const seen = (reading: Reading, ...records: JsonObject[]): JsonObject[] =>
  records.filter((record) => reading.see!(record));
