import { crc32 } from 'node:zlib';
import type { UnzipFileInfo } from 'fflate';
import { BodyError, messageOf } from '../errors.ts';
import { wholeOf, type Body } from './body.ts';
import { unpacksTooLarge } from './gunzip.ts';
import { checksumsOf } from './zip-checksums.ts';

export interface ZipOptions {
  /**
   * Which members to unpack, by their full name with folders.
   *
   * @default all of them
   */
  readonly match?: RegExp;
  /**
   * The most bytes the matching members may unpack to, all together.
   *
   * @default 268435456 (256 MiB)
   */
  readonly maxBytes?: number;
}

/** A file of a zip archive. */
export interface ZipMember {
  /** With its folders, e.g. `2026/orders.csv`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of a zip archive, in the order of its directory; folders are not among them.
 *
 * The archive is held in memory as it came, packed, because its directory stands at its end; what is unpacked of it at
 * one time is one large member or some small ones.
 *
 * @throws BodyError when the archive is cut off or broken; ConnectorError when it unpacks to more than `maxBytes`
 */
export async function* readZip(
  body: Body,
  { match = /(?:)/, maxBytes = 256 * 1024 * 1024 }: ZipOptions = {},
): AsyncGenerator<ZipMember, void, undefined> {
  const { unzipSync } = await import('fflate');
  const archive = await wholeOf(body);
  const wanted = (name: string): boolean => !name.endsWith('/') && name.search(match) >= 0;
  const unpack = (pick: (file: UnzipFileInfo) => boolean) => {
    try {
      return unzipSync(archive, { filter: pick });
    } catch (cause) {
      throw new BodyError(`The zip archive of ${archive.length} bytes cannot be unpacked: ${messageOf(cause)}`, {
        cause,
      });
    }
  };

  const members: Expected[] = [];
  let place = 0;
  unpack(({ name, originalSize }) => {
    if (wanted(name)) members.push({ place, name, size: originalSize });
    place++;
    return false;
  });
  const checksums = members.length > 0 ? checksumsOf(archive) : [];
  // The directory is believed, because no member is unpacked into more bytes than it says.
  if (members.reduce((sum, { size }) => sum + size, 0) > maxBytes) throw unpacksTooLarge('zip archive', maxBytes);

  for (let first = 0; first < members.length;) {
    const batch = members.slice(first, endOfBatch(members, first));
    const places = new Set(batch.map((member) => member.place));
    let at = 0;
    const files = new Map(Object.entries(unpack(() => places.has(at++))));
    for (const member of batch) yield checked(member, files.get(member.name), checksums[member.place]);
    first += batch.length;
  }
}

/** What the directory of an archive says about one member. */
interface Expected {
  readonly place: number;
  readonly name: string;
  readonly size: number;
}

const checked = ({ name, size }: Expected, bytes: Uint8Array | undefined, checksum: number | undefined): ZipMember => {
  if (bytes?.length === size && crc32(bytes) === checksum) return { name, bytes };
  throw new BodyError(`The zip archive is broken: what "${name}" unpacks to is not what the directory says of it.`);
};

/** Members unpacked in one go: few enough to fit in memory well, enough not to read the directory once for each. */
const BATCH = 16 * 1024 * 1024;

const endOfBatch = (members: readonly Expected[], first: number): number => {
  let sum = members[first]?.size ?? 0;
  let end = first + 1;
  for (; end < members.length; end++) {
    sum += members[end]!.size;
    if (sum > BATCH) break;
  }
  return end;
};
