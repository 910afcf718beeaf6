import type { Policy, Send } from '../http/types.ts';

/**
 * What adds a credential to requests, as an object: a policy with something to remember, such as a token and when it
 * expires. It sits inside retry, so it is asked at each attempt; `HttpRequest.newCredential` says that the credential sent
 * last was refused.
 */
export interface Authenticator {
  /** The policy itself: sends requests on through `next`, with the credential. */
  authenticate(next: Send): Send;
}

/** Any authenticator as a policy; one of one's own may be a policy already. */
export const policyFrom = (authenticator: Policy | Authenticator): Policy =>
  typeof authenticator === 'function' ? authenticator : (next) => authenticator.authenticate(next);
