import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';

import { configuredCatalogSchema, stateInputSchema, stateMessageSchema } from '../../src/protocol/input-schemas.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
const catalog = ajv.compile(configuredCatalogSchema);
const stateMessage = ajv.compile(stateMessageSchema);
const stateInput = ajv.compile(stateInputSchema);

const issues = { type: 'STREAM', stream: { stream_descriptor: { name: 'issues' }, stream_state: { since: 5 } } };

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

test.each([
  ['of one stream', issues],
  ['of one stream, unused members null', { ...issues, global: null, data: null, sourceStats: null }],
  [
    'of a stream that has none yet',
    { type: 'STREAM', stream: { stream_descriptor: { name: 'a' }, stream_state: null } },
  ],
  ['of all streams', { type: 'GLOBAL', global: { shared_state: {}, stream_states: [issues.stream] } }],
  ['without a type', { stream: issues.stream }],
  ['of the older kind', { type: 'LEGACY', data: { issues: {} } }],
])('accepts a state %s', (_, value) => {
  expect(stateMessage(value)).toBe(true);
  expect(stateInput(value)).toBe(true);
  expect(stateInput([value, value])).toBe(true);
});

test.each([
  ['the stream is missing', { type: 'STREAM' }, ''],
  ['the stream is null', { type: 'STREAM', stream: null }, '/stream'],
  ['the stream has no descriptor', { type: 'STREAM', stream: { stream_state: {} } }, '/stream'],
  ['the global part is missing', { type: 'GLOBAL', stream: issues.stream }, ''],
  ['the type is wrong', { type: 'PER_STREAM', data: {} }, '/type'],
  ['there is nothing', {}, ''],
])('rejects a state where %s', (_, value, pointer) => {
  expect(stateMessage(value)).toBe(false);
  expect(stateMessage.errors?.map(({ instancePath }) => instancePath)).toContain(pointer);
  expect(stateInput([value])).toBe(false);
});

test('accepts a state file of the older form, and an empty one', () => {
  expect(stateInput({ issues: { since: 5 }, comments: {} })).toBe(true);
  expect(stateInput({})).toBe(true);
  expect(stateInput([])).toBe(true);
  expect(stateInput({ issues: 5 })).toBe(false);
});
