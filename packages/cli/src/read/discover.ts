import { catalogOf } from '@headwater/testing';

import { isJsonObject } from '../types/read-document.ts';
import { discoverStreams } from './ask-connector.ts';
import { chooseStreams, type DiscoveredStream } from './choose-streams.ts';
import { findConfig } from './config.ts';
import { findConnector } from './connector.ts';
import { grid } from './grid.ts';
import { standardOutput } from './output.ts';
import type { CommonOptions } from './read.ts';
import { plural } from './units.ts';
import type { Workplace } from './workplace.ts';

export interface DiscoverOptions extends CommonOptions {
  readonly stream: readonly string[];
  /** Whether the catalog is one for `read --catalog`. */
  readonly configured: boolean;
}

/**
 * Shows the streams and their fields, or prints the catalog.
 *
 * @throws CommandError
 */
export const discoverOnce = async (directory: string, options: DiscoverOptions, place: Workplace): Promise<boolean> => {
  const connector = findConnector(directory, options.command);
  const config = await findConfig(connector, options.config, place);
  const { redact } = config;
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const message = options.verbose
    ? ({ log }: { log?: { level: string; message: string } }) => {
        if (log) tell(`${log.level} ${redact(log.message)}`);
      }
    : () => {};
  const asking = {
    connector,
    redact,
    signal: place.signal,
    hearing: { message, line: (line: string) => tell(redact(line)) },
  };
  const streams = chooseStreams(await discoverStreams(asking, config.path), options.stream);
  const print = (document: unknown) => standardOutput().write(`${JSON.stringify(document, undefined, 2)}\n`);
  if (options.configured) await print(catalogOf({ streams: [...streams] }));
  else if (options.json) await print({ streams });
  else tell(`${streams.map(streamText).join('\n\n')}\n\n${plural(streams.length, 'stream')}.`);
  return true;
};

/** A stream as people read it: what it can do, and its fields. */
export const streamText = (stream: DiscoveredStream): string => {
  const {
    name,
    json_schema: schema,
    default_cursor_field: cursor = [],
    source_defined_primary_key: keys = [],
  } = stream;
  const key = keys.map((path) => path.join('.'));
  const properties = isJsonObject(schema) && isJsonObject(schema['properties']) ? schema['properties'] : {};
  const marks = (field: string): string =>
    [...(key.includes(field) ? ['key'] : []), ...(cursor.join('.') === field ? ['cursor'] : [])].join(', ');
  const facts = [
    (stream.supported_sync_modes ?? []).join(', '),
    ...(key.length > 0 ? [`key ${key.join(', ')}`] : []),
    ...(cursor.length > 0 ? [`cursor ${cursor.join('.')}`] : []),
  ];
  const rows = Object.entries(properties).map(([field, property]) => [`  ${field}`, typeText(property), marks(field)]);
  const head = `${name} (${facts.join('; ')})`;
  return rows.length === 0
    ? `${head}\n  no fields in the schema`
    : `${head}\n${grid([{ title: '  field' }, { title: 'type' }, { title: '' }], rows)}`;
};

const typeText = (property: unknown): string => {
  if (!isJsonObject(property)) return 'any';
  const { type = 'any', format, items } = property;
  const types = [type].flat().map(String);
  const inner = types.includes('array') && isJsonObject(items) ? ` of ${typeText(items)}` : '';
  return `${types.filter((one) => one !== 'null').join(' or ')}${inner}${typeof format === 'string' ? `, ${format}` : ''}${
    types.includes('null') ? ' or null' : ''
  }`;
};
