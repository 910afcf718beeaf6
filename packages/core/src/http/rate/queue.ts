import type { RateClaim } from './store.ts';
import type { HttpRequest } from '../types.ts';

/** A claim that knows the rule it comes from, for messages. */
export interface RuleClaim extends RateClaim {
  readonly rule: string;
}

/** One request that waits for its turn. */
export interface Waiter {
  readonly request: HttpRequest;
  readonly claims: readonly RuleClaim[];
  /** When it came, in milliseconds since the epoch. */
  readonly since: number;
  readonly grant: (lease: string) => void;
  readonly fail: (error: unknown) => void;
}

/** What is known of a stream as long as any of its requests waits. */
export interface StreamWait {
  /** The stream was told that nothing goes on until then. */
  toldUntil: number;
  /** The log has a line about the pace already. */
  logged: boolean;
}

interface StreamQueue extends StreamWait {
  /** The requests that want the same counters, in order of arrival: behind the first none can have its turn. */
  readonly lanes: Map<string, Set<Waiter>>;
}

interface Place {
  readonly stream: string;
  readonly lane: string;
  readonly number: number;
}

/** The stream a request belongs to: its label up to the slice. */
export const streamOf = ({ sender }: HttpRequest): string => sender?.label?.split(',', 1)[0] ?? '';

/** Requests in the order they are served: the stream served longest ago first, and within a stream as they came. */
export class FairQueue {
  /** The stream served longest ago stands first. */
  readonly #streams = new Map<string, StreamQueue>();
  readonly #places = new Map<Waiter, Place>();
  #count = 0;

  get size(): number {
    return this.#places.size;
  }

  add(waiter: Waiter): void {
    const stream = streamOf(waiter.request);
    const lane = JSON.stringify(waiter.claims.map(({ key }) => key));
    this.#places.set(waiter, { stream, lane, number: this.#count++ });
    const queue = this.#streams.get(stream) ?? { lanes: new Map(), toldUntil: 0, logged: false };
    this.#streams.set(stream, queue);
    const waiters = queue.lanes.get(lane) ?? new Set();
    queue.lanes.set(lane, waiters);
    waiters.add(waiter);
  }

  has(waiter: Waiter): boolean {
    return this.#places.has(waiter);
  }

  /** Takes a request out; false when it was not there. */
  remove(waiter: Waiter): boolean {
    const place = this.#places.get(waiter);
    if (place === undefined) return false;
    this.#places.delete(waiter);
    const queue = this.#streams.get(place.stream);
    const lane = queue?.lanes.get(place.lane);
    lane?.delete(waiter);
    if (lane?.size === 0) queue?.lanes.delete(place.lane);
    if (queue?.lanes.size === 0) this.#streams.delete(place.stream);
    return true;
  }

  /** Takes out a request that had its turn: all other streams come before its own next one. */
  served(waiter: Waiter): void {
    const stream = streamOf(waiter.request);
    this.remove(waiter);
    const queue = this.#streams.get(stream);
    if (queue === undefined) return;
    this.#streams.delete(stream);
    this.#streams.set(stream, queue);
  }

  /** Those who may be next, in the order to ask for them, each with what is known of its stream. */
  *heads(): IterableIterator<readonly [Waiter, StreamWait]> {
    for (const queue of this.#streams.values()) {
      const heads = [...queue.lanes.values()].flatMap(([head]) => (head === undefined ? [] : [head]));
      for (const head of heads.toSorted((one, other) => this.#number(one) - this.#number(other))) yield [head, queue];
    }
  }

  #number(waiter: Waiter): number {
    return this.#places.get(waiter)?.number ?? 0;
  }
}
