import { EgressError, HeadwaterError, NetworkError, type FailureType } from '../errors.ts';
import { describeRequest } from './describe.ts';
import { http2Cause } from './http2-error.ts';
import { malformedAnswer } from './malformed-answer.ts';
import type { HttpRequest } from './types.ts';

/** As Node and got throw it. */
interface Failed {
  readonly code?: string;
  readonly message: string;
  readonly cause?: unknown;
}

interface Cause {
  readonly what: string;
  readonly failureType: FailureType;
}

const transient = (what: string): Cause => ({ what, failureType: 'transient_error' });
const config = (what: string): Cause => ({ what, failureType: 'config_error' });
const certificate = (what: string): Cause =>
  config(
    `the server's certificate ${what}. Check the URL in the config, or give the right certificate authority ` +
      `(http.tls.ca, or NODE_EXTRA_CA_CERTS)`,
  );

/** Codes of Node's network and TLS errors, in words. An error not listed here is taken for a passing one. */
const CAUSES: Readonly<Record<string, Cause>> = {
  ENOTFOUND: transient('the host name cannot be resolved'),
  EAI_AGAIN: transient('the host name cannot be resolved at the moment'),
  ECONNREFUSED: transient('the server refuses the connection'),
  ECONNRESET: transient('the connection was closed before the answer was complete'),
  EPIPE: transient('the connection was closed while the request was sent'),
  ETIMEDOUT: transient('the server cannot be reached'),
  EHOSTUNREACH: transient('the server cannot be reached'),
  ENETUNREACH: transient('the network cannot be reached'),
  CERT_HAS_EXPIRED: certificate('has expired'),
  CERT_NOT_YET_VALID: certificate('is not valid yet'),
  CERT_REVOKED: certificate('is revoked'),
  CERT_UNTRUSTED: certificate('is not trusted'),
  CERT_REJECTED: certificate('is rejected'),
  CERT_SIGNATURE_FAILURE: certificate('has a false signature'),
  CERT_CHAIN_TOO_LONG: certificate('has too long a chain'),
  INVALID_CA: certificate('is signed by one that is no authority'),
  INVALID_PURPOSE: certificate('is not for servers'),
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('has a self-signed authority'),
  UNABLE_TO_GET_ISSUER_CERT: certificate('is from an unknown authority'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('is from an unknown authority'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('cannot be verified'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate('is for another host name'),
  ERR_UNSUPPORTED_PROTOCOL: config('the URL is neither http nor https'),
  ERR_TOO_MANY_REDIRECTS: { what: 'the API redirects in a circle', failureType: 'system_error' },
};

/** What OpenSSL says in its message, whatever code Node makes of it. */
const TURNED_DOWN =
  /alert (certificate \w+|bad certificate|unsupported certificate|unknown ca|access denied|handshake failure)/;
const NOT_TLS = /SSL routines:.*(wrong version number|packet length too long|:http request)/;
const notTls = config('the server does not speak TLS at this address. Check the scheme and the port of the URL');
const turnedDown = config(
  'the server turns this client down in the TLS handshake. Give the client certificate it asks for ' +
    '(http.tls.cert and http.tls.key)',
);

/** A failure that brings its own words, from an agent: that knows the connection, but not the request. */
export class ConnectFailure extends Error implements Cause {
  readonly what: string;
  readonly failureType: FailureType;

  constructor({ what, failureType }: Cause, options?: ErrorOptions) {
    super(what, options);
    this.what = what;
    this.failureType = failureType;
  }

  /** The proxy itself could not be reached. */
  static ofProxy({ host }: URL, cause: unknown, timedOut: boolean): Error {
    if (cause instanceof HeadwaterError) return cause;
    const { what, failureType } = timedOut ? transient('no connection in time') : causeOf(cause as Failed);
    const words = what.replace(/^the server's/, 'its').replace(/^the server/, 'it');
    return new ConnectFailure({ what: `the proxy ${host} cannot be used: ${words}`, failureType }, { cause });
  }
}

/** The proxy answered in place of the server, with a status that says it will not help. */
export const proxyRefusal = ({ host }: URL, status: number): ConnectFailure =>
  new ConnectFailure(
    status === 407
      ? config(`the proxy ${host} asks for other credentials (407). Correct user and password in the URL of the proxy`)
      : transient(`the proxy ${host} refuses to connect to the server (${status})`),
  );

/** A 307 or 308 would send the body again, and anybody on the way could read it. */
export const unsafeRedirect = ({ origin }: URL): ConnectFailure =>
  new ConnectFailure({
    what: `the API redirects a request with a body from https to ${origin}, where it would not be encrypted`,
    failureType: 'system_error',
  });

/** The error of a redirect that would give away a credential. */
export const secretRedirect = ({ origin }: URL): ConnectFailure =>
  new ConnectFailure({
    what: `the API redirects a request whose body holds a credential to ${origin}, which is not to know it`,
    failureType: 'system_error',
  });

const causeOf = (failed: Failed): Cause => {
  const { code = '', message } = failed;
  if (TURNED_DOWN.test(message)) return turnedDown;
  if (NOT_TLS.test(message)) return notTls;
  return (
    CAUSES[code] ?? http2Cause(code, message) ?? malformedAnswer(failed) ?? transient(message.trim().replace(/\.$/, ''))
  );
};

/** What went wrong on the way, as an error that says whether trying again may help. */
export const networkError = (request: HttpRequest, cause: Failed): HeadwaterError => {
  // got wraps what the agents and hooks of the wire throw.
  const inner = cause.cause ?? cause;
  if (inner instanceof EgressError) return new EgressError(`${describeRequest(request)}: ${inner.message}`, { cause });
  if (inner instanceof HeadwaterError) return inner;
  const { what, failureType } = inner instanceof ConnectFailure ? inner : causeOf(cause);
  return new NetworkError(`${describeRequest(request)}: ${what}.`, failureType, { cause });
};
