import type { Authenticator } from '../auth/authenticator.ts';
import type { HttpOptions } from '../http/client.ts';
import type { TimeLimits } from '../http/deadlines.ts';
import type { RetryOptions } from '../http/policies/retry.ts';
import type { HttpHeaders, Policy } from '../http/types.ts';

/** Name → connection. All of it but an `Authenticator`, a `Policy` and what `http` and `retry` take as functions can come from JSON. */
export type ConnectionsConfig = Readonly<Record<string, ConnectionConfig>>;

/** One named connection to an API. */
export interface ConnectionConfig {
  /** Absolute, http or https. The path of a request is added to it. */
  readonly baseUrl: string;
  /**
   * The credential sent with every request. Its secret parts are hidden from everything that is logged.
   *
   * @default none
   */
  readonly auth?: ConnectionAuth;
  /**
   * Sent with every request; those of a request come before them.
   *
   * @default none
   */
  readonly headers?: HttpHeaders;
  /** Milliseconds each part of a request may take; see `TimeLimits` for the defaults. */
  readonly timeouts?: TimeLimits;
  /**
   * How a request is sent again. A POST is sent again like all others where the answer looks temporary: with
   * `{ "attempts": 1 }` a request is sent again only after a rate limit, which says that nothing was done.
   */
  readonly retry?: RetryOptions;
  /**
   * How many leases of the pool may be held at a time, and how many sockets are kept open.
   *
   * @default 10
   */
  readonly poolSize?: number;
  /**
   * The statuses that are failures, e.g. `[404, "5xx"]`: they are tried again or thrown, as the table of statuses has
   * it. Every other status is handed back, and with `[]` all are.
   *
   * @default the table of statuses: everything but 2xx is a failure
   */
  readonly failureStatuses?: readonly FailureStatus[];
  /** What `ping` sends. */
  readonly ping?: PingConfig;
  /** Options of the HTTP layer, as for `createClient`. `timeouts` and `retry` above come before those in here. */
  readonly http?: HttpOptions;
}

/** A status, or all statuses of a hundred, e.g. `5xx`. */
export type FailureStatus = number | `${1 | 2 | 3 | 4 | 5}xx`;

/** A credential as JSON says it, or an authenticator, or any policy that adds one. */
export type ConnectionAuth =
  | Policy
  | Authenticator
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'apiKey'; readonly header: string; readonly value: string }
  | { readonly type: 'apiKey'; readonly query: string; readonly value: string };

export interface PingConfig {
  /** @default 'HEAD' */
  readonly method?: string;
  /** @default '', the base URL itself */
  readonly path?: string;
}
