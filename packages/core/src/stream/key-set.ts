import { hash } from 'node:crypto';

/** Slots are filled to three quarters at most: beyond that, looking for a free one takes long. */
const FULLNESS = 0.75;
const FIRST_SLOTS = 1024;

/**
 * A set of texts of which only 64 bits each are kept: a million of them take 16 MiB. Two texts are taken for the same with
 * a probability of 1 to 37 million where there are a million of them.
 */
export class KeySet {
  /** Two halves of a hash in a row; both are zero where the slot is free. */
  #table = new Uint32Array(2 * FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What the table takes, in bytes. */
  get bytes(): number {
    return this.#table.byteLength;
  }

  /** @returns whether it is new */
  add(key: string): boolean {
    const [high, low] = halves(key);
    if (!insert(this.#table, this.#mask, high, low)) return false;
    this.#size++;
    if (this.#size > (this.#mask + 1) * FULLNESS) this.#grow();
    return true;
  }

  has(key: string): boolean {
    const [high, low] = halves(key);
    const at = slotOf(this.#table, this.#mask, high, low);
    return this.#table[at] !== 0 || this.#table[at + 1] !== 0;
  }

  #grow(): void {
    const slots = 2 * (this.#mask + 1);
    const table = new Uint32Array(2 * slots);
    for (let at = 0; at < this.#table.length; at += 2) {
      const [high, low] = [this.#table[at]!, this.#table[at + 1]!];
      if (high !== 0 || low !== 0) insert(table, slots - 1, high, low);
    }
    this.#table = table;
    this.#mask = slots - 1;
  }
}

/** 64 bits of the SHA-256 of a text, in two halves that are not both zero. */
const halves = (key: string): readonly [high: number, low: number] => {
  const digest = hash('sha256', key, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4) || 1];
};

/** Where the hash stands, or the free slot where it would stand. */
const slotOf = (table: Uint32Array, mask: number, high: number, low: number): number => {
  for (let slot = high & mask; ; slot = (slot + 1) & mask) {
    const at = 2 * slot;
    if (table[at] === high && table[at + 1] === low) return at;
    if (table[at] === 0 && table[at + 1] === 0) return at;
  }
};

const insert = (table: Uint32Array, mask: number, high: number, low: number): boolean => {
  const at = slotOf(table, mask, high, low);
  if (table[at] !== 0 || table[at + 1] !== 0) return false;
  table[at] = high;
  table[at + 1] = low;
  return true;
};
