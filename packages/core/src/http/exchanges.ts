import type { HttpRequest, Policy, WireResponse } from './types.ts';

/** One attempt of one request, as it went over the wire. */
export interface Exchange {
  /** With everything the policies added, the credential too: not to be shown as it is. */
  readonly request: HttpRequest;
  /** Milliseconds since the epoch. */
  readonly began: number;
  /** Milliseconds until the whole answer was there. */
  readonly took: number;
  readonly response?: WireResponse;
  /** What was thrown, when no answer came. */
  readonly error?: unknown;
}

type Listener = (exchange: Exchange) => void;

let listener: Listener | undefined;

/** Has every exchange of this process told to a listener, e.g. to be written down. There is one; undefined takes it away. */
export const listenToExchanges = (next: Listener | undefined): void => {
  listener = next;
};

/** Tells each exchange to whoever listens. The innermost policy: what it sees is what is sent. */
export const tellExchanges: Policy = (next) => (request) => (listener ? told(next(request), request) : next(request));

const told = async (sent: Promise<WireResponse>, request: HttpRequest): Promise<WireResponse> => {
  const began = Date.now();
  const start = performance.now();
  try {
    const response = await sent;
    listener?.({ request, began, took: performance.now() - start, response });
    return response;
  } catch (error) {
    listener?.({ request, began, took: performance.now() - start, error });
    throw error;
  }
};
