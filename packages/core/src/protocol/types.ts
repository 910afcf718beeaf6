// Generated from schemas/airbyte-protocol.json by scripts/generate-protocol.ts. Change the schema, then run `npm run generate`.

/**
 * The lines a connector and an orchestrator exchange, and the files an orchestrator hands to a
 * connector. Members that are not listed here are allowed everywhere, so that a newer orchestrator
 * does not break an older connector.
 */
export type AirbyteProtocol = AirbyteMessage | ConfiguredAirbyteCatalog | AirbyteStateInput;

/** What a line carries. */
export type AirbyteMessageType =
  'RECORD' | 'STATE' | 'LOG' | 'SPEC' | 'CONNECTION_STATUS' | 'CATALOG' | 'TRACE' | 'CONTROL';

/**
 * Whether a state belongs to one stream (STREAM), to all streams together (GLOBAL), or predates both
 * (LEGACY, also meant when the type is missing).
 */
export type AirbyteStateType = 'GLOBAL' | 'STREAM' | 'LEGACY';

/** How much a log line matters, most first. */
export type AirbyteLogLevel = 'FATAL' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE';

/** What a destination does with the records it already holds. */
export type DestinationSyncMode =
  'append' | 'overwrite' | 'append_dedup' | 'overwrite_dedup' | 'update' | 'soft_delete';

/** Read everything, or only what is new since the last state. */
export type SyncMode = 'full_refresh' | 'incremental';

/** What a trace message carries. */
export type AirbyteTraceType = 'ERROR' | 'ESTIMATE' | 'STREAM_STATUS' | 'ANALYTICS';

/**
 * STARTED: the work began. RUNNING: the first record was read. COMPLETE: read to the end. INCOMPLETE:
 * stopped before the end.
 */
export type AirbyteStreamStatus = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE';

/** The reasons a status can have. */
export type AirbyteStreamStatusReasonType = 'RATE_LIMITED';

/** What the orchestrator has to do. */
export type AirbyteControlType = 'CONNECTOR_CONFIG';

/** The state file: the states of the last sync in a list, one of them alone, or the older form. */
export type AirbyteStateInput = AirbyteStateMessage[] | AirbyteStateMessage | AirbyteLegacyState;

/** One line on stdout. `type` says which of the other members is set. */
export interface AirbyteMessage {
  type: AirbyteMessageType;
  record?: AirbyteRecordMessage;
  state?: AirbyteStateMessage;
  log?: AirbyteLogMessage;
  spec?: ConnectorSpecification;
  connectionStatus?: AirbyteConnectionStatus;
  catalog?: AirbyteCatalog;
  trace?: AirbyteTraceMessage;
  control?: AirbyteControlMessage;
}

/** One record of one stream. */
export interface AirbyteRecordMessage {
  /** The name of the record's stream. */
  stream: string;

  /** The namespace of the record's stream. */
  namespace?: string;

  /** The record. */
  data: {
    [key: string]: unknown;
  };

  /** When the source wrote the record, in milliseconds since 1970. */
  emitted_at: number;
  meta?: AirbyteRecordMessageMeta;
}

/** What happened to a record on its way. */
export interface AirbyteRecordMessageMeta {
  /** The places where the record differs from what the API sent. */
  changes?: AirbyteRecordMessageMetaChange[];
}

/** One place where a record could not be kept as it was. */
export interface AirbyteRecordMessageMetaChange {
  /** Where in the record. */
  field: string;

  /** What was done. */
  change: 'NULLED' | 'TRUNCATED';

  /** Who had to do it, and why. */
  reason:
    | 'SOURCE_RECORD_SIZE_LIMITATION'
    | 'DESTINATION_RECORD_SIZE_LIMITATION'
    | 'PLATFORM_RECORD_SIZE_LIMITATION'
    | 'SOURCE_FIELD_SIZE_LIMITATION'
    | 'DESTINATION_FIELD_SIZE_LIMITATION'
    | 'PLATFORM_FIELD_SIZE_LIMITATION'
    | 'SOURCE_SERIALIZATION_ERROR'
    | 'DESTINATION_SERIALIZATION_ERROR'
    | 'PLATFORM_SERIALIZATION_ERROR'
    | 'SOURCE_RETRIEVAL_ERROR'
    | 'DESTINATION_TYPECAST_ERROR';
}

/**
 * Where a later sync may continue: every record written before this line need not be read again.
 * `type` says which of `stream`, `global` and `data` is set.
 */
export interface AirbyteStateMessage {
  type?: AirbyteStateType;
  stream?: AirbyteStreamState;
  global?: AirbyteGlobalState;

  /** The state of a LEGACY message: an object that only its source understands. */
  data?: {
    [key: string]: unknown;
  };
  sourceStats?: AirbyteStateStats;
  destinationStats?: AirbyteStateStats;
}

