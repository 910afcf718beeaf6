// Source authors
export { Source, type PrepareContext } from './source/source.ts';
export { runSource } from './entrypoint/run-source.ts';
export {
  Stream,
  sliceContext,
  type JsonSchema,
  type Report,
  type Slice,
  type SliceState,
  type SliceContext,
  type StreamContext,
  type StreamOptions,
} from './stream/stream.ts';
export { HttpStream, type HttpStreamOptions } from './stream/http-stream.ts';
export type { HttpResponse } from './stream/http-response.ts';
export type { PageContext, PageToken } from './stream/page-context.ts';
export type { RequestBody } from './stream/request-body.ts';
export { Page } from './stream/page.ts';
export { firstRecordOf, recordsOf } from './stream/records-of.ts';

// What a stream names in its fields
export { apiKeyAuth, bearerAuth } from './auth/static.ts';
export { linkHeader } from './paginate/link-header.ts';
export type { Paginator } from './paginate/paginator.ts';

// The HTTP layer
export { createClient, type ClientOptions, type HttpOptions } from './http/client.ts';
export type { Clock } from './http/clock.ts';
export type { TimeLimits } from './http/deadlines.ts';
export type { HttpHeaders, HttpRequest, Policy, Send, Sender, WireResponse } from './http/types.ts';
export type { QueryParams, QueryValue } from './http/url.ts';
export type { RetryOptions } from './http/policies/retry.ts';
export type { ValidationMode } from './schema/validator.ts';

// Output
export type { Logger } from './output/logger.ts';
export { registerSecret } from './output/redact.ts';

// The wire format
export type { JsonObject, JsonValue } from './protocol/json.ts';
export type {
  AirbyteCatalog,
  AirbyteMessage,
  AirbyteStateMessage,
  AirbyteStream,
  ConfiguredAirbyteCatalog,
  ConfiguredAirbyteStream,
  ConnectorSpecification,
} from './protocol/types.ts';

// Errors
export {
  BodyError,
  ConfigError,
  ConnectorError,
  HeadwaterError,
  HttpStatusError,
  InputFileError,
  NetworkError,
  PageLoopError,
  RateLimitError,
  RecordInvalidError,
  RecordsPathError,
  SlicesFailedError,
  StateError,
  StreamsFailedError,
  TimeoutError,
  UnknownStreamError,
  type FailureType,
  type Violation,
} from './errors.ts';
