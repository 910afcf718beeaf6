import type { ConfiguredAirbyteCatalog } from '@headwater/core';

import { isObject, type ExactObject } from './exact-json.ts';
import { streamName } from './observed-run.ts';
import type { RecordIdentity } from './record-sets.ts';
import type { SourceSuiteOptions } from './source-options.ts';

export type ReadMode = 'full' | 'incremental';

/** A stream of the connector, as the rules look at it. */
export interface SuiteStream {
  /** With its namespace, if it has one. */
  readonly name: string;
  readonly schema: ExactObject;
  readonly identity: RecordIdentity;
  /** Path of the cursor field; undefined without one. */
  readonly cursorField: readonly string[] | undefined;
  readonly incremental: boolean;
  readonly fullRefresh: boolean;
  /** Milliseconds, or the unit of the cursor. */
  readonly lookback: number;
  /** The entry of a configured catalog. */
  readonly configured: (mode: ReadMode) => ExactObject;
}

/** The streams of a discovered catalog that the options ask for. @throws TypeError for a name that it lacks */
export const discoveredStreams = (catalog: ExactObject, options: SourceSuiteOptions): SuiteStream[] => {
  const all = listOf(catalog['streams']).map((stream) => suiteStream(stream, {}, options));
  const { streams: names } = options;
  if (names === undefined) return all;
  return names.map((name) => {
    const stream = all.find((candidate) => candidate.name === name);
    if (stream) return stream;
    throw new TypeError(`The catalog has no stream "${name}". It has: ${all.map((known) => known.name).join(', ')}.`);
  });
};

export const givenStreams = (catalog: ConfiguredAirbyteCatalog, options: SourceSuiteOptions): SuiteStream[] =>
  listOf(catalog.streams).map(({ stream, ...entry }) => suiteStream(isObject(stream) ? stream : {}, entry, options));

const suiteStream = (stream: ExactObject, entry: ExactObject, options: SourceSuiteOptions): SuiteStream => {
  const name = streamName(stream, 'name');
  const modes = [stream['supported_sync_modes'] ?? []].flat();
  const incremental =
    entry['sync_mode'] === undefined ? modes.includes('incremental') : entry['sync_mode'] === 'incremental';
  const fullRefresh = !incremental || modes.includes('full_refresh');
  const cursorField = pathOf(entry['cursor_field'] ?? stream['default_cursor_field']);
  const primaryKey = listOf([entry['primary_key'] ?? stream['source_defined_primary_key'] ?? []].flat(1)).map(
    (path) => pathOf(path) ?? [],
  );
  const keys = {
    ...(cursorField && { cursor_field: cursorField }),
    ...(primaryKey.length > 0 && { primary_key: primaryKey }),
  };
  return {
    name,
    schema: isObject(stream['json_schema']) ? stream['json_schema'] : {},
    identity: { primaryKey, unstable: unstablePaths(name, options) },
    cursorField,
    incremental,
    fullRefresh,
    lookback: options.lookback?.[name] ?? 0,
    configured(mode) {
      const syncMode = incremental && (mode === 'incremental' || !fullRefresh) ? 'incremental' : 'full_refresh';
      const destination = syncMode === 'incremental' ? 'append' : 'overwrite';
      return { ...entry, stream, sync_mode: syncMode, destination_sync_mode: destination, ...keys };
    },
  };
};

const unstablePaths = (stream: string, { unstableFields = [] }: SourceSuiteOptions): string[][] =>
  unstableFields.flatMap((field) => {
    const [first = '', second] = field.split(':');
    return second === undefined ? [first.split('.')] : first === stream ? [second.split('.')] : [];
  });

const pathOf = (value: unknown): string[] | undefined => {
  const path = [value ?? []].flat().map(String);
  return path.length === 0 ? undefined : path;
};

const listOf = <T = ExactObject>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);
