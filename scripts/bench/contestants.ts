import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { capture } from './child.ts';

/** What a contestant has to deliver. */
export interface Load {
  readonly perPage: number;
  readonly total: number;
  readonly gzip: boolean;
}

export type ContestantName = 'recordsPath' | 'parseResponse' | 'naive' | 'splice';

/** The arguments for `node` that make a contestant deliver a load. */
export type Command = (load: Load) => readonly string[];

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const connector = script('./connector/main.js');

/** All contestants, pointed at the server; files the connector needs go to `directory`. */
export const prepareContestants = async (
  baseUrl: string,
  directory: string,
): Promise<Readonly<Record<ContestantName, Command>>> => {
  const configFile = writeJson(join(directory, 'config.json'), { base_url: baseUrl });
  const catalogs = await discoverCatalogs(configFile);
  const read =
    (stream: string): Command =>
    (load) => {
      const home = join(directory, `${stream}-${load.perPage}-${load.total}${load.gzip ? '-gzip' : ''}`);
      mkdirSync(home, { recursive: true });
      const { perPage: page_size, total, gzip } = load;
      const config = writeJson(join(home, 'config.json'), { base_url: baseUrl, page_size, total, gzip });
      const catalog = writeJson(join(home, 'catalog.json'), catalogs.get(stream));
      return [connector, 'read', '--config', config, '--catalog', catalog];
    };
  const loop =
    (path: string): Command =>
    ({ perPage, total, gzip }) => [
      script(path),
      `${baseUrl}/customers?per_page=${perPage}&total=${total}${gzip ? '&gzip=1' : ''}`,
    ];
  return {
    recordsPath: read('customers'),
    parseResponse: read('parsed_customers'),
    naive: loop('./naive.js'),
    splice: loop('./splice.js'),
  };
};

interface CatalogMessage {
  readonly type: string;
  readonly catalog?: { readonly streams: readonly { readonly name: string }[] };
}

/** A configured catalog for each stream alone, made from what the connector says about itself. */
const discoverCatalogs = async (configFile: string): Promise<ReadonlyMap<string, unknown>> => {
  const output = await capture([connector, 'discover', '--config', configFile]);
  const messages = output
    .trim()
    .split('\n')
    .map((line): CatalogMessage => JSON.parse(line));
  const streams = messages.find(({ type }) => type === 'CATALOG')?.catalog?.streams ?? [];
  const configure = (stream: unknown) => ({
    streams: [{ stream, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' }],
  });
  return new Map(streams.map((stream) => [stream.name, configure(stream)]));
};

const writeJson = (path: string, value: unknown): string => {
  writeFileSync(path, JSON.stringify(value));
  return path;
};
