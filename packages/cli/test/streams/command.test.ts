import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { headwater } from '../headwater.ts';
import { filesOf, workshop } from './workshop.ts';

let shop: Awaited<ReturnType<typeof workshop>>;
let directory: string;

beforeAll(async () => {
  shop = await workshop();
  directory = await shop.make('source-acme', await shop.planOf('customers'));
});
afterAll(() => shop.remove());

const streams = (...args: readonly string[]) => headwater(directory, 'streams', ...args);

test('lists what a description has, and what of it the connector has', () => {
  const { status, stdout } = streams('list', '--openapi', '../acme.json', '--json');
  const people = streams('list', '--openapi', '../acme.json');

  expect(status).toBe(0);
  const offers: { name: string; present: boolean; taken: boolean }[] = JSON.parse(stdout).streams;
  expect(offers.map(({ name, present, taken }) => [name, present, taken])).toEqual([
    ['customers', true, true],
    ['orders', false, true],
    ['lines', false, true],
    ['members', false, false],
    ['events', false, true],
    ['products', false, true],
  ]);
  expect(offers[3]).toMatchObject({ path: '/workspaces/{workspace}/members', config: ['workspace'] });
  expect(people.stdout).toBe('');
  expect(people.stderr).toMatch(/customers +\/customers +in the connector\n/);
  expect(people.stderr).toContain('6 streams, 1 of them in the connector.');
});

test('adds streams from the folder of the connector, in words and as one JSON document', async () => {
  const { status, stdout, stderr } = streams('add', 'members', 'orders', '--openapi', '../acme.json', '--json');

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    directory,
    streams: [
      { name: 'orders', path: '/customers/{customer_id}/orders', parent: 'customers' },
      { name: 'members', path: '/workspaces/{workspace}/members' },
    ],
    created: ['src/streams/orders.ts', 'schemas/orders.json', 'src/streams/members.ts', 'schemas/members.json'],
    config: [{ name: 'workspace', required: true }],
    toDo: [],
  });
  expect(stderr).toContain('2 streams added to ');
  expect(stderr).toContain('The config needs workspace from now on');
  expect(stderr).toContain('  members: primary key: id. The records have a field "id".');
  expect(stderr).toContain('No cassettes for orders, members: the connector has no folder "cassettes".');
  expect(Object.keys(await filesOf(directory))).toEqual(expect.arrayContaining(['src/streams/members.ts']));
  expect(headwater(directory, 'types', '--check')).toMatchObject({ status: 0 });
  expect(streams('add', 'members', '--openapi', '../acme.json')).toMatchObject({
    status: 1,
    stdout: '',
    stderr:
      '"members" (src/streams/members.ts) is in the connector already. Nothing was added: name only streams that are not.\n',
  });
});

test.each([
  ['nothing says where', ['add', 'orders'], "option '--openapi' or option '--from-response'"],
  ['two places', ['add', '--openapi', 'a', '--from-response', 'b'], "option '--openapi' or option '--from-response'"],
  ['a header for a description', ['add', '--openapi', 'a', '--header', 'A: b'], "is for '--from-response' only"],
])('exits with 2 when told of %s', (_, args, message) => {
  const { status, stderr } = streams(...args);

  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
});
