import { resolve } from 'node:path';
import type { LRUCache } from 'lru-cache';
import { CacheDisk, type Warn } from './disk.ts';
import type { CacheEntry } from './entry.ts';
import { SingleFlight } from './flight.ts';
import type { WireResponse } from '../types.ts';

export interface StoreOptions {
  /** Undefined for a private one. */
  readonly directory: string | undefined;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** How old an entry may be, and what time it is. */
export interface Freshness {
  /** Milliseconds. */
  readonly maxAge: number;
  readonly now: number;
}

/** An answer on its way to all who asked for it. */
export interface Delivery {
  readonly from: 'disk' | 'api';
  readonly response: WireResponse;
}

/** Beside its body, an answer's headers and the store's own records take about so many bytes. */
const ENTRY_COST = 1024;

const stores = new Map<string, Promise<CacheStore>>();

/** The store of a directory: one for all in this process who give the same directory and limits. */
export const openStore = (options: StoreOptions, warn: Warn): Promise<CacheStore> => {
  const directory = options.directory === undefined ? undefined : resolve(options.directory);
  const name = JSON.stringify([directory ?? null, options.memoryBytes, options.diskBytes]);
  let store = stores.get(name);
  if (!store) stores.set(name, (store = createStore({ ...options, directory }, warn)));
  return store;
};

const createStore = async (options: StoreOptions, warn: Warn): Promise<CacheStore> => {
  const [{ LRUCache: Memory }, disk] = await Promise.all([
    import('lru-cache'),
    CacheDisk.open(options.directory, warn),
  ]);
  const left: [string, CacheEntry][] = [];
  const memory = new Memory<string, CacheEntry>({
    maxSize: Math.max(1, options.memoryBytes),
    sizeCalculation: sizeOf,
    dispose: (entry, key, reason) => void (reason === 'evict' && left.push([key, entry])),
  });
  return new CacheStore(memory, disk, left, options);
};

/** Memory in front of the disk. */
export class CacheStore {
  /** One for each directory, for the keys. */
  readonly secret: Uint8Array;
  readonly flights = new SingleFlight<Delivery>();
  readonly #memory: LRUCache<string, CacheEntry>;
  readonly #disk: CacheDisk;
  readonly #limits: StoreOptions;
  /** Fallen out of memory, not yet looked after. */
  readonly #left: [string, CacheEntry][];
  /** On their way to the disk: found here until they are there. */
  readonly #leaving = new Map<string, CacheEntry>();
  readonly #onDisk = new WeakSet<CacheEntry>();

  constructor(
    memory: LRUCache<string, CacheEntry>,
    disk: CacheDisk,
    left: [string, CacheEntry][],
    limits: StoreOptions,
  ) {
    this.secret = disk.secret;
    this.#memory = memory;
    this.#disk = disk;
    this.#left = left;
    this.#limits = limits;
  }

  /** From memory. */
  recall(key: string, freshness: Freshness): CacheEntry | undefined {
    return ifFresh(this.#memory.get(key) ?? this.#leaving.get(key), freshness);
  }

  /** From the disk; what is found goes to memory. */
  async load(key: string, freshness: Freshness, warn: Warn): Promise<CacheEntry | undefined> {
    const entry = ifFresh(await this.#disk.read(key, freshness.now), freshness);
    if (!entry) return undefined;
    this.#onDisk.add(entry);
    this.#memory.set(key, entry);
    await this.#moveOut(freshness, warn);
    return entry;
  }

  /** Keeps an answer. When it resolves, other processes on the directory find it. */
  async keep(key: string, entry: CacheEntry, freshness: Freshness, warn: Warn): Promise<void> {
    const fits = sizeOf(entry) <= this.#limits.memoryBytes;
    // Also takes the place of an older one that was smaller.
    this.#memory.delete(key);
    if (fits) this.#memory.set(key, entry);
    if (this.#disk.shared || !fits) await this.#write(key, entry, freshness, warn);
    await this.#moveOut(freshness, warn);
  }

  async #moveOut(freshness: Freshness, warn: Warn): Promise<void> {
    const left = this.#left.splice(0);
    await Promise.all(left.map(([key, entry]) => this.#write(key, entry, freshness, warn)));
  }

  async #write(key: string, entry: CacheEntry, { maxAge, now }: Freshness, warn: Warn): Promise<void> {
    if (entry.memoryOnly || this.#onDisk.has(entry)) return;
    this.#onDisk.add(entry);
    this.#leaving.set(key, entry);
    await this.#disk.write(key, entry, { maxBytes: this.#limits.diskBytes, maxAge, now }, warn);
    if (this.#leaving.get(key) === entry) this.#leaving.delete(key);
  }
}

const sizeOf = ({ bytes }: CacheEntry): number => bytes.length + ENTRY_COST;

/** A clock set back makes an entry look younger than it is, and one from the future is not trusted for longer either. */
const ifFresh = (entry: CacheEntry | undefined, { maxAge, now }: Freshness): CacheEntry | undefined =>
  entry && Math.abs(now - entry.storedAt) < maxAge ? entry : undefined;
