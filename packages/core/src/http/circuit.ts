import { CircuitOpenError } from '../errors.ts';
import type { Logger } from '../output/logger.ts';
import type { Clock } from './clock.ts';

export interface CircuitLimits {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** Milliseconds an open circuit lets nothing through. */
  readonly resetTime: number;
  readonly clock: Clock;
}

/**
 * What is known about one origin that failed: how often in a row, and whether it is asked at all.
 *
 * Closed until `failures` failures in a row; then open, and nothing is sent; after `resetTime` half-open, and one
 * request, the probe, is sent to find out. Its failure opens the circuit anew. Any answer ends it: see the policy.
 */
export class Circuit {
  readonly #origin: string;
  readonly #limits: CircuitLimits;
  #failed = 0;
  #last = '';
  /** When the next probe may be sent; undefined while closed. */
  #opensAt: number | undefined;
  #probe: symbol | undefined;

  constructor(origin: string, limits: CircuitLimits) {
    this.#origin = origin;
    this.#limits = limits;
  }

  /**
   * Lets a request through, or not. What it returns marks the probe; other requests get undefined.
   *
   * @throws CircuitOpenError while open, and while the probe is under way
   */
  admit(log: Logger | undefined): symbol | undefined {
    if (this.#opensAt === undefined) return undefined;
    if (this.#probe !== undefined || this.#limits.clock.now() < this.#opensAt) throw this.#refusal(this.#opensAt);
    log?.info(`${this.#origin} is asked again, with one request, ${this.#afterRest()}.`);
    return (this.#probe = Symbol('probe'));
  }

  /** A request failed; `what` says how, as a sentence. While open, only the probe's failure changes the time. */
  fail(what: string, mark: symbol | undefined, log: Logger | undefined): void {
    this.#failed++;
    this.#last = what;
    const probed = this.release(mark);
    const full = this.#opensAt === undefined && this.#failed >= this.#limits.failures;
    if (!probed && !full) return;
    this.#opensAt = this.#limits.clock.now() + this.#limits.resetTime;
    log?.warn(`${this.#story()} It is asked again ${this.#afterRest()}.`);
  }

  /** The probe ended and told nothing: another request may probe. True when `mark` is that of the probe. */
  release(mark: symbol | undefined): boolean {
    if (mark === undefined || mark !== this.#probe) return false;
    this.#probe = undefined;
    return true;
  }

  /** The API answered. */
  close(log: Logger | undefined): void {
    if (this.#opensAt !== undefined)
      log?.info(`${this.#origin} answers again after ${this.#failed} failures in a row.`);
  }

  #story(): string {
    const times = this.#failed === 1 ? 'once' : `${this.#failed} times in a row`;
    return `${this.#origin} failed ${times}. The last failure: ${this.#last}`;
  }

  #afterRest(): string {
    return `after a rest of ${this.#limits.resetTime / 1000} s`;
  }

  /** Says nothing of the request refused, so that many refusals read as one. */
  #refusal(opensAt: number): CircuitOpenError {
    const outlook =
      this.#probe === undefined
        ? `It is not asked again before ${new Date(opensAt).toISOString()}; run the sync again after that.`
        : 'One request is finding out whether it answers again; run the sync again later.';
    return new CircuitOpenError(`${this.#story()} ${outlook}`);
  }
}