/** The state of one stream. */
export interface AirbyteStreamState {
  stream_descriptor: StreamDescriptor;
  stream_state?: AirbyteStateBlob;
}

/** What identifies a stream. */
export interface StreamDescriptor {
  name: string;
  namespace?: string;
}

/** A state as its source wrote it; nobody else looks inside. */
export interface AirbyteStateBlob {
  [key: string]: unknown;
}

/** The state of all streams of a source, and what they share. */
export interface AirbyteGlobalState {
  shared_state?: AirbyteStateBlob;
  stream_states: AirbyteStreamState[];
}

/** What passed between the previous state message of the same stream and this one. */
export interface AirbyteStateStats {
  /** How many records were written. */
  recordCount?: number;

  /** How many records were set aside as invalid. */
  rejectedRecordCount?: number;
}

/** One line for the reader of the log. */
export interface AirbyteLogMessage {
  level: AirbyteLogLevel;
  message: string;

  /** The stack of the error the line is about. */
  stack_trace?: string;
}

/** The answer to `spec`: what a connector needs to know and what it can do. */
export interface ConnectorSpecification {
  documentationUrl?: string;
  changelogUrl?: string;

  /** The JSON Schema of the config. */
  connectionSpecification: {
    [key: string]: unknown;
  };

  /** Whether any stream can be read incrementally. */
  supportsIncremental?: boolean;
  supportsNormalization?: boolean;
  supportsDBT?: boolean;

  /** What a destination can do with records it already holds. */
  supported_destination_sync_modes?: DestinationSyncMode[];
  advanced_auth?: AdvancedAuth;

  /** The version of the protocol the connector speaks. */
  protocol_version?: string;
}

/** How a user interface can obtain credentials by OAuth instead of asking for them. */
export interface AdvancedAuth {
  auth_flow_type?: 'oauth2.0' | 'oauth1.0';

  /** The path to the config field that decides whether OAuth is used. */
  predicate_key?: string[];

  /** The value of that field that means OAuth. */
  predicate_value?: string;
  oauth_config_specification?: OAuthConfigSpecification;
}

/**
 * What goes into an OAuth flow, what comes out, and where in the config it belongs. Every member but
 * `oauth_connector_input_specification` is a JSON Schema.
 */
export interface OAuthConfigSpecification {
  /** What the flow takes from the config. */
  oauth_user_input_from_connector_config_specification?: {
    [key: string]: unknown;
  };
  oauth_connector_input_specification?: OAuthConnectorInputSpecification;

  /** What the flow returns. */
  complete_oauth_output_specification?: {
    [key: string]: unknown;
  };

  /** What the operator of the platform has to set. */
  complete_oauth_server_input_specification?: {
    [key: string]: unknown;
  };

  /** Which of the operator's settings go into the config. */
  complete_oauth_server_output_specification?: {
    [key: string]: unknown;
  };
}

/** An OAuth flow described by templates, so that the platform can run it without code of its own. */
export interface OAuthConnectorInputSpecification {
  /** Where the user gives consent. */
  consent_url: string;

  /** Where the code is exchanged for a token. */
  access_token_url: string;

  /** All scopes in one text, as the server expects them. */
  scope?: string;

  /** The scopes one by one; they take the place of `scope`. */
  scopes?: OAuthScope[];

  /** Scopes that the user may refuse. */
  optional_scopes?: OAuthScope[];

  /** What stands between two of the `scopes`; a space if not said. */
  scopes_join_strategy?: 'space' | 'comma' | 'plus';

  /** Headers of the request for the token; templates. */
  access_token_headers?: {
    [key: string]: unknown;
  };

  /** Parameters in the body of the request for the token; templates. */
  access_token_params?: {
    [key: string]: unknown;
  };

  /** The members of the token response to keep. */
  extract_output?: string[];

  /** The length of the random value that ties the answer to the request. */
  state?: {
    min?: number;
    max?: number;
  };
  client_id_key?: string;
  client_secret_key?: string;
  scope_key?: string;
  state_key?: string;
  auth_code_key?: string;
  redirect_uri_key?: string;
  token_expiry_key?: string;
}
export interface OAuthScope {
  scope: string;
}

/** The answer to `check`. */
export interface AirbyteConnectionStatus {
  status: 'SUCCEEDED' | 'FAILED';

  /** Why the check failed, for the user. */
  message?: string;
}

/** The answer to `discover`: the streams a source has. */
export interface AirbyteCatalog {
  streams: AirbyteStream[];
}

/** A stream a source has. */
export interface AirbyteStream {
  name: string;
  namespace?: string;

  /** The JSON Schema of the stream's records. */
  json_schema: {
    [key: string]: unknown;
  };
  supported_sync_modes: SyncMode[];

