import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { recordsOf, type Source } from '@headwater/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { serveExamples } from '../../src/generate/serve-examples.ts';
import { starterPlan } from '../../src/generate/starter-plan.ts';
import type { ConnectorPlan } from '../../src/plan/plan.ts';
import { addStreamsTo, type Added } from '../../src/streams/add-streams.ts';
import { recordAdded } from '../../src/streams/record-added.ts';
import { ROOT } from '../headwater.ts';
import { edit, filesOf, workshop } from './workshop.ts';

const run = promisify(execFile);

let shop: Awaited<ReturnType<typeof workshop>>;
const directories = new Map<string, string>();
const before = new Map<string, Readonly<Record<string, string>>>();
const added = new Map<string, Added>();

/** Makes a connector, lets its author change it, and adds streams. */
const grow = async (
  name: string,
  plan: ConnectorPlan,
  write: (directory: string) => Promise<void>,
  add: (directory: string) => Promise<Added>,
): Promise<void> => {
  const directory = await shop.make(name, plan);
  directories.set(name, directory);
  await write(directory);
  before.set(name, await filesOf(directory));
  added.set(name, await add(directory));
};

const HAND_WRITTEN = `import { ApiStream } from '../api.ts';
import type { Note } from '../record-types.ts';

export class Notes extends ApiStream<Note> {
  override readonly name = 'my_notes';
  override readonly recordsPath = '$[*]';
  path() {
    return 'notes';
  }
}
`;

beforeAll(async () => {
  shop = await workshop();
  const openapi = shop.openapi;
  await grow(
    'alone',
    await shop.planOf('customers'),
    async (directory) => {
      await edit(join(directory, 'src/streams/customers.ts'), (text) => `// Mine.\n${text}`);
      await edit(join(directory, 'src/api.ts'), (text) =>
        text.replace('urlBase', "shortfall = 'fail';\n  override readonly urlBase"),
      );
    },
    (directory) => addStreamsTo(directory, { openapi }, ['lines', 'members', 'events', 'products']),
  );
  await grow(
    'with_child',
    await shop.planOf('orders', 'products'),
    async (directory) => {
      await writeFile(join(directory, 'src/streams/notes.ts'), HAND_WRITTEN);
      await writeFile(join(directory, 'schemas/notes.json'), JSON.stringify({ title: 'Note', type: 'object' }));
      await edit(join(directory, 'src/streams.ts'), (text) =>
        text
          .replace(/(?=\n\/\*\*)/, "import { Notes } from './streams/notes.ts';\n")
          .replace(/\];/, ', new Notes({ config })];'),
      );
    },
    (directory) => addStreamsTo(directory, { openapi }, ['lines', 'members']),
  );
  await grow(
    'from_samples',
    starterPlan({ baseUrl: 'https://api.acme.test/v1', auth: { kind: 'bearer' } }),
    () => mkdir(join(shop.path, 'from_samples/cassettes')),
    async (directory) => {
      const answer = (path: string, body: unknown) => ({
        request: { method: 'GET', url: `https://api.acme.test${path}`, headers: [] },
        response: { status: 200, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(body) } },
      });
      const entries = [
        answer('/v1/refunds', { data: [{ id: 1, amount: 5 }] }),
        answer('/v1/items', { data: [{ id: 1, name: 'there already' }] }),
        answer('/v1/items/1/parts', { data: [{ id: 11, item_id: 1 }] }),
      ];
      const har = await shop.write('acme.har', { log: { entries } });
      return addStreamsTo(directory, { fromResponse: [har] }, []);
    },
  );
}, 60_000);
afterAll(() => shop.remove());

const addedTo = (name: string): Added => {
  const found = added.get(name);
  if (!found) throw new Error(`Nothing was added to ${name}.`);
  return found;
};
const changeOf = (name: string) => addedTo(name).change;
const textOf = (name: string, path: string): Promise<string> =>
  readFile(join(directories.get(name) ?? '', path), 'utf8');

/** The number of records of each stream, as the code of a connector reads them from the examples of a plan. */
const countsOf = async (name: string, plan: ConnectorPlan): Promise<Record<string, number>> => {
  await using api = await serveExamples(plan);
  const { ApiSource } = await import(pathToFileURL(join(directories.get(name) ?? '', 'src/source.ts')).href);
  const source: Source = new ApiSource();
  const config = { ...api.config, start_date: '2000-01-01T00:00:00Z' };
  const counts: Record<string, number> = {};
  for (const stream of await source.streams(config)) {
    counts[stream.name] = 0;
    if (stream.name !== 'my_notes') for await (const _ of recordsOf(stream)) counts[stream.name]! += 1;
  }
  expect(api.unexpected).toEqual([]);
  return counts;
};

test('makes connectors that compile, tests included', async () => {
  const options = JSON.parse(await readFile(join(ROOT, 'templates/source-api/tsconfig.json'), 'utf8'));
  const include = ['*/src', '*/test/streams.test.ts'];
  await writeFile(join(shop.path, 'tsconfig.json'), JSON.stringify({ ...options, include }));
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const ran = await run(tsc, ['--noEmit', '-p', shop.path]).catch((error: { stdout: string }) => error);

  expect(ran.stdout).toBe('');
}, 30_000);

