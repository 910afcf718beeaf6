import { ConnectorError } from '../errors.ts';
import type { ConfiguredAirbyteStream } from '../protocol/types.ts';
import type { Stream } from '../stream/stream.ts';

/**
 * The configured streams in the order of the catalog, but each after the streams it depends on.
 *
 * @throws ConnectorError when streams depend on each other in a circle
 */
export const inReadingOrder = (
  configured: readonly ConfiguredAirbyteStream[],
  streams: ReadonlyMap<string, Stream>,
): ConfiguredAirbyteStream[] => {
  const ordered = new Set<ConfiguredAirbyteStream>();
  const place = (entry: ConfiguredAirbyteStream, path: readonly string[]): void => {
    const { name } = entry.stream;
    if (ordered.has(entry)) return;
    if (path.includes(name)) {
      throw new ConnectorError(`Streams depend on each other in a circle: ${[...path, name].join(' → ')}.`);
    }
    for (const needed of streams.get(name)?.dependsOn ?? []) {
      for (const other of configured) if (other.stream.name === needed) place(other, [...path, name]);
    }
    ordered.add(entry);
  };
  for (const entry of configured) place(entry, []);
  return [...ordered];
};
