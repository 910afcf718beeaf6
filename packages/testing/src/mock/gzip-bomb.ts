import { gzipSync } from 'node:zlib';

const BLOCK = 2 ** 20;

/**
 * Pieces of a gzip file that inflates to `size` blanks and then `content`. A gzip file may be made of many (RFC 1952,
 * 2.2), so that one small block is compressed once and sent again and again. Blanks, for JSON may begin with them.
 */
export const gzipBomb = function* (size: number, content: Buffer): Iterable<Buffer> {
  const block = gzipSync(Buffer.alloc(BLOCK, ' '));
  for (let left = Math.floor(size / BLOCK); left > 0; left -= 1) yield block;
  yield gzipSync(Buffer.concat([Buffer.alloc(size % BLOCK, ' '), content]));
};
