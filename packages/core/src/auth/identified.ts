import type { HttpRequest } from '../http/types.ts';
import { stringifyJson } from '../protocol/lossless-json.ts';

/** The request as it is sent, saying whose credential it has; `bare` is the request without it. */
export type Identified = (bare: HttpRequest, sent: HttpRequest) => HttpRequest;

/**
 * For an authenticator whose credential changes while it stays the same login: a cached answer is found again when a
 * token was renewed, or a signature has another time.
 *
 * @param identity gives all that the credential is made from: who lacks a part of it is not given the answers of who has
 *   it; called for requests to a cache only
 */
export const identified =
  (identity: () => readonly unknown[]): Identified =>
  (bare, sent) => ({
    ...sent,
    credential: {
      get identity() {
        return stringifyJson(identity());
      },
      bare,
    },
  });
