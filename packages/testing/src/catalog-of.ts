import { ConnectorError, UnknownStreamError } from '@headwater/core';
import type { AirbyteCatalog, ConfiguredAirbyteCatalog } from '@headwater/core';

import { ConnectorRun } from './connector-run.ts';

type AirbyteStream = AirbyteCatalog['streams'][number];
type ConfiguredStream = ConfiguredAirbyteCatalog['streams'][number];
type SyncMode = ConfiguredStream['sync_mode'];

export interface CatalogOptions {
  /**
   * One mode for all streams, or the modes of some by name. It is taken as it is said, supported or not, so that a test
   * can see what the connector makes of it.
   *
   * @default incremental for a stream that supports it
   */
  readonly mode?: SyncMode | Readonly<Record<string, SyncMode>>;
  /**
   * Names of the streams to read, in the order wanted.
   *
   * @default all of the catalog, in its order
   */
  readonly streams?: readonly string[];
}

/**
 * Chooses from what `discover` found what `read --catalog` is to read.
 *
 * @example
 * const catalog = catalogOf(await runConnector(main, ['discover', '--config', config]), { streams: ['issues'] });
 */
export const catalogOf = (
  discovered: ConnectorRun | AirbyteCatalog,
  options: CatalogOptions = {},
): ConfiguredAirbyteCatalog => {
  const { streams: known } = discovered instanceof ConnectorRun ? catalogIn(discovered) : discovered;
  const { mode = {}, streams = known.map(({ name }) => name) } = options;
  const modes = typeof mode === 'string' ? Object.fromEntries(streams.map((name) => [name, mode])) : mode;

  const find = (name: string): AirbyteStream => {
    const stream = known.find((candidate) => candidate.name === name);
    if (stream) return stream;
    const names = known.map((candidate) => candidate.name).join(', ');
    throw new UnknownStreamError(`The catalog has no stream "${name}". It has: ${names}.`);
  };
  for (const name of Object.keys(modes)) find(name);
  return { streams: streams.map((name) => configured(find(name), modes[name])) };
};

const configured = (stream: AirbyteStream, mode: SyncMode | undefined): ConfiguredStream => {
  const syncMode = mode ?? (stream.supported_sync_modes.includes('incremental') ? 'incremental' : 'full_refresh');
  return {
    stream,
    sync_mode: syncMode,
    destination_sync_mode: syncMode === 'incremental' ? 'append' : 'overwrite',
    ...(stream.default_cursor_field && { cursor_field: stream.default_cursor_field }),
    ...(stream.source_defined_primary_key && { primary_key: stream.source_defined_primary_key }),
  };
};

const catalogIn = (run: ConnectorRun): AirbyteCatalog => {
  for (const { catalog } of run.messages) if (catalog) return catalog;
  const reasons = run.errors.map(({ message }) => message);
  throw new ConnectorError(`discover printed no catalog. ${reasons.join(' ') || `Exit code: ${run.exitCode}.`}`);
};
