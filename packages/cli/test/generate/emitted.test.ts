import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { recordsOf, type JsonObject, type Source } from '@headwater/core';
import { temporaryFolder } from '@headwater/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { serveExamples } from '../../src/generate/serve-examples.ts';
import { writeConnector } from '../../src/generate/write-connector.ts';
import type { ConnectorPlan } from '../../src/plan/plan.ts';
import { family, hostile, starters, times } from './plans.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const TEMPLATE = join(ROOT, 'templates/source-api');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const plans = new Map([...starters(), ['family', family()], ['times', times()], ['hostile', hostile()]]);

beforeAll(async () => {
  folder = await temporaryFolder();
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  for (const [name, plan] of plans) {
    const directory = join(folder.path, name);
    await mkdir(directory);
    await writeConnector(plan, { name, template: TEMPLATE, directory });
  }
});
afterAll(() => folder.remove());

/** All records of all streams, by name, as the code of a connector reads them from the examples of its plan. */
const readAll = async (name: string, plan: ConnectorPlan): Promise<Record<string, JsonObject[]>> => {
  await using api = await serveExamples(plan);
  const spec = JSON.parse(await readFile(join(folder.path, name, 'spec.json'), 'utf8'));
  const properties: Record<string, { default?: unknown }> = spec.connectionSpecification.properties;
  const defaults = Object.entries(properties).filter(([, field]) => field.default !== undefined);
  const config = { ...Object.fromEntries(defaults.map(([key, field]) => [key, field.default])), ...api.config };

  const { ApiSource } = await import(pathToFileURL(join(folder.path, name, 'src/source.ts')).href);
  const source: Source = new ApiSource();
  const all: Record<string, JsonObject[]> = {};
  expect(await source.check(config)).toBeUndefined();
  for (const stream of await source.streams(config)) {
    all[stream.name] = [];
    for await (const record of recordsOf(stream)) all[stream.name]?.push(record);
  }
  expect(api.unexpected).toEqual([]);
  return all;
};

test('emits connectors that compile, tests included', async () => {
  const options = JSON.parse(await readFile(join(TEMPLATE, 'tsconfig.json'), 'utf8'));
  await writeFile(
    join(folder.path, 'tsconfig.json'),
    JSON.stringify({ ...options, include: ['*/src', '*/test/streams.test.ts'] }),
  );
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const ran = await promisify(execFile)(tsc, ['--noEmit', '-p', folder.path]).catch(
    (error: { stdout: string }) => error,
  );

  expect(ran.stdout).toBe('');
});

test('emits a connector for each credential and each paging that reads all there is', async () => {
  for (const [name, plan] of starters()) {
    const [items, notes] = plan.streams;
    const read = await readAll(name, plan);
    expect({ name, items: read['items'] }).toEqual({ name, items: items?.examples });
    expect({ name, notes: read['item_notes'] }).toEqual({ name, notes: notes?.examples });
  }
});

test('reads children of children, with several fields of a parent', async () => {
  const read = await readAll('family', family());

  expect(read['repos']).toHaveLength(2);
  expect(read['issues']).toEqual([{ number: 7 }, { number: 8 }]);
  expect(read['comments']).toEqual([{ id: 1 }, { id: 2 }]);
  expect(read['labels']).toEqual([{ id: 31 }]);
});

test('asks for changes since the start date in the form of the cursor', async () => {
  await using api = await serveExamples(times());
  const { ApiSource } = await import(pathToFileURL(join(folder.path, 'times/src/source.ts')).href);
  const source: Source = new ApiSource();
  const config = { ...api.config, start_date: '2026-01-02T00:00:00Z' } as JsonObject;
  for (const stream of await source.streams(config)) for await (const _ of recordsOf(stream));

  const asked = Object.fromEntries(api.requests.map(({ path, query }) => [path, query.get('since')]));
  expect(asked).toEqual({
    '/moments': '2026-01-02T00:00:00Z',
    '/days': '2026-01-02',
    '/seconds': '1767312000',
    '/milliseconds': '1767312000000',
    '/versions': null,
    '/old': null,
  });
});

test('lets no text of a description become code, or lead out of the folder', async () => {
  const before = await readdir(folder.path);
  const read = await readAll('hostile', hostile());

  expect('injected' in globalThis).toBe(false);
  expect(Object.keys(read)).toHaveLength(hostile().streams.length);
  for (const [name, records] of Object.entries(read)) expect({ name, records }).toMatchObject({ records: [{}] });
  expect(await readdir(folder.path)).toEqual(before);
  const paths = await readdir(join(folder.path, 'hostile'), { recursive: true });
  for (const path of paths) expect(path).toMatch(/^[\w./-]{1,90}$/);
});
