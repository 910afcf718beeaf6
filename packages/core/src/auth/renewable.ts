import { SingleFlight } from '../http/cache/flight.ts';
import type { Clock } from '../http/clock.ts';
import type { HttpRequest, Policy, Sender, WireResponse } from '../http/types.ts';
import { identified, type Identified } from './identified.ts';

/** A credential that was made or fetched. */
export interface Fresh {
  readonly value: string;
  /** Milliseconds since the epoch from when on it is not used any more; undefined as long as it is not refused. */
  readonly until: number | undefined;
}

interface Used {
  readonly value: string;
  /** Whether a new one was made for this request already: one that is refused, too, is not the credential's fault. */
  readonly renewed: boolean;
}

export interface Renewal {
  /** Makes or fetches a credential; called by one request at a time, on whose behalf it is. */
  readonly make: (request: HttpRequest) => Promise<Fresh>;
  readonly put: (request: HttpRequest, value: string) => HttpRequest;
  /** What it is made from: see `identified`. Undefined where that does not tell whose it is. */
  readonly identity: (() => readonly unknown[]) | undefined;
  readonly clock: Clock;
}

/**
 * Keeps one credential while it lasts and gets a new one when it has ended or is refused with a 401: one for all the
 * requests that want it at the same time. A request is sent again once with it; a second 401 is handed on.
 */
export class Renewable {
  readonly #renewal: Renewal;
  readonly #identified: Identified | undefined;
  readonly #flight = new SingleFlight<Fresh>();
  /** What each sender, one for all attempts at one request, was sent with last. */
  readonly #used = new WeakMap<Sender, Used>();
  #current: Fresh | undefined;

  constructor(renewal: Renewal) {
    this.#renewal = renewal;
    this.#identified = renewal.identity && identified(renewal.identity);
  }

  readonly policy: Policy = (next) => async (request) => {
    const before = request.sender && this.#used.get(request.sender);
    const asked = request.newCredential === true && !before?.renewed;
    let value = await this.#valueFor(request, asked ? (before?.value ?? this.#current?.value) : undefined);
    let renewed = asked || before?.renewed === true;
    this.#note(request, { value, renewed });
    const response = await next(this.#put(request, value));
    if (renewed || !isRefused(request, response)) return response;

    request.sender?.log?.info(
      `${request.method} ${request.url} was answered with 401. Sent again with a new credential.`,
    );
    value = await this.#valueFor(request, value);
    renewed = true;
    this.#note(request, { value, renewed });
    return next(this.#put(request, value));
  };

  #put(request: HttpRequest, value: string): HttpRequest {
    const sent = this.#renewal.put(request, value);
    return this.#identified?.(request, sent) ?? sent;
  }

  #note({ sender }: HttpRequest, used: Used): void {
    if (sender) this.#used.set(sender, used);
  }

  /** The credential at hand, unless it has ended or is the refused one. */
  async #valueFor(request: HttpRequest, refused: string | undefined): Promise<string> {
    const { clock, make } = this.#renewal;
    const current = this.#current;
    const lasts = current && (current.until === undefined || clock.now() < current.until);
    if (lasts && current.value !== refused) return current.value;
    const [fresh] = await this.#flight.share('', request.signal, async () => {
      this.#current = await make(request);
      return this.#current;
    });
    // Also where it is the refused one again, or too short-lived to be kept: there is no other.
    return fresh.value;
  }
}

/** Whether the API refused the credential. An answer from elsewhere, after a redirect, never saw it. */
export const isRefused = (request: HttpRequest, { status, url }: WireResponse): boolean =>
  status === 401 && new URL(url).origin === new URL(request.url).origin;
