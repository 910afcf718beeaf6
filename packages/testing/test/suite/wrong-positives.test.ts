import { expect, test } from '@jest/globals';

import { checkSource, type SuiteReport } from '../../src/suite/check-source.ts';
import type { SourceSuiteOptions } from '../../src/suite/source-options.ts';
import { temporaryFolder } from '../../src/temporary-folder.ts';

/** A source of what `read`, given the last state, makes of its records: one of each shop. */
const verdict = async (read: string, options: Omit<SourceSuiteOptions, 'config'>): Promise<SuiteReport> => {
  await using folder = await temporaryFolder();
  const source = await folder.write(
    'source.mjs',
    `import { readFileSync } from 'node:fs';
const say = (type, member, content) => console.log(JSON.stringify({ type, [member]: content }));
const [command, ...args] = process.argv.slice(2);
const fileOf = (flag) => args.includes(flag) && JSON.parse(readFileSync(args[args.indexOf(flag) + 1], 'utf8'));
const stream = {
  name: 'orders',
  json_schema: { type: 'object', properties: { id: { type: 'integer' }, at: { type: 'string' } } },
  supported_sync_modes: ['full_refresh', 'incremental'],
  default_cursor_field: ['at'],
  source_defined_primary_key: [['id']],
};
const records = [
  { id: 1, shop: 'a', at: '2026-01-01T00:00:00Z' },
  { id: 2, shop: 'a', at: '2026-01-05T00:00:00Z' },
  { id: 3, shop: 'b', at: '2026-02-01T00:00:00Z' },
];
const token = { type: 'string', airbyte_secret: true, examples: ['an-example-token'] };
if (command === 'spec') say('SPEC', 'spec', { connectionSpecification: { type: 'object', properties: { token } } });
else if (command === 'discover') say('CATALOG', 'catalog', { streams: [stream] });
else if (command === 'check') say('CONNECTION_STATUS', 'connectionStatus', { status: 'SUCCEEDED' });
else {
  const state = fileOf('--state') ? fileOf('--state')[0].stream.stream_state : undefined;
  const read = ${read};
  for (const data of read(records, state)) say('RECORD', 'record', { stream: 'orders', data, emitted_at: 1 });
  const shops = { a: '2026-01-05T00:00:00.000Z', b: '2026-02-01T00:00:00.000Z' };
  say('STATE', 'state', { type: 'STREAM', stream: { stream_descriptor: { name: 'orders' }, stream_state: { shops } } });
}`,
  );
  return await checkSource(source, { config: { token: 'an-example-token' }, ...options });
};

const failed = ({ results }: SuiteReport) => results.filter(({ outcome }) => outcome !== 'passed');

const NOT_OLDER = { only: ['incremental-not-older'] };

test('lets a source read again the records that its slices have reached', async () => {
  const lastOfEach = `(all) => all.filter(({ id }) => id > 1)`;

  expect(failed(await verdict(lastOfEach, NOT_OLDER))).toEqual([]);
  expect(failed(await verdict('(all) => all', NOT_OLDER))).toMatchObject([
    { findings: [{ evidence: expect.stringContaining('the read with the last state gives all 3 records again') }] },
  ]);
  expect(failed(await verdict('(all) => all', { ...NOT_OLDER, lookback: { orders: 1e10 } }))).toEqual([]);
});

test('lets a source that takes a state in the future for now look back from there as it says', async () => {
  const only = ['future-state-yields-nothing'];
  const lookback = { orders: 60_000 };
  const dated = (age: number) =>
    `(all, state) => state && state.shops.a > '2900' ? [{ ...all[0], at: new Date(Date.now() - ${age}).toISOString() }] : all`;

  expect(failed(await verdict(dated(10), { only, lookback }))).toEqual([]);
  expect(failed(await verdict(dated(10), { only }))).toHaveLength(1);
  expect(failed(await verdict(dated(3_600_000), { only, lookback }))).toHaveLength(1);
});

test('takes an example of the spec for no leak, unless it is printed elsewhere or given as a secret', async () => {
  const only = ['read-succeeds', 'no-secret-in-output'];
  const loud = `(all) => { say('LOG', 'log', { level: 'INFO', message: 'an-example-token' }); return all; }`;

  expect(failed(await verdict('(all) => all', { only }))).toEqual([]);
  expect(failed(await verdict(loud, { only }))).toHaveLength(1);
  expect(failed(await verdict('(all) => all', { only, secrets: ['an-example-token'] }))).toHaveLength(1);
});
