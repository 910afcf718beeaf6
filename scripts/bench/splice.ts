/**
 * Contestant (c), the floor: the bytes of each record go to stdout behind a prefix, and nothing is parsed.
 *
 * It knows that its pages have one flat shape; no connector could do only this.
 */
import { Agent } from 'node:http';

import { got } from 'got';

import { writeChunk } from './write-chunk.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const END_OF_LIST = 0x5d;
const SUFFIX = Buffer.from('}}\n');

const [listUrl] = process.argv.slice(2);
const client = got.extend({
  agent: { http: new Agent({ keepAlive: true }) },
  retry: { limit: 0 },
  responseType: 'buffer',
});

/** The place behind a string, given the place behind its opening quote. */
const skipString = (page: Uint8Array, from: number): number => {
  let at = from;
  while (page[at] !== QUOTE) at += page[at] === BACKSLASH ? 2 : 1;
  return at + 1;
};

/** The place behind an object, given the place of its opening brace. */
const skipObject = (page: Uint8Array, from: number): number => {
  let at = from;
  let depth = 0;
  do {
    const byte = page[at++];
    if (byte === QUOTE) at = skipString(page, at);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE) depth--;
  } while (depth > 0);
  return at;
};

/** The lines of one page. */
const splice = (page: Buffer): Buffer => {
  const prefix = Buffer.from(`{"type":"RECORD","record":{"stream":"customers","emitted_at":${Date.now()},"data":`);
  const lines = Buffer.allocUnsafe(page.length * 2);
  let length = 0;
  let at = page.indexOf('"data":[') + '"data":['.length;
  while (page[at] !== END_OF_LIST) {
    const start = page[at] === OPEN ? at : at + 1;
    at = skipObject(page, start);
    lines.set(prefix, length);
    length += prefix.length;
    length += page.copy(lines, length, start, at);
    lines.set(SUFFIX, length);
    length += SUFFIX.length;
  }
  return lines.subarray(0, length);
};

const nextPage = (page: Buffer): number | null => {
  const tail = page.toString('latin1', page.length - 60);
  const found = /"next_page":(\d+)\}$/.exec(tail);
  return found ? Number(found[1]) : null;
};

for (let number: number | null = 1; number !== null;) {
  const { body }: { body: Buffer } = await client(`${listUrl}&page=${number}`);
  await writeChunk(splice(body));
  number = nextPage(body);
}
