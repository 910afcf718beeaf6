/**
 * Who has to act on a failure, in the words of the Airbyte protocol.
 *
 * - `config_error`: the user, by changing the config, the catalog, the state or a permission.
 * - `transient_error`: nobody; a later run will probably work.
 * - `system_error`: the connector's author; the connector or its view of the API is wrong.
 */
export type FailureType = 'config_error' | 'transient_error' | 'system_error';

/** Something wrong at one place of a document: a JSON pointer and what is wrong there. */
export interface Violation {
  /** JSON pointer (RFC 6901) to the place; empty for the whole document. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * The parent of every error the kit throws.
 *
 * `message` is written for the person who runs the connector: what happened, where, and what to do. It holds no secrets
 * and ends with a full stop. What only a developer needs is in `cause`.
 */
export abstract class HeadwaterError extends Error {
  /** Stable across releases; safe to match on. */
  abstract readonly code: `HEADWATER_${string}`;
  abstract readonly failureType: FailureType;
}

/** The config does not satisfy the connector's specification. All violations are listed. */
export class ConfigError extends HeadwaterError {
  override readonly name = 'ConfigError';
  override readonly code = 'HEADWATER_CONFIG';
  override readonly failureType = 'config_error';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[], options?: ErrorOptions) {
    super(`Config validation error: ${listViolations(violations)}`, options);
    this.violations = violations;
  }
}

/** A config, catalog or state file is missing, unreadable, or is not JSON of the expected shape. */
export class InputFileError extends HeadwaterError {
  override readonly name = 'InputFileError';
  override readonly code = 'HEADWATER_INPUT_FILE';
  override readonly failureType = 'config_error';
}

/** The configured catalog names streams that the source does not have. */
export class UnknownStreamError extends HeadwaterError {
  override readonly name = 'UnknownStreamError';
  override readonly code = 'HEADWATER_UNKNOWN_STREAM';
  override readonly failureType = 'config_error';
}

/** The state given to a stream has a shape the stream cannot continue from. */
export class StateError extends HeadwaterError {
  override readonly name = 'StateError';
  override readonly code = 'HEADWATER_STATE';
  override readonly failureType = 'config_error';
}

/** The connector's own definition is wrong: its spec, a schema file, or what a hook returned. */
export class ConnectorError extends HeadwaterError {
  override readonly name = 'ConnectorError';
  override readonly code = 'HEADWATER_CONNECTOR';
  override readonly failureType = 'system_error';
}

/** A record does not satisfy its stream's schema and could not be repaired without loss. */
export class RecordInvalidError extends HeadwaterError {
  override readonly name = 'RecordInvalidError';
  override readonly code = 'HEADWATER_RECORD_INVALID';
  override readonly failureType = 'system_error';
  readonly violations: readonly Violation[];

  constructor(stream: string, violations: readonly Violation[], options?: ErrorOptions) {
    super(
      `A record of stream "${stream}" does not satisfy its schema: ${listViolations(violations)} ` +
        `Correct the schema, or read with --rejects PATH to set such records aside.`,
      options,
    );
    this.violations = violations;
  }
}

/** The API answered with a status that ends the work. */
export class HttpStatusError extends HeadwaterError {
  override readonly name = 'HttpStatusError';
  override readonly code = 'HEADWATER_HTTP_STATUS';
  override readonly failureType: FailureType;
  readonly status: number;

  constructor(message: string, status: number, failureType: FailureType, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.failureType = failureType;
  }
}

/** No credential could be had: the authorization server refuses, cannot be reached, or says what nobody understands. */
export class AuthError extends HeadwaterError {
  override readonly name = 'AuthError';
  override readonly code = 'HEADWATER_AUTH';
  override readonly failureType: FailureType;
  /** The error code of OAuth 2.0 that the server gave, e.g. `invalid_grant`; undefined when it gave none. */
  readonly reason: string | undefined;

  constructor(message: string, failureType: FailureType, reason?: string, options?: ErrorOptions) {
    super(message, options);
    this.failureType = failureType;
    this.reason = reason;
  }
}

/** The API keeps saying "later", or asks for a longer wait than `maxWait`. */
export class RateLimitError extends HeadwaterError {
  override readonly name = 'RateLimitError';
  override readonly code = 'HEADWATER_RATE_LIMIT';
  override readonly failureType = 'transient_error';
}

/** The request did not reach the API or the answer did not arrive whole. A bad certificate is a `config_error`. */
export class NetworkError extends HeadwaterError {
  override readonly name = 'NetworkError';
  override readonly code = 'HEADWATER_NETWORK';
  override readonly failureType: FailureType;

  constructor(message: string, failureType: FailureType, options?: ErrorOptions) {
    super(message, options);
    this.failureType = failureType;
  }
}

/** A request took longer than one of its time limits: connect, headers, idle body, or total. */
export class TimeoutError extends HeadwaterError {
  override readonly name = 'TimeoutError';
  override readonly code = 'HEADWATER_TIMEOUT';
  override readonly failureType = 'transient_error';
}

