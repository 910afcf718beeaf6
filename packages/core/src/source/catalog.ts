import { ConnectorError, InputFileError } from '../errors.ts';
import { configuredCatalogSchema } from '../protocol/input-schemas.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import type { AirbyteCatalog, AirbyteStream, ConfiguredAirbyteCatalog } from '../protocol/types.ts';
import { inlineRefs, loadSchemaFile } from '../schema/load-schema.ts';
import { validateDocument } from '../schema/validate-document.ts';
import { cursorOf, cursorPathOf } from '../stream/cursors/cursor-of.ts';
import { DELETED_AT } from '../stream/deletes.ts';
import { HttpStream } from '../stream/http-stream.ts';
import { primaryKeyPaths } from '../stream/primary-key.ts';
import { snakeCase } from '../stream/snake-case.ts';
import type { Stream } from '../stream/stream.ts';

/** A stream's JSON Schema with every reference inlined: its `schema` field, or the file named after its class. */
export const schemaOf = async (stream: Stream, directory: string): Promise<JsonObject> => {
  const schema = await ownSchemaOf(stream, directory);
  if (!stream.detectDeletes) return schema;
  const { properties = {} } = schema;
  return { ...schema, properties: { [DELETED_AT]: DELETED_AT_SCHEMA, ...(properties as JsonObject) } };
};

const DELETED_AT_SCHEMA: JsonObject = { type: ['string', 'null'], format: 'date-time' };

const ownSchemaOf = async (stream: Stream, directory: string): Promise<JsonObject> => {
  const { schema } = stream;
  if (schema === undefined) return loadSchemaFile(directory, snakeCase(stream.constructor.name));
  const computed = typeof schema === 'function' ? await schema.call(stream) : schema;
  if (isJsonObject(computed)) return inlineRefs(computed, `the schema of stream "${stream.name}"`);
  throw new ConnectorError(`The schema of stream "${stream.name}" is not an object.`);
};

/** The streams by their names; a ConnectorError when two have the same. */
export const streamsByName = (streams: readonly Stream[]): ReadonlyMap<string, Stream> => {
  const byName = new Map<string, Stream>();
  for (const stream of streams) {
    if (byName.has(stream.name)) throw new ConnectorError(`The source has two streams of the name "${stream.name}".`);
    byName.set(stream.name, stream);
  }
  return byName;
};

/** What `discover` tells about the streams. */
export const catalogOf = async (streams: readonly Stream[], directory: string): Promise<AirbyteCatalog> => {
  const described: AirbyteStream[] = [];
  for (const stream of streamsByName(streams).values())
    described.push(describe(stream, await schemaOf(stream, directory)));
  return { streams: described };
};

const describe = (stream: Stream, json_schema: JsonObject): AirbyteStream => {
  const { name, namespace } = stream;
  const isIncremental = cursorOf(stream) !== undefined;
  const path = cursorPathOf(stream);
  const keys = primaryKeyPaths(stream);
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    json_schema,
    supported_sync_modes: isIncremental ? ['full_refresh', 'incremental'] : ['full_refresh'],
    is_resumable: !stream.detectDeletes && (isIncremental || (stream instanceof HttpStream && stream.isResumable)),
    ...(isIncremental && { source_defined_cursor: true }),
    ...(path && { default_cursor_field: [...path] }),
    ...(keys.length > 0 && { source_defined_primary_key: keys }),
  };
};

/**
 * The configured catalog out of what the operator's file holds.
 *
 * @throws InputFileError with every violation
 */
export const parseCatalog = async (document: unknown, place: string): Promise<ConfiguredAirbyteCatalog> => {
  const violations = await validateDocument(configuredCatalogSchema, document);
  if (violations.length === 0) return document as ConfiguredAirbyteCatalog;
  const lines = violations.map(({ pointer, message }) => `${pointer || 'the whole document'}: ${message}.`);
  throw new InputFileError(`${place} is not a configured catalog: ${lines.join(' ')}`);
};
