// Source authors
export { Source, type PrepareContext } from './source/source.ts';
export { runSource } from './entrypoint/run-source.ts';
export { runInProcess, type InProcessOptions } from './entrypoint/run-in-process.ts';
export {
  Stream,
  sliceContext,
  type JsonSchema,
  type PollOptions,
  type Report,
  type Slice,
  type SliceState,
  type SliceContext,
  type StreamContext,
  type StreamOptions,
  type Window,
} from './stream/stream.ts';
export { HttpStream, type HttpStreamOptions } from './stream/http-stream.ts';
export { HttpSubStream } from './stream/http-sub-stream.ts';
export { GraphqlStream } from './stream/graphql-stream.ts';
export { SseStream } from './stream/sse-stream.ts';
export type { HttpResponse } from './stream/http-response.ts';
export type { PageContext, PageToken } from './stream/page-context.ts';
export type { RequestBody } from './stream/request-body.ts';
export { Page } from './stream/page.ts';
export { firstRecordOf, recordsOf } from './stream/records-of.ts';

// What slices are made with
export { byParent, type Parent } from './stream/by-parent.ts';
export { byDate, byList, product, type DateSlices, type Slices } from './stream/slices.ts';
export { ChildSlice } from './stream/slice.ts';

// How a stream knows what is new
export type { Bound, Cursor, CursorSync, OpenCursor, OverallCursor, Reading } from './stream/cursors/cursor.ts';
export { counterCursor, type CounterCursorOptions } from './stream/cursors/counter-cursor.ts';
export { dateTimeCursor } from './stream/cursors/date-time-cursor.ts';
export type { DateTimeCursorOptions } from './stream/cursors/date-time-options.ts';
export { tokenCursor, type TokenCursorOptions } from './stream/cursors/token-cursor.ts';
export type { StateInterval } from './stream/state-throttle.ts';

// What adds credentials
export type { Authenticator } from './auth/authenticator.ts';
export { ApiKeyAuthenticator, type ApiKeyOptions } from './auth/api-key.ts';
export { AwsAuthenticator, type AwsOptions } from './auth/aws.ts';
export { BasicHttpAuthenticator, type BasicHttpOptions } from './auth/basic.ts';
export { DigestAuthenticator, type DigestOptions } from './auth/digest.ts';
export { HmacAuthenticator, type HmacOptions, type HmacParts, type HmacStamp } from './auth/hmac.ts';
export { JwtAuthenticator, type JwtOptions } from './auth/jwt.ts';
export type { LoginRequest, TokenSource } from './auth/login.ts';
export { MultipleTokenAuthenticator, type MultipleTokenOptions } from './auth/multiple-token.ts';
export { Oauth2Authenticator } from './auth/oauth2-authenticator.ts';
export type { ClientAuth, PrivateKeyJwt } from './auth/oauth2-client-auth.ts';
export type { ExpiryForm } from './auth/oauth2-expiry.ts';
export type { CustomGrant, JwtBearerGrant, Oauth2Grant, PasswordGrant } from './auth/oauth2-grants.ts';
export type { Oauth2AnswerFields, Oauth2Options, Oauth2RequestFields } from './auth/oauth2-options.ts';
export type { Oauth2Tokens } from './auth/oauth2-tokens.ts';
export type { CredentialPlace } from './auth/place.ts';
export { SelectiveAuthenticator, type AuthenticatorChoices } from './auth/selective.ts';
export { SessionTokenAuthenticator, type SessionTokenOptions } from './auth/session-token.ts';
export type { JwtAlgorithm, SigningKey } from './auth/signing-key.ts';
export { TokenStore, type StoredCredential } from './auth/token-store.ts';
export { TokenAuthenticator, type TokenOptions } from './auth/token.ts';

// What a stream names in its fields
export { cursor, type CursorOptions } from './paginate/cursor.ts';
export { detectPaginator } from './paginate/detect.ts';
export type { DetectedPaginator, FirstResponse } from './paginate/detected.ts';
export { linkHeader } from './paginate/link-header.ts';
export { nextUrl, type NextUrlOptions } from './paginate/next-url.ts';
export { offset, type OffsetOptions } from './paginate/offset.ts';
export { pageNumber, type PageNumberOptions } from './paginate/page-number.ts';
export type { AnsweredPage, PageAhead, PageRequest, Paginator } from './paginate/paginator.ts';

