import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BodyError, ConnectorError, messageOf } from '../errors.ts';
import { piecesOf, type Body } from './body.ts';

export interface GunzipOptions {
  /**
   * The most bytes the file may unpack to.
   *
   * @default 268435456 (256 MiB)
   */
  readonly maxBytes?: number;
}

/**
 * The bytes of a gzip file, unpacked as they are read. For a `.gz` file sent as a body; a `content-encoding` is undone
 * before any reader sees the body. A file of several members, one after the other, is read as one.
 *
 * @throws BodyError when the file is cut off or broken; ConnectorError when it unpacks to more than `maxBytes`
 */
export async function* gunzip(
  body: Body,
  { maxBytes = 256 * 1024 * 1024 }: GunzipOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacked = pipeline(Readable.from(piecesOf(body), { objectMode: false }), createGunzip(), () => {
    // A failure is thrown where the bytes are read.
  });
  let size = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) throw unpacksTooLarge('gzip file', maxBytes);
      yield chunk;
    }
  } catch (cause) {
    if (!isBroken(cause)) throw cause;
    throw new BodyError(`The gzip file cannot be unpacked after ${size} unpacked bytes: ${messageOf(cause)}`, {
      cause,
    });
  }
}

const isBroken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');

/** Not sent again: it would be as large the next time. */
export const unpacksTooLarge = (what: string, maxBytes: number): ConnectorError =>
  new ConnectorError(
    `The ${what} unpacks to more than ${maxBytes} bytes. Ask the API for smaller files, or raise maxBytes.`,
  );