  /** Whether the source chooses the cursor field. If not, the user does. */
  source_defined_cursor?: boolean;

  /** The path to the cursor field when the user chooses none. */
  default_cursor_field?: string[];

  /** The paths to the fields that together identify a record. */
  source_defined_primary_key?: string[][];

  /** Whether a sync that was cut off can continue where its last state was. */
  is_resumable?: boolean;

  /** Whether the records describe files that are moved too. */
  is_file_based?: boolean;
}

/** News about the sync itself. `type` says which of the other members is set. */
export interface AirbyteTraceMessage {
  type: AirbyteTraceType;

  /** When this happened, in milliseconds since 1970. */
  emitted_at: number;
  error?: AirbyteErrorTraceMessage;
  estimate?: AirbyteEstimateTraceMessage;
  stream_status?: AirbyteStreamStatusTraceMessage;
  analytics?: AirbyteAnalyticsTraceMessage;
}

/** A failure of one stream or of the whole connector. */
export interface AirbyteErrorTraceMessage {
  /** For the person who runs the sync. */
  message: string;

  /** For the person who maintains the connector. */
  internal_message?: string;
  stack_trace?: string;

  /** Who has to act: the maintainer, the user, or nobody. */
  failure_type?: 'system_error' | 'config_error' | 'transient_error';
  stream_descriptor?: StreamDescriptor;
}

/** How much a sync is expected to read. */
export interface AirbyteEstimateTraceMessage {
  /** The name of the stream. */
  name: string;

  /** The namespace of the stream. */
  namespace?: string;

  /** Whether the numbers are those of one stream or of the whole sync; a source keeps to one of the two. */
  type: 'STREAM' | 'SYNC';

  /** Expected number of records. */
  row_estimate?: number;

  /** Expected number of bytes. */
  byte_estimate?: number;
}

/** A stream has reached the next step of its life in this sync. */
export interface AirbyteStreamStatusTraceMessage {
  stream_descriptor: StreamDescriptor;
  status: AirbyteStreamStatus;

  /** Why the stream is where it is. */
  reasons?: AirbyteStreamStatusReason[];
}

/** Why a stream has its status. `type` says which of the other members is set. */
export interface AirbyteStreamStatusReason {
  type: AirbyteStreamStatusReasonType;
  rate_limited?: AirbyteStreamStatusRateLimitedReason;
}

/** The API makes the stream wait. */
export interface AirbyteStreamStatusRateLimitedReason {
  /** When the API will answer again, in milliseconds since 1970. */
  quota_reset?: number;
}

/** One fact about how the connector is used. */
export interface AirbyteAnalyticsTraceMessage {
  /** The name of the fact, fixed in the connector's code. */
  type: string;

  /** The fact; a number is written as text. */
  value?: string;
}

/** Something the orchestrator has to do. */
export interface AirbyteControlMessage {
  type: AirbyteControlType;

  /** When this was asked for, in milliseconds since 1970. */
  emitted_at: number;
  connectorConfig?: AirbyteControlConnectorConfigMessage;
}

/** Keep this config instead of the one the connector was started with. */
export interface AirbyteControlConnectorConfigMessage {
  /** The whole new config. */
  config: {
    [key: string]: unknown;
  };
}

/** The catalog file: the streams the user chose, and how to read them. */
export interface ConfiguredAirbyteCatalog {
  streams: ConfiguredAirbyteStream[];
}

/** A stream the user chose, and how to read it. */
export interface ConfiguredAirbyteStream {
  stream: AirbyteStreamInput;
  sync_mode: SyncMode;

  /** The path to the cursor field, where the user may choose it. */
  cursor_field?: string[];
  destination_sync_mode?: DestinationSyncMode;

  /** The paths to the fields that together identify a record at the destination. */
  primary_key?: string[][];

  /** Grows with every refresh; the destination labels records with it. */
  generation_id?: number;

  /** The destination drops records of generations before this one. */
  minimum_generation_id?: number;

  /** Grows with every sync. */
  sync_id?: number;

  /** The object at the destination that the records go to. */
  destination_object_name?: string;

  /** Whether to move the files that the records describe. */
  include_files?: boolean;
}

/**
 * A stream as a configured catalog names it: an AirbyteStream of which only the name has to be there,
 * because a source knows the rest itself.
 */
export interface AirbyteStreamInput {
  name: string;
  namespace?: string;
  json_schema?: {
    [key: string]: unknown;
  };
  supported_sync_modes?: SyncMode[];
  source_defined_cursor?: boolean;
  default_cursor_field?: string[];
  source_defined_primary_key?: string[][];
  is_resumable?: boolean;
  is_file_based?: boolean;
}

/** The older form of a state file: the state of each stream under the stream's name. */
export interface AirbyteLegacyState {
  [key: string]: AirbyteStateBlob;
}