// What reads bodies that are not JSON, or too large to be parsed whole
export type { Body } from './parse/body.ts';
export { readCsv, type CsvOptions, type CsvRecord } from './parse/csv.ts';
export { decodeText, readText } from './parse/decode-text.ts';
export { gunzip, type GunzipOptions } from './parse/gunzip.ts';
export { readJsonStream } from './parse/json-stream.ts';
export { readNdjson } from './parse/ndjson.ts';
export { loadSelect, select, type Select } from './parse/select.ts';
export { unwrapSoap } from './parse/soap.ts';
export { wrapSoap, type SoapOptions } from './parse/soap-envelope.ts';
export { readSse, type SseEvent } from './parse/sse.ts';
export { readXml, readXmlElements, type XmlOptions } from './parse/xml.ts';
export { readZip, type ZipMember, type ZipOptions } from './parse/zip.ts';

// The HTTP layer
export { createClient, type ClientOptions, type HttpOptions } from './http/client.ts';
export type { AgentOptions } from './http/agents.ts';
export type { WaitHeader } from './http/asked-wait.ts';
export type { Clock } from './http/clock.ts';
export type { TimeLimits } from './http/deadlines.ts';
export { replaceWire, type WireReplacement, type WireSeam } from './http/replaceable-wire.ts';
export type { ResponseRule } from './http/response-rule.ts';
export type { TlsOptions } from './http/tls.ts';
export type { TraceContextOptions } from './http/trace-settings.ts';
export type {
  CookieStore,
  Credential,
  HttpHeaders,
  HttpRequest,
  Policy,
  Send,
  Sender,
  Verdict,
  Wire,
  WireResponse,
} from './http/types.ts';
export type { QueryParams, QueryValue } from './http/url.ts';
export type { WireOptions } from './http/wire.ts';

// The policies, for a client or a list of one's own
export { circuitBreaker, type CircuitBreakerOptions } from './http/policies/circuit-breaker.ts';
export { cookieJar, type CookieJarOptions } from './http/policies/cookies.ts';
export { rateBudget, type RateBudgetOptions } from './http/policies/rate-budget.ts';
export { responseCache, type CacheHit, type ResponseCacheOptions } from './http/policies/response-cache.ts';
export type { RetryOptions } from './http/policies/retry.ts';
export type { WatchdogOptions } from './http/policies/watchdog.ts';
export { movingWindow, tokenBucket, type MovingWindow, type RateLimit, type TokenBucket } from './http/rate/limits.ts';
export type { RequestMatch, UrlTest } from './http/rate/match.ts';
export { memoryRateStore } from './http/rate/memory-store.ts';
export type { QuotaHeaders } from './http/rate/quota.ts';
export type { RateRule } from './http/rate/rules.ts';
export type { Granted, RateClaim, RateStore, Refused, Taken } from './http/rate/store.ts';
export type { ValidationMode } from './schema/validator.ts';

// Connections without a stream
export { HttpConnections, type HttpConnectionsOptions } from './connection/connections.ts';
export type { HttpConnection } from './connection/connection.ts';
export type { HttpCalls } from './connection/calls.ts';
export type { ConnectionPool, Lease } from './connection/pool.ts';
export type { CallResponse } from './connection/response.ts';
export type { CallStream } from './connection/call-stream.ts';
export type { CallOptions, CallRequest } from './connection/request.ts';
export type { PingReport, PingTimes } from './connection/ping.ts';
export type { SoapCallOptions } from './connection/soap.ts';
export type {
  ConnectionAuth,
  ConnectionConfig,
  ConnectionsConfig,
  FailureStatus,
  PingConfig,
} from './connection/config.ts';

// Output
export type { Logger } from './output/logger.ts';
export { registerSecret } from './output/redact.ts';

// The wire format
export type { JsonObject, JsonValue } from './protocol/json.ts';
export { parseLossless, stringifyJson } from './protocol/lossless-json.ts';
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
  AuthError,
  BodyError,
  CircuitOpenError,
  ConfigError,
  ConnectorError,
  EgressError,
  GraphqlError,
  HeadwaterError,
  HttpStatusError,
  IncompleteError,
  InputFileError,
  NetworkError,
  PageLoopError,
  RateLimitError,
  RecordInvalidError,
  RecordsPathError,
  SlicesFailedError,
  SoapFaultError,
  StateError,
  StreamsFailedError,
  TimeoutError,
  UnknownStreamError,
  type FailureType,
  type Violation,
} from './errors.ts';
