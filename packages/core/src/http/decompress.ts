import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { BodyError, ConnectorError, messageOf } from '../errors.ts';

/** Up to this size decompressing on the spot costs half of what the thread pool does. */
const SYNC_BYTES = 1024 * 1024;

interface Codec {
  readonly sync: (body: Uint8Array, options: zlib.ZlibOptions & zlib.BrotliOptions) => Buffer;
  readonly async: (body: Uint8Array, options: zlib.ZlibOptions & zlib.BrotliOptions) => Promise<Buffer>;
}

/** Since Node 22.15. */
const { zstdDecompressSync, zstdDecompress } = zlib as {
  readonly zstdDecompressSync?: Codec['sync'];
  readonly zstdDecompress?: typeof zlib.brotliDecompress;
};
const GZIP: Codec = { sync: zlib.gunzipSync, async: promisify(zlib.gunzip) };
const CODECS: Readonly<Record<string, Codec>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  deflate: { sync: zlib.inflateSync, async: promisify(zlib.inflate) },
  br: { sync: zlib.brotliDecompressSync, async: promisify(zlib.brotliDecompress) },
  ...(zstdDecompressSync && zstdDecompress && { zstd: { sync: zstdDecompressSync, async: promisify(zstdDecompress) } }),
};

/** The value of `accept-encoding`. */
export const supportedEncodings = ['gzip', 'deflate', 'br', 'zstd'].filter((name) => name in CODECS).join(', ');

/**
 * The body without its `content-encoding` (RFC 9110, section 8.4).
 *
 * @throws BodyError when it is cut off, broken, or in an unknown encoding; ConnectorError when it is larger than
 *   `maxBytes` once unpacked
 */
export const decompress = async (
  body: Uint8Array,
  encodings: string | undefined,
  maxBytes: number,
  request: string,
): Promise<Uint8Array> => {
  if (encodings === undefined || body.length === 0) return body;
  let bytes = body;
  for (const name of encodings.toLowerCase().split(',').toReversed()) {
    const encoding = name.trim();
    if (encoding === '' || encoding === 'identity') continue;
    const codec = CODECS[encoding];
    if (!codec) throw new BodyError(`${request}: the answer has the unknown content-encoding "${encoding}".`);
    try {
      const options = { maxOutputLength: maxBytes };
      bytes = bytes.length <= SYNC_BYTES ? codec.sync(bytes, options) : await codec.async(bytes, options);
    } catch (cause) {
      if (isTooLarge(cause)) throw bodyTooLarge(request, maxBytes);
      throw new BodyError(`${request}: the ${encoding} body cannot be decompressed: ${messageOf(cause)}`, { cause });
    }
  }
  return bytes;
};

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** Not sent again: it would be as large the next time. */
export const bodyTooLarge = (request: string, maxBytes: number): ConnectorError =>
  new ConnectorError(
    `${request}: the body is larger than ${maxBytes} bytes. Ask for smaller pages, or raise http.maxBodyBytes.`,
  );
