import { NetworkError, type FailureType } from '../errors.ts';
import { describeRequest } from './describe.ts';
import type { HttpRequest } from './types.ts';

interface Cause {
  readonly what: string;
  readonly failureType: FailureType;
}

const transient = (what: string): Cause => ({ what, failureType: 'transient_error' });
const certificate = (what: string): Cause => ({
  what: `the server's certificate ${what}. Check the URL in the config, or give the right certificate authority`,
  failureType: 'config_error',
});

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
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate('is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('has a self-signed authority'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('is from an unknown authority'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('cannot be verified'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate('is for another host name'),
  ERR_UNSUPPORTED_PROTOCOL: { what: 'the URL is neither http nor https', failureType: 'config_error' },
  ERR_TOO_MANY_REDIRECTS: { what: 'the API redirects in a circle', failureType: 'system_error' },
};

/** What went wrong on the way, as an error that says whether trying again may help. */
export const networkError = (request: HttpRequest, cause: Error & { readonly code?: string }): NetworkError => {
  const { what, failureType } = CAUSES[cause.code ?? ''] ?? transient(cause.message.replace(/\.$/, ''));
  return new NetworkError(`${describeRequest(request)}: ${what}.`, failureType, { cause });
};