/** The body of an answer cannot be decoded: malformed JSON, broken compression, an unknown charset. */
export class BodyError extends HeadwaterError {
  override readonly name = 'BodyError';
  override readonly code = 'HEADWATER_BODY';
  override readonly failureType = 'transient_error';
}

/** The API failed so often in a row that it is not asked again for a while. */
export class CircuitOpenError extends HeadwaterError {
  override readonly name = 'CircuitOpenError';
  override readonly code = 'HEADWATER_CIRCUIT_OPEN';
  override readonly failureType = 'transient_error';
}

/** A request would have gone to an address that `HEADWATER_EGRESS=public` forbids. */
export class EgressError extends HeadwaterError {
  override readonly name = 'EgressError';
  override readonly code = 'HEADWATER_EGRESS';
  override readonly failureType = 'config_error';
}

/** A SOAP service answered with a Fault. */
export class SoapFaultError extends HeadwaterError {
  override readonly name = 'SoapFaultError';
  override readonly code = 'HEADWATER_SOAP_FAULT';
  override readonly failureType = 'system_error';
  /** The fault code as sent, e.g. `soap:Client`. */
  readonly faultCode: string;
  /** What the service says about it, as parsed from the XML; undefined when it says nothing more. */
  readonly detail: unknown;

  constructor(message: string, faultCode: string, detail: unknown, options?: ErrorOptions) {
    super(message, options);
    this.faultCode = faultCode;
    this.detail = detail;
  }
}

/** A GraphQL API answered a query with errors. */
export class GraphqlError extends HeadwaterError {
  override readonly name = 'GraphqlError';
  override readonly code = 'HEADWATER_GRAPHQL';
  override readonly failureType = 'system_error';
  /** As the API sent them. */
  readonly errors: readonly unknown[];

  constructor(message: string, errors: readonly unknown[], options?: ErrorOptions) {
    super(message, options);
    this.errors = errors;
  }
}

/** A page token, or the same records, came again within one slice: reading on would never end. */
export class PageLoopError extends HeadwaterError {
  override readonly name = 'PageLoopError';
  override readonly code = 'HEADWATER_PAGE_LOOP';
  override readonly failureType = 'system_error';
}

/** The pages of a slice had fewer records than the API says there are. */
export class IncompleteError extends HeadwaterError {
  override readonly name = 'IncompleteError';
  override readonly code = 'HEADWATER_INCOMPLETE';
  override readonly failureType = 'transient_error';
}

/** `recordsPath` does not lead to records in a page. */
export class RecordsPathError extends HeadwaterError {
  override readonly name = 'RecordsPathError';
  override readonly code = 'HEADWATER_RECORDS_PATH';
  override readonly failureType = 'system_error';
}

/** Some slices of a stream failed; the others were read to their end. */
export class SlicesFailedError extends HeadwaterError {
  override readonly name = 'SlicesFailedError';
  override readonly code = 'HEADWATER_SLICES_FAILED';
  override readonly failureType: FailureType;
  readonly failures: readonly unknown[];

  constructor(stream: string, failures: readonly unknown[], options?: ErrorOptions) {
    const reasons = [...new Set(failures.map(messageOf))];
    const more = reasons.length > 3 ? ` And ${reasons.length - 3} more.` : '';
    super(
      `${failures.length} slice${failures.length === 1 ? '' : 's'} of stream "${stream}" failed: ` +
        `${reasons.slice(0, 3).join(' ')}${more}`,
      { cause: failures[0], ...options },
    );
    this.failures = failures;
    this.failureType = mostSevere(failures.map(failureTypeOf));
  }
}

/** The sync is over and at least one of its streams failed. */
export class StreamsFailedError extends HeadwaterError {
  override readonly name = 'StreamsFailedError';
  override readonly code = 'HEADWATER_STREAMS_FAILED';
  override readonly failureType: FailureType;

  constructor(failures: ReadonlyMap<string, unknown>, options?: ErrorOptions) {
    const lines = [...failures].map(([stream, error]) => `${stream}: ${messageOf(error)}`);
    super(`The following streams did not sync: ${lines.join(' ')}`, options);
    this.failureType = mostSevere([...failures.values()].map(failureTypeOf));
  }
}

/** The failure type of anything thrown: an error the kit does not know is the connector's own, a `system_error`. */
export const failureTypeOf = (error: unknown): FailureType =>
  error instanceof HeadwaterError ? error.failureType : 'system_error';

/** The message of anything thrown, as one sentence. */
export const messageOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
};

const SEVERITY: readonly FailureType[] = ['system_error', 'config_error', 'transient_error'];

/** The failure type that most needs a person: a defect before a wrong setting before bad luck. */
export const mostSevere = (types: readonly FailureType[]): FailureType =>
  SEVERITY.find((type) => types.includes(type)) ?? 'system_error';

const listViolations = (violations: readonly Violation[]): string =>
  violations.map(({ pointer, message }) => `${pointer || '(root)'}: ${message}.`).join(' ');
