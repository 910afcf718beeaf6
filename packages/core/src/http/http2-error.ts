import type { FailureType } from '../errors.ts';

/** The error codes of HTTP/2, by their number (RFC 9113, section 7). */
const NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

type Name = (typeof NAMES)[number];

interface Cause {
  readonly what: string;
  readonly failureType: FailureType;
}

const BROKEN = 'the connection was closed before the answer was complete';

/** What an error code tells the person who runs the connector. One not listed here breaks the protocol. */
const CAUSES: Partial<Readonly<Record<Name, Cause>>> = {
  NO_ERROR: { what: BROKEN, failureType: 'transient_error' },
  CANCEL: { what: BROKEN, failureType: 'transient_error' },
  CONNECT_ERROR: { what: BROKEN, failureType: 'transient_error' },
  INTERNAL_ERROR: { what: 'the server failed in the middle of its work', failureType: 'transient_error' },
  REFUSED_STREAM: {
    what: 'the server closes the HTTP/2 connection, or has too many requests on it, and did not begin with this one',
    failureType: 'transient_error',
  },
  ENHANCE_YOUR_CALM: { what: 'the server finds that too much is asked of it', failureType: 'transient_error' },
  HTTP_1_1_REQUIRED: { what: 'the server answers this by HTTP/1.1 only', failureType: 'transient_error' },
  INADEQUATE_SECURITY: {
    what: 'the server finds the encryption too weak for HTTP/2. Leave out http.http2',
    failureType: 'config_error',
  },
};

/** An error of Node's HTTP/2, or of ours, in words; undefined when it is none. */
export const http2Cause = (code: string, message: string): Cause | undefined => {
  if (code === 'HTTP2_PING_LOST') {
    return { what: 'the server answers no more on the HTTP/2 connection', failureType: 'transient_error' };
  }
  if (!code.startsWith('ERR_HTTP2_')) return undefined;
  if (code === 'ERR_HTTP2_STREAM_ERROR' || code === 'ERR_HTTP2_SESSION_ERROR') return byCode(nameIn(message));
  // What is wrong with the request itself is named by codes that say so.
  if (/_(GOAWAY_SESSION|INVALID_SESSION|INVALID_STREAM|SESSION_CLOSED|STREAM_CANCEL)$/.test(code)) {
    return CAUSES.CANCEL;
  }
  return undefined;
};

const byCode = (name: Name): Cause =>
  CAUSES[name] ?? { what: `the HTTP/2 connection failed (${name})`, failureType: 'transient_error' };

/** Node names the code of a stream, and gives the number of a session's. */
const nameIn = (message: string): Name => {
  const [, said] = /error code (?:NGHTTP2_)?(\w+)/.exec(message) ?? [];
  return NAMES[Number(said)] ?? NAMES.find((name) => name === said) ?? 'PROTOCOL_ERROR';
};

/** The end of a stream by an error code, as Node says it where it says anything. */
export const streamError = (code: number): Error =>
  Object.assign(new Error(`Stream closed with error code ${NAMES[code] ?? code}`), { code: 'ERR_HTTP2_STREAM_ERROR' });
