// Generated from schemas/airbyte-protocol.json by scripts/generate-protocol.ts. Change the schema, then run `npm run generate`.

import type { JsonObject } from './json.ts';

/** The file given by `--catalog`. */
export const configuredCatalogSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['streams'],
  properties: { streams: { type: 'array', items: { $ref: '#/definitions/ConfiguredAirbyteStream' } } },
  definitions: {
    ConfiguredAirbyteStream: {
      type: 'object',
      required: ['stream', 'sync_mode'],
      properties: {
        stream: { $ref: '#/definitions/AirbyteStreamInput' },
        sync_mode: { $ref: '#/definitions/SyncMode' },
        cursor_field: { type: ['array', 'null'], items: { type: 'string' } },
        destination_sync_mode: {
          type: ['string', 'null'],
          enum: ['append', 'overwrite', 'append_dedup', 'overwrite_dedup', 'update', 'soft_delete', null],
        },
        primary_key: { type: ['array', 'null'], items: { type: 'array', items: { type: 'string' } } },
        generation_id: { type: ['integer', 'null'] },
        minimum_generation_id: { type: ['integer', 'null'] },
        sync_id: { type: ['integer', 'null'] },
        destination_object_name: { type: ['string', 'null'] },
        include_files: { type: ['boolean', 'null'] },
      },
    },
    AirbyteStreamInput: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        namespace: { type: ['string', 'null'] },
        json_schema: { type: ['object', 'null'] },
        supported_sync_modes: { type: ['array', 'null'], items: { $ref: '#/definitions/SyncMode' } },
        source_defined_cursor: { type: ['boolean', 'null'] },
        default_cursor_field: { type: ['array', 'null'], items: { type: 'string' } },
        source_defined_primary_key: { type: ['array', 'null'], items: { type: 'array', items: { type: 'string' } } },
        is_resumable: { type: ['boolean', 'null'] },
        is_file_based: { type: ['boolean', 'null'] },
      },
    },
    SyncMode: { type: 'string', enum: ['full_refresh', 'incremental'] },
  },
};
