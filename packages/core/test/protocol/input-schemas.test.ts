import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';

import { configuredCatalogSchema } from '../../src/protocol/input-schemas.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
const catalog = ajv.compile(configuredCatalogSchema);

test.each([
  ['a minimal stream', { streams: [{ stream: { name: 'issues' }, sync_mode: 'full_refresh' }] }],
  ['no stream', { streams: [] }],
  [
    'members that are null or not known yet',
    { streams: [{ stream: { name: 'issues', namespace: null, color: 1 }, sync_mode: 'incremental', sync_id: null }] },
  ],
  [
    'everything a platform writes',
    {
      streams: [
        {
          stream: {
            name: 'issues',
            json_schema: { type: 'object' },
            supported_sync_modes: ['full_refresh', 'incremental'],
            source_defined_primary_key: [['id']],
          },
          sync_mode: 'incremental',
          cursor_field: ['updated_at'],
          destination_sync_mode: 'append_dedup',
          primary_key: [['id']],
          generation_id: 3,
          minimum_generation_id: 0,
          sync_id: 12,
        },
      ],
    },
  ],
])('accepts a catalog with %s', (_, value) => {
  expect(catalog(value)).toBe(true);
});

test.each([
  ['streams is missing', {}, ''],
  ['a stream has no name', { streams: [{ stream: {}, sync_mode: 'full_refresh' }] }, '/streams/0/stream'],
  ['a sync mode is wrong', { streams: [{ stream: { name: 'a' }, sync_mode: 'full' }] }, '/streams/0/sync_mode'],
  [
    'a cursor field is no path',
    { streams: [{ stream: { name: 'a' }, sync_mode: 'incremental', cursor_field: 'updated_at' }] },
    '/streams/0/cursor_field',
  ],
])('rejects a catalog where %s', (_, value, pointer) => {
  expect(catalog(value)).toBe(false);
  expect(catalog.errors?.map(({ instancePath }) => instancePath)).toEqual([pointer]);
});
