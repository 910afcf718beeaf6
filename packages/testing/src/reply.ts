/** What a server of this kit answers to one request. */
export interface Reply {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: ReplyHeaders;
  /**
   * A string or a `Buffer` is sent as it is, without a content type of our own; any other value is sent as JSON, a
   * `bigint` in it as its exact digits.
   *
   * @default no body
   */
  readonly body?: unknown;
  /**
   * Milliseconds to wait before anything is sent.
   *
   * @default 0
   */
  readonly delay?: number;
  /** @default none: the answer arrives whole */
  readonly fault?: Fault;
}

/** An array sends the header once for each item; a `Date` is written as HTTP does it, by the clock of the server. */
export type ReplyHeaders = Readonly<Record<string, string | number | Date | readonly string[]>>;

/** How an answer goes wrong on its way. `afterBytes` counts bytes of the body; 0 means right after the headers. */
export type Fault =
  /** The connection is reset (RST). Without `afterBytes`, before the headers. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** Nothing more is sent and the connection stays open. Without `afterBytes`, not even the headers: no answer ever. */
  | { readonly kind: 'stall'; readonly afterBytes?: number }
  /** The connection is closed (FIN) before the promised length. Without `afterBytes`, half-way through the body. */
  | { readonly kind: 'truncate'; readonly afterBytes?: number }
  /** The body comes `bytes` at a time, `every` so many milliseconds. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly every: number }
  /** The body is labelled gzip, begins like gzip, and cannot be decompressed. */
  | { readonly kind: 'malformed-gzip' }
  /**
   * The body is gzip, small on the wire, and inflates to `size` bytes of blanks before the content itself: by default
   * 10 GiB. Nothing of it is held in memory here.
   */
  | { readonly kind: 'gzip-bomb'; readonly size?: number };
