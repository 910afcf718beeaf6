import { expect, test } from '@jest/globals';
import type { CacheEntry } from '../../../src/http/cache/entry.ts';
import { decodeEntry, encodeEntry } from '../../../src/http/cache/file.ts';

const SECRET = Buffer.alloc(32, 7);
const KEY = 'ab'.repeat(32);

const entryWith = (bytes: Uint8Array): CacheEntry => ({
  status: 200,
  headers: { 'content-type': 'application/json', link: '<https://api.test/next?ü=1>; rel="next"' },
  url: 'https://api.test/moved',
  storedAt: 1_790_000_000_000,
  bytes,
});

const noise = (length: number): Buffer => {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) & 255));
};

test.each([
  ['an empty body', Buffer.alloc(0)],
  ['a small body', Buffer.from('{"id":1}')],
  ['a body that compresses', Buffer.from('{"id":1},'.repeat(5000))],
  ['a body that does not compress', noise(5000)],
])('gives back %s', async (_name, bytes) => {
  const file = await encodeEntry(entryWith(bytes), KEY, SECRET);
  const entry = await decodeEntry(file, KEY, SECRET);

  expect(entry && { ...entry, bytes: Buffer.from(entry.bytes) }).toEqual(entryWith(bytes));
});

test('compresses a page of JSON and not a small body', async () => {
  const small = await encodeEntry(entryWith(Buffer.from('x'.repeat(1023))), KEY, SECRET);
  const page = await encodeEntry(entryWith(Buffer.from('x'.repeat(1024))), KEY, SECRET);

  expect(small.includes('x'.repeat(1023))).toBe(true);
  expect(page.length).toBeLessThan(small.length - 900);
});

test.each([
  ['small', Buffer.from('[{"id":1},{"id":2}]')],
  ['compressed', Buffer.from('{"name":"ü"},'.repeat(100))],
])('takes no %s file with a wrong byte, wherever it is', async (_name, bytes) => {
  const file = await encodeEntry(entryWith(bytes), KEY, SECRET);
  for (let position = 0; position < file.length; position++) {
    for (const change of [1, 128, 255]) {
      const corrupt = Buffer.from(file);
      corrupt[position]! ^= change;
      expect([position, await decodeEntry(corrupt, KEY, SECRET)]).toEqual([position, undefined]);
    }
  }
});

test('takes no file that is too short or too long, whatever its length', async () => {
  const file = await encodeEntry(entryWith(Buffer.from('[{"id":1}]')), KEY, SECRET);
  for (let length = 0; length < file.length; length++) {
    expect([length, await decodeEntry(file.subarray(0, length), KEY, SECRET)]).toEqual([length, undefined]);
  }
  expect(await decodeEntry(Buffer.concat([file, Buffer.alloc(1)]), KEY, SECRET)).toBeUndefined();
});

test('takes no file of another key, and none made with another secret', async () => {
  const file = await encodeEntry(entryWith(Buffer.from('[]')), KEY, SECRET);

  expect(await decodeEntry(file, 'cd'.repeat(32), SECRET)).toBeUndefined();
  expect(await decodeEntry(file, KEY, Buffer.alloc(32, 8))).toBeUndefined();
});
