import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import type { CacheEntry } from './entry.ts';

/**
 * A file is: `HWRC`, the version of this layout (1 byte), the checksum of all behind it (32 bytes), the length of the
 * description (4 bytes, big-endian), the description as JSON, and the body.
 */
const MAGIC = Buffer.from('HWRC\u0002', 'latin1');
const CHECKSUM_END = MAGIC.length + 32;
const DESCRIPTION_START = CHECKSUM_END + 4;

/** Below it a body is stored as it is: it takes one block of the disk anyway. */
const SMALL_BODY = 1024;

interface Description extends Omit<CacheEntry, 'bytes' | 'memoryOnly'> {
  /** Bytes of the body before compression. */
  readonly size: number;
  readonly compressed: boolean;
}

/**
 * The file of an entry. Its checksum covers the key too, so that a file under another's name is not taken for an answer.
 *
 * Deflate at level 3, of the codecs of every runtime the kit supports: as small as brotli at quality 1 for pages of JSON
 * of 35 kB and of 350 kB, and unpacked in half the time, for which it packs in half as long again. An answer is packed
 * once and beside the writing of a file, and unpacked whenever it is needed.
 */
export const encodeEntry = async (entry: CacheEntry, key: string, secret: Uint8Array): Promise<Buffer> => {
  const { status, headers, url, storedAt, bytes } = entry;
  const packed = bytes.length < SMALL_BODY ? bytes : await compress(bytes);
  const compressed = packed.length < bytes.length;
  const description: Description = {
    status,
    headers,
    ...(url !== undefined && { url }),
    storedAt,
    size: bytes.length,
    compressed,
  };
  const text = Buffer.from(JSON.stringify(description));
  const body = compressed ? packed : bytes;
  const file = Buffer.allocUnsafe(DESCRIPTION_START + text.length + body.length);
  file.set(MAGIC);
  file.writeUInt32BE(text.length, CHECKSUM_END);
  file.set(text, DESCRIPTION_START);
  file.set(body, DESCRIPTION_START + text.length);
  file.set(checksum(file, key, secret), MAGIC.length);
  return file;
};

/** The entry in a file, or undefined where the file is not, byte for byte, what `encodeEntry` made for this key. */
export const decodeEntry = async (file: Buffer, key: string, secret: Uint8Array): Promise<CacheEntry | undefined> => {
  if (file.length < DESCRIPTION_START || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (!file.subarray(MAGIC.length, CHECKSUM_END).equals(checksum(file, key, secret))) return undefined;
  const bodyStart = DESCRIPTION_START + file.readUInt32BE(CHECKSUM_END);
  // The checksum has just proven that this text was written by `encodeEntry`.
  const description = JSON.parse(file.toString('utf8', DESCRIPTION_START, bodyStart)) as Description;
  const { size, compressed, ...entry } = description;
  const body = file.subarray(bodyStart);
  return { ...entry, bytes: compressed ? await decompress(body, size) : body };
};

/** To this size the work takes less time than handing it to another thread, and too little to hold up anything else. */
const AT_ONCE = 128 * 1024;
const LEVEL = 3;

const compressAside = promisify(deflateRaw);
const decompressAside = promisify(inflateRaw);

const compress = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const options = { level: LEVEL, chunkSize: Math.max(64, Math.min(bytes.length >> 2, AT_ONCE)) };
  return bytes.length <= AT_ONCE ? deflateRawSync(bytes, options) : compressAside(bytes, options);
};

const decompress = async (body: Uint8Array, size: number): Promise<Uint8Array> => {
  // One byte more than the body, else zlib makes room for another piece of that size to see that nothing follows.
  const options = { maxOutputLength: size, chunkSize: Math.min(size + 1, 8 * AT_ONCE) };
  return size <= AT_ONCE ? inflateRawSync(body, options) : decompressAside(body, options);
};

const checksum = (file: Buffer, key: string, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(key).update(file.subarray(CHECKSUM_END)).digest();
