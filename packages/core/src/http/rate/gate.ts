import type { Clock } from '../clock.ts';
import { tellOfWait, tooLongHold } from './notice.ts';
import { FairQueue, type RuleClaim, type StreamWait, type Waiter } from './queue.ts';
import type { RateStore, Refused } from './store.ts';
import type { HttpRequest } from '../types.ts';

export interface RateGateOptions {
  readonly store: RateStore;
  readonly clock: Clock;
  /** Milliseconds of the longest hold a request waits for. */
  readonly maxWait: number;
}

/** A request that has been let in. */
export interface Entry {
  readonly lease: string;
  /** Milliseconds it waited for its turn; undefined when it was let in at once, however long the store took for it. */
  readonly waited: number | undefined;
}

/** Node's timers count in 31 bits; a longer sleep is taken in parts. */
const LONGEST_SLEEP = 2_000_000_000;

/**
 * Where requests wait until the store lets them go, in the order of the queue.
 *
 * One round at a time asks the store for the heads of the queue. A refused request keeps the keys that refused it for
 * itself, so that a heavy one is not overtaken for ever by light ones. One timer wakes the next round.
 */
export class RateGate {
  readonly #options: RateGateOptions;
  readonly #queue = new FairQueue();
  /** What the store said last to those who wait: valid until then, or until something is given back. */
  #refusals = new Map<Waiter, Refused>();
  /** One listener for each signal: a thousand requests of one sync have the same. */
  readonly #aborts = new WeakMap<AbortSignal, Set<Waiter>>();
  #timer: { readonly at: number; readonly stop: AbortController } | undefined;
  #running = false;
  #again = false;
  /** How often the gate has left requests waiting: one that has seen none of these was let in at once. */
  #closings = 0;

  constructor(options: RateGateOptions) {
    this.#options = options;
  }

  /** Resolves when it is this request's turn; rejects at once when its signal aborts. */
  async enter(request: HttpRequest, claims: readonly RuleClaim[]): Promise<Entry> {
    const { signal } = request;
    const { clock } = this.#options;
    signal?.throwIfAborted();
    const since = clock.now();
    const closings = this.#closings;
    const entry = await new Promise<Entry>((resolve, reject) => {
      const grant = (lease: string) =>
        resolve({ lease, waited: closings === this.#closings ? undefined : clock.now() - since });
      const waiter: Waiter = { request, claims, since, grant, fail: reject };
      this.#queue.add(waiter);
      this.#watch(waiter);
      void this.#run();
    });
    if (signal?.aborted) await this.#giveBack(claims, entry.lease);
    signal?.throwIfAborted();
    return entry;
  }

  /** Something changed that a refusal did not foresee: all who wait are asked for anew. */
  changed(): void {
    this.#refusals = new Map();
    void this.#run();
  }

  async #run(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    let next = Number.POSITIVE_INFINITY;
    while (this.#again) {
      this.#again = false;
      next = await this.#round();
    }
    this.#running = false;
    if (this.#queue.size > 0) this.#closings += 1;
    this.#wakeAt(next);
  }

  /** Asks for each head until one leaves the queue, which calls for another round. The time of the next release. */
  async #round(): Promise<number> {
    const blocked = new Map<string, Refused>();
    let next = Number.POSITIVE_INFINITY;
    for (const [waiter, wait] of this.#queue.heads()) {
      const before = waiter.claims.map(({ key }) => blocked.get(key)).find((refused) => refused !== undefined);
      const refused = before ?? (await this.#refusalOf(waiter));
      if (refused !== undefined && this.#queue.has(waiter)) this.#tell(waiter, wait, refused);
      if (refused === undefined || !this.#queue.has(waiter)) {
        this.#again = true;
        return next;
      }
      if (before !== undefined) continue;
      for (const key of refused.keys) blocked.set(key, refused);
      next = Math.min(next, refused.retryAt);
    }
    return next;
  }

  /** Why the request has to wait on; undefined when it left the queue. */
  async #refusalOf(waiter: Waiter): Promise<Refused | undefined> {
    const { store, clock, maxWait } = this.#options;
    const known = this.#refusals.get(waiter);
    if (known !== undefined && known.retryAt > clock.now()) return known;
    // A release that comes while the store answers replaces this map, and so makes the answer forgotten.
    const refusals = this.#refusals;
    try {
      const now = clock.now();
      const taken = await store.take(waiter.claims, now);
      if (taken.ok) {
        // It may have been aborted while a distant store answered.
        if (this.#queue.has(waiter)) this.#grant(waiter, taken.lease);
        else await this.#giveBack(waiter.claims, taken.lease);
        return undefined;
      }
      if (taken.reason === 'hold' && taken.retryAt - now > maxWait) throw tooLongHold(waiter, taken, now, maxWait);
      refusals.set(waiter, taken);
      return taken;
    } catch (error) {
      this.#fail(waiter, error);
      return undefined;
    }
  }

  #grant(waiter: Waiter, lease: string): void {
    this.#queue.served(waiter);
    this.#forget(waiter);
    waiter.grant(lease);
  }

  #fail(waiter: Waiter, error: unknown): void {
    this.#queue.remove(waiter);
    this.#forget(waiter);
    waiter.fail(error);
  }

  /** Returns what a request took that is not going to be sent. */
  async #giveBack(claims: readonly RuleClaim[], lease: string): Promise<void> {
    // Where the store fails, the request counts although it was not sent, which is on the safe side.
    await this.#options.store.release(claims, lease, true).catch(() => {});
    this.changed();
  }

  #tell(waiter: Waiter, wait: StreamWait, refused: Refused): void {
    try {
      tellOfWait(waiter, wait, refused, this.#options.clock.now(), this.#queue.size);
    } catch (error) {
      this.#fail(waiter, error);
    }
  }

  #watch(waiter: Waiter): void {
    const { signal } = waiter.request;
    if (signal === undefined) return;
    const watched = this.#aborts.get(signal);
    if (watched) return void watched.add(waiter);
    const waiters = new Set([waiter]);
    this.#aborts.set(signal, waiters);
    const abort = () => {
      for (const one of waiters) this.#fail(one, signal.reason);
      this.changed();
    };
    signal.addEventListener('abort', abort, { once: true });
  }

  #forget(waiter: Waiter): void {
    this.#refusals.delete(waiter);
    const { signal } = waiter.request;
    if (signal !== undefined) this.#aborts.get(signal)?.delete(waiter);
  }

  #wakeAt(at: number): void {
    if (this.#timer?.at === at) return;
    this.#timer?.stop.abort();
    this.#timer = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#options;
    const timer = { at, stop: new AbortController() };
    this.#timer = timer;
    const wait = Math.min(LONGEST_SLEEP, Math.max(1, at - clock.now()));
    const wake = () => {
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      void this.#run();
    };
    clock.sleep(wait, timer.stop.signal).then(wake, () => {});
  }
}
