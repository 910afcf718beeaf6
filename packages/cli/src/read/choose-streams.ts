import type { AirbyteCatalog, ConfiguredAirbyteCatalog } from '@headwater/core';

import { CommandError } from '../command-error.ts';
import { nearest } from '../nearest.ts';

export type DiscoveredStream = AirbyteCatalog['streams'][number];
export type ConfiguredStream = ConfiguredAirbyteCatalog['streams'][number];

/**
 * The streams that were asked for, in that order; all when none was.
 *
 * @param asked names, or lists of names with commas
 * @throws CommandError when there is no such stream
 */
export const chooseStreams = ({ streams }: AirbyteCatalog, asked: readonly string[]): readonly DiscoveredStream[] => {
  const names = streams.map(({ name }) => name);
  const wanted = asked.flatMap((text) => (names.includes(text) ? [text] : text.split(',').map((name) => name.trim())));
  if (wanted.length === 0) return streams;
  return [...new Set(wanted)].map((name) => {
    const stream = streams.find((one) => one.name === name);
    if (stream) return stream;
    const [like] = nearest(name.toLowerCase(), names);
    const guess = like === undefined ? '' : ` Did you mean "${like}"?`;
    throw new CommandError(
      `There is no stream ${JSON.stringify(name)}.${guess} The connector has: ${names.join(', ') || 'none'}.`,
    );
  });
};

/** An entry of the configured catalog. A stream that cannot be read incrementally is read in full. */
export const configuredStream = (stream: DiscoveredStream, isIncremental: boolean): ConfiguredStream => {
  const { default_cursor_field: cursor, source_defined_primary_key: key } = stream;
  const mode = isIncremental && supportsIncremental(stream) ? 'incremental' : 'full_refresh';
  return {
    stream,
    sync_mode: mode,
    destination_sync_mode: mode === 'incremental' ? 'append' : 'overwrite',
    ...(cursor && { cursor_field: cursor }),
    ...(key && { primary_key: key }),
  };
};

export const supportsIncremental = ({ supported_sync_modes: modes }: DiscoveredStream): boolean =>
  Array.isArray(modes) && modes.includes('incremental');
