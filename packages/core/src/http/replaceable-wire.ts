import { hiding, redact, redactData } from '../output/redact.ts';
import { networkError } from './network-error.ts';
import type { HttpRequest, Send, WireResponse } from './types.ts';

/** What stands in for the wire of every client that was not given one of its own (`HttpOptions.wire`). */
export interface WireReplacement {
  /**
   * Sends one request in place of the wire: below all policies, so that each attempt of `retry` is one call.
   *
   * @throws what the real wire may throw; anything else ends the request
   */
  send(request: HttpRequest, seam: WireSeam): Promise<WireResponse>;
  /**
   * Whether `retry` sends again at once, since nobody is there who wants to be left alone.
   *
   * @default false
   */
  readonly quick?: boolean;
}

/** What a replacement gets from the very copy of the kit that the client belongs to. */
export interface WireSeam {
  /** The real wire with the options of the client. It opens nothing before it is called. */
  readonly real: Send;
  /** The answer is to have `body`, an `AsyncIterable` of its bytes, and `close()`, if its status is 2xx. */
  readonly streamed: boolean;
  /** A text with all registered secrets replaced by `****`. */
  readonly redact: (text: string) => string;
  /** The same for data, where those of fewer than eight characters stay. */
  readonly redactData: (text: string) => string;
  /** Makes a function that hides these texts, in all forms that `registerSecret` knows, without registering them. */
  readonly hiding: (secrets: readonly string[]) => (text: string) => string;
  /** The error of a connection that broke, as the real wire would throw it. */
  readonly brokenConnection: (request: HttpRequest) => Error;
}

/** Where all copies of the kit in a process meet: the connector may have another one than its test. */
const KEY = Symbol.for('headwater.wire.1');
const ALL = globalThis as { [KEY]?: WireReplacement | undefined };

/**
 * Replaces the wire of every client of this process, of those there are already too: a client looks it up at each request.
 * There is one replacement; `undefined` takes it away.
 *
 * @returns the one there was before
 */
export const replaceWire = (replacement: WireReplacement | undefined): WireReplacement | undefined => {
  const before = ALL[KEY];
  ALL[KEY] = replacement;
  return before;
};

/** A wire that can be replaced. Costs one look-up of a property where it is not. */
export const replaceable = (real: Send, { streamed = false }: { readonly streamed?: boolean } = {}): Send => {
  const seam: WireSeam = {
    real,
    streamed,
    redact,
    redactData,
    hiding,
    brokenConnection: (request) => networkError(request, { code: 'ECONNRESET', message: 'replayed' }),
  };
  return (request) => {
    const replacement = ALL[KEY];
    return replacement ? replacement.send(request, seam) : real(request);
  };
};

/** Whether waits between attempts are left out. */
export const isQuick = (): boolean => ALL[KEY]?.quick === true;
