import type { AirbyteCatalog } from '@headwater/core';
import { expect, test } from '@jest/globals';

import { catalogOf } from '../src/catalog-of.ts';
import { ConnectorRun } from '../src/connector-run.ts';

const repositories: AirbyteCatalog['streams'][number] = {
  name: 'repositories',
  json_schema: {},
  supported_sync_modes: ['full_refresh'],
};
const issues: AirbyteCatalog['streams'][number] = {
  name: 'issues',
  json_schema: { type: 'object' },
  supported_sync_modes: ['full_refresh', 'incremental'],
  default_cursor_field: ['updated_at'],
  source_defined_primary_key: [['id']],
};
const catalog: AirbyteCatalog = { streams: [repositories, issues] };

const modesOf = (...args: Parameters<typeof catalogOf>) =>
  catalogOf(...args).streams.map(({ stream, sync_mode: mode }) => [stream.name, mode]);

test('reads all streams, incrementally where they support it', () => {
  expect(catalogOf(catalog)).toEqual({
    streams: [
      { stream: repositories, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' },
      {
        stream: issues,
        sync_mode: 'incremental',
        destination_sync_mode: 'append',
        cursor_field: ['updated_at'],
        primary_key: [['id']],
      },
    ],
  });
});

test('takes the streams asked for in their order', () => {
  const all = ['issues', 'repositories'];

  expect(modesOf(catalog, { streams: all }).map(([name]) => name)).toEqual(all);
  expect(modesOf(catalog, { streams: ['issues'] })).toEqual([['issues', 'incremental']]);
});

test('takes a mode for all streams or for one at its word', () => {
  expect(modesOf(catalog, { mode: 'incremental' })).toEqual([
    ['repositories', 'incremental'],
    ['issues', 'incremental'],
  ]);
  expect(modesOf(catalog, { mode: { issues: 'full_refresh' } })).toEqual([
    ['repositories', 'full_refresh'],
    ['issues', 'full_refresh'],
  ]);
});

test('refuses a stream that the catalog does not have', () => {
  const message = 'The catalog has no stream "isues". It has: repositories, issues.';

  expect(() => catalogOf(catalog, { streams: ['isues'] })).toThrow(message);
  expect(() => catalogOf(catalog, { mode: { isues: 'incremental' } })).toThrow(message);
});

test('finds the catalog in what discover printed', () => {
  const ended = { exitCode: 0, signal: null, stdout: '', stderr: '', notJson: [] };

  const run = new ConnectorRun({ ...ended, messages: [{ type: 'CATALOG', catalog }] });
  expect(catalogOf(run)).toEqual(catalogOf(catalog));

  expect(() => catalogOf(new ConnectorRun({ ...ended, exitCode: 1, messages: [] }))).toThrow('Exit code: 1.');
});
