import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { addStreamsTo } from '../../src/streams/add-streams.ts';
import { edit, filesOf, workshop } from './workshop.ts';

let shop: Awaited<ReturnType<typeof workshop>>;
let directory: string;

beforeAll(async () => {
  shop = await workshop();
});
afterAll(() => shop.remove());
beforeEach(async () => {
  directory = await shop.make('source-acme', await shop.planOf('orders'));
});
afterEach(() => rm(directory, { recursive: true }));

const add = (...names: readonly string[]) => addStreamsTo(directory, { openapi: shop.openapi }, names);
const file = (path: string): string => join(directory, path);

/** What stops the command; nothing may have been written by then. */
const failureOf = async (...names: readonly string[]): Promise<string> => {
  const before = await filesOf(directory);
  const said = await add(...names).then(
    () => 'no failure',
    (error: unknown) => String(error),
  );
  expect(await filesOf(directory)).toEqual(before);
  return said;
};

test('refuses a stream that is there, by its name and its file', async () => {
  expect(await failureOf('products', 'orders')).toContain(
    '"orders" (src/streams/orders.ts) is in the connector already.',
  );
  await rm(file('src/streams/orders.ts'));
  expect(await failureOf('orders')).toContain('"orders" (schemas/orders.json) is in the connector already.');
});

test('knows a stream by the name that its class says', async () => {
  await edit(file('src/streams/orders.ts'), (text) =>
    text.replace('primaryKey', "name = 'products';\n  override readonly primaryKey"),
  );

  expect(await failureOf('products')).toContain('"products" (src/streams/orders.ts)');
});

test('offers the nearest names for an unknown one, and all of them for none', async () => {
  expect(await failureOf('product')).toMatch(/no stream "product".* Did you mean products/);
  expect(await failureOf()).toContain('Name the streams to add. There are: lines, members, events, products.');

  const sample = await shop.write('refunds.json', [{ id: 1 }]);
  await expect(addStreamsTo(directory, { fromResponse: [sample] }, ['refund'])).rejects.toThrow(
    'Did you mean refunds?',
  );
});

test('refuses a file or a class that is there under another name', async () => {
  await writeFile(file('src/streams/goods.ts'), "export class Products {\n  override readonly name = 'goods';\n}\n");
  expect(await failureOf('products')).toContain('would be the class Products, which src/streams/goods.ts has already');
  await writeFile(file('src/streams/goods.ts'), '');
  await writeFile(file('src/streams/products.ts'), 'export const mine = 1;\n');
  expect(await failureOf('products')).toContain('would be in src/streams/products.ts, which is there already');
});

test('refuses a child whose parent makes other slices or has no such field', async () => {
  await edit(file('src/streams/orders.ts'), (text) => text.replace("as: 'customer_id'", "as: 'customer'"));
  expect(await failureOf('lines')).toMatch(
    /"lines" is a child of "orders", .*\n\n.*as: 'customer_id'.*\n\nsrc\/streams\/orders.ts does it otherwise/,
  );
  await edit(file('schemas/orders.json'), (text) => text.replace('"id": {', '"number": {'));
  expect(await failureOf('lines')).toContain(
    'needs "id" of the records of "orders", but schemas/orders.json has no such field',
  );
});

test('refuses a base class that was written anew, and a folder that is no connector', async () => {
  await writeFile(file('src/api.ts'), 'export const nothing = 1;\n');
  expect(await failureOf('products')).toContain('src/api.ts: there is no class ApiStream');
  await rm(file('src/api.ts'));
  expect(await failureOf('products')).toContain('Go to the folder of a connector');
});

test('tells what to put into a spec that is no JSON', async () => {
  await rm(file('spec.json'));
  await writeFile(file('spec.yaml'), 'connectionSpecification: { properties: {} }\n');

  expect(await failureOf('members')).toMatch(/no spec\.json.*\n\n {2}"workspace": \{"type":"string"/);
});

test('leaves an edited list alone and tells what to put there', async () => {
  await edit(file('src/streams.ts'), (text) => text.replace('return [', '// The order matters.\n  return ['));
  await edit(file('test/streams.test.ts'), (text) => text.replaceAll('configOf', 'configAt'));
  const before = await filesOf(directory);

  const { change } = await add('lines', 'events');

  expect(change.toDo).toEqual([
    {
      file: 'src/streams.ts',
      add: [
        "import { Lines } from './streams/lines.ts';",
        "import { Events } from './streams/events.ts';",
        'new Lines({ config, orders }),',
        'new Events({ config }),',
      ],
    },
    { file: 'test/streams.test.ts', add: ['the field "start_date", in the config of the tests'] },
  ]);
  const after = await filesOf(directory);
  for (const { file: path } of change.toDo) expect(after[path]).toBe(before[path]);
  expect(Object.keys(after)).toContain('src/streams/lines.ts');
});

test('keeps the form of the files it adds to', async () => {
  await writeFile(
    file('spec.json'),
    '{ "connectionSpecification": {"properties":{ "base_url":{"type":"string", "default":"https://api.acme.test/v1"}}}, "mine": 1e2 }',
  );

  await add('members');

  const { 'spec.json': spec = '' } = await filesOf(directory);
  expect(spec).toMatch(/^\{ "connectionSpecification": \{"properties":\{ "base_url":\{"type":"string", "default":/);
  expect(spec).toContain('"mine": 1e2 }');
  expect(JSON.parse(spec).connectionSpecification.required).toEqual(['workspace']);
});

test('gives a field another name where the config uses it for something else', async () => {
  await edit(file('spec.json'), (text) =>
    text.replace('"properties": {', '"properties": { "workspace": { "type": "string", "airbyte_secret": true },'),
  );

  const { change } = await add('members');

  expect(change.missing.map(({ name }) => name)).toEqual(['path_workspace']);
  expect((await filesOf(directory))['src/streams/members.ts']).toContain('config.path_workspace');
});

test('writes nothing when one of the files cannot be written', async () => {
  await rm(file('src/record-types.ts'));
  await mkdir(file('src/record-types.ts/in-the-way'), { recursive: true });

  expect(await failureOf('products')).toContain('Nothing was added.');
});
