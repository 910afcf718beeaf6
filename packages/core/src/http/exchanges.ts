import { channel } from 'node:diagnostics_channel';
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

/** Where every exchange of this process is told, under a name that tools can subscribe to without this package. */
const exchanges = channel('headwater:exchange');

/** Has every exchange of this process told to a listener, e.g. to be written down, until the function given back is called. */
export const listenToExchanges = (listener: (exchange: Exchange) => void): (() => void) => {
  // Only this file publishes there.
  const hear = (exchange: unknown): void => listener(exchange as Exchange);
  exchanges.subscribe(hear);
  return () => {
    exchanges.unsubscribe(hear);
  };
};

/** Tells each exchange to whoever listens. The innermost policy: what it sees is what is sent. */
export const tellExchanges: Policy = (next) => (request) =>
  exchanges.hasSubscribers ? told(next(request), request) : next(request);

const told = async (sent: Promise<WireResponse>, request: HttpRequest): Promise<WireResponse> => {
  const began = Date.now();
  const start = performance.now();
  const tell = (outcome: Pick<Exchange, 'response' | 'error'>): void =>
    exchanges.publish({ request, began, took: performance.now() - start, ...outcome });
  try {
    const response = await sent;
    tell({ response });
    return response;
  } catch (error) {
    tell({ error });
    throw error;
  }
};
