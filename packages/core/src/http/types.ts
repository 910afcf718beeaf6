import type { Logger } from '../output/logger.ts';
import type { JsonObject } from '../protocol/json.ts';

export type HttpHeaders = Readonly<Record<string, string>>;

/** A request as it travels down the policy list. A policy that changes it passes on a changed copy. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute, with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  readonly body?: string | Uint8Array;
  /** Ends the request, and any waiting between its attempts, at once. */
  readonly signal?: AbortSignal;
  /** The credential sent last was refused: an authenticator that can get a new one does so first. */
  readonly newCredential?: boolean;
  /** How often the request was sent before, by `retry`; undefined the first time. */
  readonly resends?: number;
  readonly sender?: Sender;
  /** Who asks, where that is more than one header tells: set by the authenticator. */
  readonly credential?: Credential;
  /** The body holds a credential: it is not sent along a redirect to another origin. */
  readonly secretBody?: boolean;
  /** Cookies that every hop of the request brings and takes along; the header of the first one is set already. */
  readonly cookies?: CookieStore;
}

/** Who sends a request, for the cache: what stays the same when a token is renewed or a request is signed anew. */
export interface Credential {
  /** Another one for every other login or account. It holds secrets: never write it anywhere. */
  readonly identity: string;
  /** The request without its credential. */
  readonly bare: HttpRequest;
}

/** Where the wire leaves the cookies of each answer, redirects included, and takes those for the next hop from. */
export interface CookieStore {
  /** The value of the `cookie` header for a URL; undefined for none. */
  headerFor(url: string): string | undefined;
  /** Takes the `Set-Cookie` headers that an answer from `url` had. */
  keep(url: string, setCookies: readonly string[]): void;
}

/** Who sends the request: what it decides, and what it wants to hear, while the request is under way. */
export interface Sender {
  /** For messages, e.g. `stream "issues", slice {"repo":"x"}`. */
  readonly label?: string;
  /** The stream it asks for, by name: what metrics are grouped by. */
  readonly stream?: string;
  /** The slice of the stream. */
  readonly slice?: JsonObject;
  readonly log?: Logger;
  /** Overrides the verdict table: true sends again, false does not. Undefined leaves it to the table. */
  shouldRetry?(response: WireResponse): boolean | undefined;
  /** Milliseconds to wait before the next attempt. Undefined leaves it to the policy. */
  backoffTime?(response: WireResponse, attempt: number): number | undefined;
  /** Reads the body of a successful answer inside the retry: a `BodyError` thrown here means another attempt. */
  read?(response: WireResponse): Promise<void>;
  /** Called once for each wait that the API asked for. */
  throttled?(until: Date): void;
}

/** A whole answer as the wire read it: decompressed bytes, nothing parsed yet. */
export interface WireResponse {
  readonly request: HttpRequest;
  readonly status: number;
  /** Names in lower case; a header sent several times is joined with `, `. */
  readonly headers: HttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly bytes: Uint8Array;
}

/**
 * What to do with an answer.
 *
 * - `success`: hand it on.
 * - `retry`: send again; one of `retry.attempts`.
 * - `rate-limited`: send again when the API allows it.
 * - `refresh-token`: send again once, at once, with `HttpRequest.newCredential` set; then fail.
 * - `ignore`: hand it on unread, as a page without records after which no other page comes.
 * - `fail`: throw.
 */
export type Verdict = 'success' | 'retry' | 'rate-limited' | 'refresh-token' | 'ignore' | 'fail';

/** Sends a request and gives the whole answer, whatever its status. */
export type Send = (request: HttpRequest) => Promise<WireResponse>;

/** What finally sends, with the connections it holds. Whoever makes a wire closes it. */
export interface Wire extends Send {
  /**
   * Closes idle connections now, and each of the others when its request ends. A request sent afterwards still gets a
   * connection, which is closed when it ends.
   */
  close(): Promise<void>;
}

/** One behaviour of the HTTP layer, wrapped around the rest of the list. */
export type Policy = (next: Send) => Send;
