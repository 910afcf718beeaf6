import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './child.ts';
import { WARM_UP_PAGES, type Observed } from './connector/observe.ts';
import { LineCounter } from './line-counter.ts';

/** What the sliced connector is to read. */
export interface SlicedLoad {
  readonly slices: number;
  /** Pages a slice. */
  readonly pages: number;
  /** Records a page, 100 or 1000. */
  readonly pageSize: number;
  /** Milliseconds until an answer begins. */
  readonly latency: number;
}

/** The arguments for `node` that make the sliced connector read a load; its files go to `directory`. */
export const slicedCommand = (directory: string, baseUrl: string, load: SlicedLoad): readonly string[] => {
  const { slices, pages, pageSize: page_size, latency } = load;
  const write = (name: string, content: unknown): string => {
    const path = join(directory, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const config = write('config.json', { base_url: baseUrl, slices, pages, page_size, latency });
  const catalog = write('catalog.json', {
    streams: ['warm_up', 'sliced'].map((name) => ({
      stream: { name, json_schema: {} },
      sync_mode: name === 'sliced' ? 'incremental' : 'full_refresh',
      destination_sync_mode: 'append',
    })),
  });
  const connector = fileURLToPath(new URL('./connector/sliced.js', import.meta.url));
  return [connector, 'read', '--config', config, '--catalog', catalog];
};

/** Reads a load and throws when not all of it came. */
export const runSliced = async (
  directory: string,
  baseUrl: string,
  load: SlicedLoad,
  options: readonly string[] = [],
): Promise<Observed> => {
  const counter = new LineCounter();
  const file = join(directory, 'observed.json');
  process.env['HEADWATER_BENCH_OBSERVED'] = file;
  await run([...slicedCommand(directory, baseUrl, load), ...options], counter.add);
  const expected = recordsOf(load);
  if (counter.records !== expected) throw new Error(`${counter.records} records came instead of ${expected}.`);
  const observed: Observed = JSON.parse(readFileSync(file, 'utf8'));
  return observed;
};

/** All that come, those of the warm-up too. */
export const recordsOf = ({ slices, pages, pageSize }: SlicedLoad): number =>
  (slices * pages + WARM_UP_PAGES) * pageSize;