test('adds streams that read, with the parents they need and those that were there', async () => {
  const all = await shop.planOf('customers', 'orders', 'lines', 'members', 'events', 'products');

  const alone = await countsOf('alone', all);
  const child = await countsOf('with_child', all);

  expect(Object.keys(alone)).toEqual(['customers', 'orders', 'lines', 'members', 'events', 'products']);
  expect(Object.values(alone)).not.toContain(0);
  expect(Object.keys(child)).toEqual(['customers', 'orders', 'products', 'my_notes', 'lines', 'members']);
  expect(child).toMatchObject({ customers: alone['customers'], lines: alone['lines'], members: alone['members'] });
  expect(added.get('alone')?.asParents).toEqual(['orders']);
  expect(added.get('with_child')?.asParents).toEqual([]);
});

test('leaves the files of the author as they are, and says which it has changed', async () => {
  for (const [name, files] of before) {
    const after = await filesOf(directories.get(name) ?? '');
    const { created, changed, toDo } = changeOf(name);
    const differing = Object.keys(after).filter(
      (path) => !path.startsWith('cassettes/') && after[path] !== files[path],
    );
    expect({ name, differing: new Set(differing) }).toEqual({
      name,
      differing: new Set([...created.keys(), ...changed.keys()]),
    });
    expect(Object.keys(files).filter((path) => !(path in after))).toEqual([]);
    expect(toDo).toEqual([]);
  }
  expect(new Set(changeOf('with_child').changed.keys())).toEqual(
    new Set([
      'GUESSES.md',
      'README.md',
      'config.example.json',
      'spec.json',
      'src/record-types.ts',
      'src/streams.ts',
      'test/streams.test.ts',
    ]),
  );
});

test('gives children the base class that the author has changed for the others', async () => {
  const api = await textOf('alone', 'src/api.ts');

  expect(api.match(/shortfall = 'fail';/g)).toHaveLength(2);
  expect(api).toContain('export abstract class ApiSubStream<R extends JsonObject> extends HttpSubStream<R, Config> {');
});

test('takes the shared paginator where it is the same, and no other', async () => {
  expect(await textOf('with_child', 'src/api.ts')).toContain('export const pages');
  expect(await textOf('with_child', 'src/streams/lines.ts')).not.toContain('pages');
  expect(await textOf('alone', 'src/streams/products.ts')).toContain(
    "paginator = pageNumber({ pageSize: 100, sizeParam: 'per_page' })",
  );
});

test('puts what the paths need into the spec and the example, after what is there', async () => {
  const { connectionSpecification: spec } = JSON.parse(await textOf('alone', 'spec.json'));

  expect(spec.required).toEqual(['workspace']);
  expect(
    Object.entries(spec.properties as Record<string, { order: number }>).map(([name, { order }]) => [name, order]),
  ).toEqual([
    ['base_url', 0],
    ['workspace', 1],
    ['start_date', 2],
  ]);
  expect(JSON.parse(await textOf('alone', 'config.example.json'))).toEqual({ workspace: 'example-workspace' });
});

test('appends what was guessed to GUESSES.md', async () => {
  const [old = '', now] = [before.get('alone')?.['GUESSES.md'], await textOf('alone', 'GUESSES.md')];

  expect(now.startsWith(old.trimEnd())).toBe(true);
  expect(now.slice(old.length)).toContain('## Stream `members`');
  expect(now.match(/^# /gm)).toHaveLength(1);
});

test('adds rows to the tables of README.md', async () => {
  const [old = '', now] = [before.get('alone')?.['README.md'], await textOf('alone', 'README.md')];
  const rows = (text: string) => [...text.matchAll(/^\| (`\w+`) .*\|$/gm)].map(([, name]) => name);

  expect(rows(old)).toEqual(['`customers`', '`base_url`']);
  expect(rows(now)).toEqual(
    '`customers` `orders` `lines` `members` `events` `products` `base_url` `workspace` `start_date`'.split(' '),
  );
});

test('adds all that samples have and the connector has not, below its own base URL', async () => {
  const { streams } = changeOf('from_samples');

  expect(streams.map(({ stream }) => stream.name)).toEqual(['refunds', 'parts']);
  expect(added.get('from_samples')?.present).toEqual(['items']);
  expect(await textOf('from_samples', 'src/streams/refunds.ts')).toContain("return 'refunds'");
  expect(await textOf('from_samples', 'src/streams.ts')).toContain(
    'new Refunds({ config }), new Parts({ config, items })',
  );
});

test('records the examples of streams that need none of those that were there', async () => {
  const sample = addedTo('from_samples');

  expect(await recordAdded(sample, new AbortController().signal)).toEqual({
    files: ['cassettes/refunds.json'],
    missing: ['parts'],
    why: expect.stringContaining('records of other streams'),
  });

  const directory = directories.get('from_samples') ?? '';
  const stream = { name: 'refunds', json_schema: {}, supported_sync_modes: ['full_refresh'] };
  const configured = [{ stream, sync_mode: 'full_refresh', destination_sync_mode: 'append' }];
  await shop.write('catalog.json', { streams: configured });
  const args = ['read', '--config', 'config.example.json', '--catalog', '../catalog.json'];
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    cwd: directory,
    env: { ...process.env, HEADWATER_CASSETTE: 'replay' },
  });
  expect(stdout).toContain('"amount":5');
  expect(Object.keys(await filesOf(directory)).filter((path) => path.startsWith('.headwater-'))).toEqual([]);
}, 60_000);
