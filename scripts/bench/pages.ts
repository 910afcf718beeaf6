import { gzipSync } from 'node:zlib';

import { customer } from './records.ts';

/** How many different bodies there are for a page size; later pages repeat them, so that the server stays small. */
const DISTINCT_BODIES = 24;

/** The answer to one page, in two pieces that are sent one after the other. */
export interface Page {
  readonly body: Buffer;
  readonly tail: Buffer;
}

/** All pages of one size, serialised once. Page numbers start at 1. */
export class PageShelf {
  readonly #perPage: number;
  readonly #bodies: readonly Buffer[];
  readonly #gzipped = new Map<string, Page>();

  constructor(perPage: number) {
    this.#perPage = perPage;
    this.#bodies = Array.from({ length: DISTINCT_BODIES }, (_, block) => serialise(block * perPage, perPage));
  }

  /** The page, or nothing where the list does not have it. */
  page(number: number, total: number): Page | undefined {
    const last = total / this.#perPage;
    const body = this.#bodies[(number - 1) % DISTINCT_BODIES];
    if (!Number.isInteger(last) || number > last || body === undefined) return undefined;
    const next = number < last ? number + 1 : null;
    return { body, tail: Buffer.from(`],"has_more":${next !== null},"next_page":${next}}`) };
  }

  /** The page compressed whole, on first demand: the warm-up round pays for it, the measured rounds do not. */
  gzipped(number: number, total: number): Page | undefined {
    const key = `${number}/${total}`;
    const known = this.#gzipped.get(key);
    if (known) return known;
    const page = this.page(number, total);
    if (!page) return undefined;
    const made = { body: gzipSync(Buffer.concat([page.body, page.tail])), tail: Buffer.alloc(0) };
    this.#gzipped.set(key, made);
    return made;
  }
}

const serialise = (first: number, count: number): Buffer => {
  const records = Array.from({ length: count }, (_, offset) => JSON.stringify(customer(first + offset)));
  return Buffer.from(`{"object":"list","data":[${records.join(',')}`);
};
